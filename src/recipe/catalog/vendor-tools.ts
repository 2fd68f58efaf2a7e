import { type CatalogRow, downloadRow } from "./catalog-row.ts";

// How vendors call the two processors in the names of their files.
const goArch = { "linux/amd64": "amd64", "linux/arm64": "arm64" };
const unameArch = { "linux/amd64": "x86_64", "linux/arm64": "aarch64" };
const mixedArch = { "linux/amd64": "x86_64", "linux/arm64": "arm64" };

/** Well-known programs that their vendors publish as files for Linux; versions and digests as in `release-tools.ts`. */
export const vendorTools: readonly CatalogRow[] = [
  downloadRow(
    {
      url: "https://cache.agilebits.com/dist/1P/op2/pkg/v{version}/op_linux_{arch}_v{version}.zip",
      version: "2.32.1",
      arch: goArch,
      sha256: {
        "linux/amd64": "64a49db2d1b0333f3bee88546e3e84995e530e25f2c783fb5d4081d01a05b2a1",
        "linux/arm64": "cf6d114b12079ba5ac4f3ea6c69d331c06565c361aeae77f8c20868bd94c9885",
      },
    },
    "op",
    "1Password's own release files; the op that Debian had manages privileges",
    { namedAs: { brew: ["1password-cli"], apt: ["op", "1password-cli"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/duckdb/duckdb/releases/download/v{version}/duckdb_cli-linux-{arch}.zip",
      version: "1.4.2",
      arch: goArch,
      sha256: {
        "linux/amd64": "fae3ba93eedf20b08bca4b23aeac1ba94c446f1c10d029c193e2fc4b4e0bc1bc",
        "linux/arm64": "2b62c2fa4cb2f2e76e937b3b4baf20259cf6a5370e07ff310008ca9d5d6009c4",
      },
    },
    "duckdb",
    "DuckDB's own release files",
  ),
  downloadRow(
    {
      url: "https://github.com/charmbracelet/glow/releases/download/v{version}/glow_{version}_Linux_{arch}.tar.gz",
      version: "3.0.0",
      arch: mixedArch,
      sha256: {
        "linux/amd64": "13e05e4b2acc18d2aee44291aefe6325b077ec321b631a0cfa780e8e3bc33f78",
        "linux/arm64": "810c39f4691feb75e675a5f5f54b9fa091354e7599d9cf9c9fc9b97e47a99759",
      },
    },
    "glow",
    "Markdown in the terminal; its authors' release files",
    { namedAs: { brew: ["charmbracelet/tap/glow"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/supabase/cli/releases/download/v{version}/supabase_{version}_linux_{arch}.tar.gz",
      version: "2.106.0",
      arch: goArch,
      sha256: {
        "linux/amd64": "1d6c0016fa0620e64814b63809d0d56a83b325bf261871957b8c2f293ba87572",
        "linux/arm64": "169304576f8c5f7f309b5677e9f4353b33da73a77a6f1605a3f8e1dd3153ce3b",
      },
    },
    "supabase",
    "Supabase's own release files",
    { namedAs: { brew: ["supabase/tap/supabase"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/ankitpokhrel/jira-cli/releases/download/v{version}/jira_{version}_linux_{arch}.tar.gz",
      version: "1.7.0",
      arch: mixedArch,
      sha256: {
        "linux/amd64": "b5e0ba4804f3f11f92c483d9a6ea9ebccec1c735cd2e12b0440cab9d7afd626a",
        "linux/arm64": "80aa3cc02790892b29e1580a8e49eb49a6550815b362c5ef8c05aea1dee73a95",
      },
    },
    "jira",
    "ankitpokhrel's client for Jira; its author's release files",
    {
      namedAs: { brew: ["jira-cli", "ankitpokhrel/jira-cli/jira-cli"] },
      confusedWith: "several other clients for Jira, among them an npm package",
      versionArgs: { jira: ["version"] },
    },
  ),
  downloadRow(
    {
      url: "https://releases.hashicorp.com/terraform/{version}/terraform_{version}_linux_{arch}.zip",
      version: "1.9.8",
      arch: goArch,
    },
    "terraform",
    "HashiCorp's own release files",
    { namedAs: { brew: ["terraform", "hashicorp/tap/terraform"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/superfly/flyctl/releases/download/v{version}/flyctl_{version}_Linux_{arch}.tar.gz",
      version: "0.1.69",
      arch: mixedArch,
      sha256: {
        "linux/amd64": "c87afcac6e66891ed8f6bbc169234d7a2296ae7b9d34bfc6d9d02434de880ebf",
        "linux/arm64": "a876e6f18b845083893047fc139343d290602884917455419380768f7ff5af30",
      },
      files: { flyctl: "flyctl", fly: "flyctl" },
    },
    "flyctl fly",
    "Fly's own release files",
    {
      namedAs: { brew: ["flyctl", "superfly/tap/flyctl"] },
      versionArgs: { flyctl: ["version"], fly: ["version"] },
    },
  ),
  downloadRow(
    {
      url: "https://github.com/PowerShell/PowerShell/releases/download/v{version}/powershell-{version}-linux-{arch}.tar.gz",
      version: "7.4.6",
      arch: { "linux/amd64": "x64", "linux/arm64": "arm64" },
      debian: ["libicu72"],
    },
    "pwsh",
    "Microsoft's own release files",
    { namedAs: { brew: ["powershell"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/cloudflare/cloudflared/releases/download/{version}/cloudflared-linux-{arch}",
      version: "2024.12.2",
      arch: goArch,
    },
    "cloudflared",
    "Cloudflare's own release files",
  ),
  downloadRow(
    {
      url: "https://github.com/opentofu/opentofu/releases/download/v{version}/tofu_{version}_linux_{arch}.zip",
      version: "1.8.5",
      arch: goArch,
    },
    "tofu",
    "OpenTofu's own release files",
    { namedAs: { brew: ["opentofu"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/denoland/deno/releases/download/v{version}/deno-{arch}-unknown-linux-gnu.zip",
      version: "2.1.1",
      arch: unameArch,
    },
    "deno",
    "Deno's own release files",
  ),
  downloadRow(
    {
      url: "https://github.com/stripe/stripe-cli/releases/download/v{version}/stripe_{version}_linux_{arch}.tar.gz",
      version: "1.27.0",
      arch: mixedArch,
    },
    "stripe",
    "Stripe's own release files",
    { namedAs: { brew: ["stripe/stripe-cli/stripe"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/aquasecurity/trivy/releases/download/v{version}/trivy_{version}_Linux-{arch}.tar.gz",
      version: "0.57.1",
      arch: { "linux/amd64": "64bit", "linux/arm64": "ARM64" },
    },
    "trivy",
    "Aqua's own release files",
    { namedAs: { brew: ["aquasecurity/trivy/trivy"] } },
  ),
  downloadRow(
    {
      url: "https://github.com/tsl0922/ttyd/releases/download/{version}/ttyd.{arch}",
      version: "1.7.7",
      arch: unameArch,
    },
    "ttyd",
    "a terminal on the web; its author's release files",
  ),
];
