import { quoteValue } from "../diagnostic/quote-value.ts";
import type { InstallSpec } from "../skill/skill.ts";
import { archiveKindOf } from "./archive-kind.ts";
import type { DeclaredFile, Ecosystem, PackageRequest, ParsedPackage, Provision } from "./ecosystem.ts";
import { whyNotForPlatform } from "./release-platform.ts";

/** Release files that a skill names by their address. */
export const download: Ecosystem = {
  kind: "download",
  installKinds: ["download"],
  naming: "download",
  namesIn: ({ url }) => (url === undefined ? [] : [url]),
  parsePackage,
  provide,
  knownBins: () => null,
};

/** What a warning says of a download that nothing holds to one content. */
export const noDigest = "no sha256 is declared, so every build takes what the address gives";

// RFC 3986 without what a shell or a Dockerfile gives a meaning: no quotes, `$`, backslash, brackets or fragment.
const addressPattern = /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?\/[A-Za-z0-9._~!*()+,;=:@%/?&-]*$/;
const hostPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Names that only lead somewhere inside a network: RFC 6761, RFC 6762, RFC 8375, and what clouds use. */
const insideNames = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/;
const expected =
  "an https address of a public host, such as https://example.com/tool-1.2.3-linux-amd64.tar.gz";
const longest = 1000;

function parsePackage(text: string, spec?: InstallSpec): ParsedPackage {
  const reason = reasonAgainst(text);
  if (reason !== null) return { refused: reason, expected };
  const misplaced = reasonAgainstTarget(spec?.targetDir);
  if (misplaced !== null) return { refused: misplaced, expected: "a folder below its own, such as tools" };
  const { href } = new URL(text);
  return { package: { name: href, file: declaredFile(href, spec) } };
}

function reasonAgainst(text: string): string | null {
  if (!/^https:/i.test(text)) return "only https is fetched";
  if (!URL.canParse(text)) return "it is not an address";
  const { hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return "it holds a login";
  if (/^\[|^[\d.]+$/.test(hostname)) return "it names a machine by its number";
  if (insideNames.test(hostname) || !hostname.includes("."))
    return "it leads to a machine of the network inside";
  if (/[{}]|\$\(|%7B/i.test(text)) {
    return "a part of it stands for something else, and nothing says for what: name one address for each platform";
  }
  if (text.length > longest || !addressPattern.test(text) || !hostPattern.test(hostname)) {
    return "it has characters or a length that no plain address has";
  }
  return null;
}

/** Each download has a folder of its own here; an entry that would leave its own elsewhere means harm. */
function reasonAgainstTarget(targetDir: string | undefined): string | null {
  if (targetDir === undefined || !targetDir.split(/[/\\]/).includes("..")) return null;
  return `its targetDir ${quoteValue(targetDir)} leads out of its folder`;
}

function declaredFile(href: string, spec: InstallSpec | undefined): DeclaredFile {
  const { sha256 = null, stripComponents = 0, extract = true, archive, files = {} } = spec ?? {};
  const name = archive === undefined ? new URL(href).pathname : `.${archive.replace(/^\./, "")}`;
  return { sha256, stripComponents, archive: extract ? archiveKindOf(name) : null, files };
}

/** Formats that are neither a program nor an archive that is unpacked here. */
const otherFormats = /\.(?:7z|apk|appimage|bz2|deb|dmg|exe|gz|jar|msi|pkg|rar|rpm|tar|whl|xz|zst)$/i;

function provide({ bin, package: { name, file }, platform }: PackageRequest): Provision {
  const { sha256, archive, stripComponents, files } = file ?? declaredFile(name, undefined);
  const { pathname } = new URL(name);
  const unfit = whyNotForPlatform(pathname, platform);
  if (unfit !== null) return { failure: `${name} is ${unfit}` };
  const format = archive === null ? otherFormats.exec(pathname)?.[0] : undefined;
  if (format !== undefined) return { failure: `${name} is a ${format} file, which is not unpacked here` };
  return {
    recipe: {
      kind: "download",
      package: name,
      sha256,
      archive,
      stripComponents: archive === null ? 0 : stripComponents,
      bins: [bin],
      files,
    },
    ...(sha256 === null && { unpinned: noDigest }),
  };
}
