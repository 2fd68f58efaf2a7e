import { type CatalogRow, downloadRow } from "./catalog-row.ts";

// How projects call the two processors in the names of their files.
const goArch = { "linux/amd64": "amd64", "linux/arm64": "arm64" };
const unameArch = { "linux/amd64": "x86_64", "linux/arm64": "aarch64" };
const mixedArch = { "linux/amd64": "x86_64", "linux/arm64": "arm64" };

/**
 * Small programs that agents' skills are written for and whose authors publish files for Linux. Versions and digests are
 * those of the authors' own Homebrew formulas and release pages; where none is stated here, the first use records it.
 */
export const releaseTools: readonly CatalogRow[] = [
  downloadRow(
    {
      url: "https://github.com/steipete/camsnap/releases/download/v{version}/camsnap_{version}_linux_{arch}.tar.gz",
      version: "0.6.0",
      arch: goArch,
      sha256: {
        "linux/amd64": "98cd574b30bfbf3b15a8b50556e56d8422c29d616ebb37fbf3222cca8a369f42",
        "linux/arm64": "96b112bd1b657b2f32af7a09146883dc2b985eadfada28165cff2f75e3322543",
      },
      debian: ["ffmpeg"],
    },
    "camsnap",
    "frames of cameras; its author's release files",
    { namedAs: { brew: ["steipete/tap/camsnap"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/openclaw/goplaces/releases/download/v{version}/goplaces_{version}_linux_{arch}.tar.gz",
      version: "0.4.3",
      arch: goArch,
      sha256: {
        "linux/amd64": "d9d051fc3ee1c57d0853a90795f67ff19bab2474ceb5a7167bed1a56c7652396",
        "linux/arm64": "8d8cb6566c73dc83ffe0fc354e0432e4ee6737caa29c7247c6aaa121397819f2",
      },
    },
    "goplaces",
    "Google Places; its authors' release files",
    {
      namedAs: {
        brew: ["steipete/tap/goplaces", "openclaw/tap/goplaces"],
        go: ["github.com/steipete/goplaces/cmd/goplaces"],
      },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/openclaw/gogcli/releases/download/v{version}/gogcli_{version}_linux_{arch}.tar.gz",
      version: "0.39.1",
      arch: goArch,
      sha256: {
        "linux/amd64": "438efa460b8291f023299ad2ed5610701cad7508db88392039c0891e2175e3b1",
        "linux/arm64": "7c23b402c9234ba476e84b39ac6d875444b47ec516312a99e877e1386ba28295",
      },
    },
    "gog",
    "Google's services, as skills mean it; gog is also a shop for games",
    {
      namedAs: {
        brew: ["steipete/tap/gogcli", "openclaw/tap/gogcli", "gogcli"],
        go: ["github.com/steipete/gogcli/cmd/gog"],
      },
      versionArgs: { gog: ["--help"] },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/openclaw/spogo/releases/download/v{version}/spogo_{version}_linux_{arch}.tar.gz",
      version: "0.11.0",
      arch: goArch,
      sha256: {
        "linux/amd64": "6d8491505085c82efab90fc989ea332d15b43a6a8becfadfe9509e7dad25ce46",
        "linux/arm64": "b77a6c4d91badf3c84feba9c7bf827aa4fb1f84bb703ed35274e5cc345e5bf1f",
      },
    },
    "spogo",
    "Spotify; its authors' release files",
    {
      namedAs: {
        brew: ["steipete/tap/spogo", "openclaw/tap/spogo"],
        go: ["github.com/steipete/spogo/cmd/spogo"],
      },
      versionArgs: { spogo: ["--help"] },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/openclaw/discrawl/releases/download/v{version}/discrawl_{version}_linux_{arch}.tar.gz",
      version: "0.15.6",
      arch: goArch,
      sha256: {
        "linux/amd64": "fac6f74f50c2deb6bd2a86e257a686b65cc424cf589fba314cb17f1e19aa544d",
        "linux/arm64": "bb80618e7b260665bc589fc90194d1a9ec7a99b4f4e6b37d2c9cb0b58b7a4964",
      },
    },
    "discrawl",
    "Discord's history; its authors' release files",
    {
      namedAs: {
        brew: ["steipete/tap/discrawl", "openclaw/tap/discrawl"],
        go: ["github.com/steipete/discrawl/cmd/discrawl"],
      },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/steipete/sag/releases/download/v{version}/sag_{version}_linux_{arch}.tar.gz",
      version: "0.4.3",
      arch: goArch,
      sha256: {
        "linux/amd64": "3d76ab25e42605261a84c0e0f86c5a83ab18e697d1b0a774528eb261030c4de2",
        "linux/arm64": "176be4b6efd455f95d9ce3c4298000be96601c4d0d9769ad379131c8a509f5eb",
      },
      debian: ["libasound2"],
    },
    "sag",
    "ElevenLabs' speech; its author's release files",
    { namedAs: { brew: ["steipete/tap/sag"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/Yakitrak/obsidian-cli/releases/download/v{version}/obsidian-cli_{version}_linux_{arch}.tar.gz",
      version: "0.2.0",
      arch: goArch,
      sha256: {
        "linux/amd64": "20fff6f664f0c4b6eb15ccfedc0b0e4ab0172fcdadd993c02da649cce44e6c15",
        "linux/arm64": "4e598f661a3113e56f0d8cf8928bc35cef68b48d1800e808be0f164d99f588ef",
      },
    },
    "obsidian-cli",
    "Obsidian's vaults; its author's release files",
    {
      namedAs: {
        brew: ["yakitrak/yakitrak/obsidian-cli"],
        go: ["github.com/yakitrak/obsidian-cli"],
      },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/openhue/openhue-cli/releases/download/{version}/openhue_Linux_{arch}.tar.gz",
      version: "0.10",
      arch: mixedArch,
      sha256: {
        "linux/amd64": "ae57fdbdff74bb3b400dd0a89ee2b439699caa99110ca576753741c09380e742",
        "linux/arm64": "b58b4180728cbea6ac806dd8af1080bbdace76edcea77b61a1d08a26cd9716dd",
      },
    },
    "openhue",
    "Philips Hue; release files only, since its module has a name that cannot be fetched",
    {
      namedAs: {
        brew: ["openhue/cli/openhue-cli"],
        go: ["github.com/openhue/openhue-cli"],
      },
      versionArgs: { openhue: ["version"] },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/ryanchen01/mcd-cn/releases/download/v{version}/mcd-cn_{version}_linux_{arch}.tar.gz",
      version: "0.1.2",
      arch: goArch,
      sha256: {
        "linux/amd64": "a5785c7682464c6d9e42504c424c7274082a5e0d5cf5c138f459bbaa1978ae8e",
        "linux/arm64": "9fe8dfeacefa63b9f73cb15d149ebde95966fe56e4ef22be7539c0faccb7e478",
      },
    },
    "mcd-cn",
    "McDonald's China; its author's release files",
    { namedAs: { brew: ["ryanchen01/tap/mcd-cn"] }, versionArgs: { "mcd-cn": ["version"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/tessro/picoleaf/releases/download/v{version}/picoleaf_{version}_linux_{arch}.tar.gz",
      version: "1.4.0",
      arch: goArch,
    },
    "picoleaf",
    "Nanoleaf panels; its author's release files",
    { namedAs: { brew: ["paulrosania/command-home/picoleaf"] }, versionArgs: { picoleaf: ["--help"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/pimalaya/himalaya/releases/download/v{version}/himalaya.{arch}-linux.tgz",
      version: "1.2.0",
      arch: unameArch,
      sha256: {
        "linux/amd64": "e04e6382e3e664ef34b01afa1a2216113194a2975d2859727647b22d9b36d4e4",
        "linux/arm64": "643020b220991fac67726f3be11310fcf806e757feadbbab3efbddd713597872",
      },
    },
    "himalaya",
    "mail; the newest whose commands are still those of version 1",
    { namedAs: { brew: ["himalaya"], cargo: ["himalaya"] }, publishedAs: { cargo: "himalaya" } },
  ),
  downloadRow(
    {
      url: "https://github.com/anza-xyz/agave/releases/download/v{version}/solana-release-{arch}-unknown-linux-gnu.tar.bz2",
      version: "3.1.14",
      arch: { "linux/amd64": "x86_64" },
      sha256: {
        "linux/amd64": "06f97c065cc977cbec2f13ffc9bc9d3b92fef485431fcb370a269de69532ef51",
      },
      stripComponents: 1,
      files: { solana: "bin/solana", "solana-keygen": "bin/solana-keygen" },
      debian: ["libudev1"],
    },
    "solana solana-keygen",
    "Solana's own release files",
    { namedAs: { brew: ["solana"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/treeline-money/treeline/releases/latest/download/tl-linux-x64",
      version: null,
      arch: { "linux/amd64": "x64" },
    },
    "tl",
    "Treeline's CLI, which its author publishes as a release file",
    { confusedWith: "Teal, which compiles a typed Lua", homepages: ["treeline.money"] },
  ),
  downloadRow(
    {
      url: "https://github.com/joelkuijper/trein/releases/latest/download/trein-linux-{arch}",
      version: null,
      arch: { "linux/amd64": "x64" },
    },
    "trein",
    "Dutch trains; its author's release files",
  ),
];
