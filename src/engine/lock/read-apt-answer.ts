import { compareText } from "../../diagnostic/compare-text.ts";
import type { DebianLock, LockedDeb, ToolchainLock } from "../../plan/part-lock.ts";

/** What a container of the image below has said: see `aptLockScript`. */
export interface AptAnswer {
  /** Packages of the image below → versions. */
  readonly below: ReadonlyMap<string, string>;
  /** By id of a layer or toolchain. */
  readonly parts: ReadonlyMap<string, DebianLock | ToolchainLock>;
}

export function readAptAnswer(text: string): AptAnswer {
  const archives: string[] = [];
  const below = new Map<string, string>();
  const lists = new Map<string, Map<string, LockedDeb[]>>();
  let current: LockedDeb[] = [];
  for (const line of text.split("\n")) {
    const [word, first = "", second = ""] = line.split(" ");
    if (word === "archive") archives.push(withoutLogin(first));
    else if (word === "has") below.set(first, second);
    else if (word === "part") {
      current = [];
      lists.set(first, (lists.get(first) ?? new Map<string, LockedDeb[]>()).set(second, current));
    } else if (line.startsWith("'")) current.push(readFileLine(line, archives));
  }
  const parts = [...lists].map(([id, byRole]) => [id, toLock(byRole)] as const);
  return { below, parts: new Map(parts) };
}

/** `'http://host/debian/pool/…/jq_1.6-2.1_amd64.deb' jq_1.6-2.1_amd64.deb 64828 SHA256:…` */
const fileLine =
  /^'(?<address>[^']+)' (?<name>[^_ ]+)_(?<version>[^_ ]+)_(?<architecture>[^_ ]+)\.deb (?<size>\d+) SHA256:(?<sha256>[0-9a-f]{64})$/;

function readFileLine(line: string, archives: readonly string[]): LockedDeb {
  const {
    address = "",
    name = "",
    version = "",
    architecture = "",
    size,
    sha256 = "",
  } = fileLine.exec(line)?.groups ?? {};
  const plain = decodeURIComponent(withoutLogin(address));
  const base = archives.find((archive) => plain.startsWith(archive)) ?? "";
  return {
    name,
    version: decodeURIComponent(version),
    architecture,
    archive: base.replace(/\/+$/, "").replace(/^.*\//, ""),
    path: plain.slice(base.length).replace(/^\/+/, ""),
    sha256,
    sizeBytes: Number(size ?? 0),
  };
}

function withoutLogin(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/, "$1");
}

function toLock(byRole: ReadonlyMap<string, readonly LockedDeb[]>): DebianLock | ToolchainLock {
  const sorted = (role: string) => [...(byRole.get(role) ?? [])].sort(byName);
  if (byRole.has("layer")) return { kind: "debian", packages: sorted("layer") };
  return { kind: "toolchain", installed: sorted("installed"), unpacked: sorted("unpacked") };
}

function byName(left: LockedDeb, right: LockedDeb): number {
  return compareText(left.name, right.name) || compareText(left.architecture, right.architecture);
}
