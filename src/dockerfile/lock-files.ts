import { crateAddress, cratePrefix } from "../plan/crate-address.ts";
import { npmLockFiles } from "../plan/npm-lock-files.ts";
import type { CargoLock, LockedDeb, LockedWheel, PartLock } from "../plan/part-lock.ts";
import type { NetworkSettings } from "./network-settings.ts";

/** A stage's lock as the files that its step reads: name → text. A layer, and a download, have theirs in their command. */
export function lockFiles(lock: PartLock, network: NetworkSettings): (readonly [string, string])[] {
  switch (lock.kind) {
    case "debian":
    case "download":
      return [];
    case "toolchain":
      return [
        ["installed", lines(lock.installed.map(debLine))],
        ["unpacked", lines(lock.unpacked.map(debLine))],
      ];
    case "npm": {
      const { packageJson, packageLock } = npmLockFiles(lock);
      return [
        ["package.json", packageJson],
        ["package-lock.json", packageLock],
      ];
    }
    case "python":
      return [
        ["requirements.txt", lines(lock.packages.map(requirement))],
        ["addresses.txt", lines(addresses(lock.packages, network))],
      ];
    case "go":
      return [["go.sum", lines(lock.sums)]];
    case "cargo":
      return crateFiles(lock, network);
  }
}

/** Which files are needed, and an index that has nothing else. */
function crateFiles(
  { store, crates }: CargoLock,
  { cargoRegistry }: NetworkSettings,
): (readonly [string, string])[] {
  const root = new URL(cargoRegistry ?? publicStore).origin;
  const list = crates
    .filter(({ unused }) => unused !== true)
    .map((crate) => {
      const address = crateAddress(store, crate);
      return `${crate.sha256} ${crate.file} ${address.startsWith("/") ? `${root}${address}` : address}`;
    });
  const index = new Map<string, string[]>();
  for (const { entry } of crates) {
    const path = `index/${cratePrefix(entry.name)}/${entry.name}`.toLowerCase();
    index.set(path, [...(index.get(path) ?? []), JSON.stringify(entry)]);
  }
  return [
    ["crates.txt", lines(list)],
    ...[...index].map(([path, entries]) => [path, lines(entries)] as const),
  ];
}

const publicIndex = "https://pypi.org";
const publicStore = "https://static.crates.io/crates";

/** What a locked step needs to know of a Debian package: its archive, its path there, its digest. */
export function debWords({ archive, path, sha256 }: LockedDeb): string[] {
  return [archive, path, sha256];
}

function debLine(deb: LockedDeb): string {
  return debWords(deb).join(" ");
}

function requirement({ name, version, sha256 }: LockedWheel): string {
  return `${name}==${version} --hash=sha256:${sha256}`;
}

function addresses(wheels: readonly LockedWheel[], { pythonIndex }: NetworkSettings): string[] {
  return wheels.map(({ url, sha256 }) => {
    const address = new URL(url, pythonIndex ?? publicIndex);
    // pip knows the password of its index, and uses it for every file of that host.
    address.username = "";
    address.password = "";
    return `${address.href}#sha256=${sha256}`;
  });
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
