import { readdirSync, readlinkSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { errnoOf } from "../../host/file-problem.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { formatAddress, unmapAddress } from "../browser/web-proxy/parse-address.ts";
import type { HostListeners, Listener } from "./host-listeners.ts";

/**
 * What listens here by TCP, as the kernel tells it to everybody; programs where this user may look at them. Null where
 * there is no `/proc` to ask. `proc`: for tests.
 */
export function readHostListeners(proc = "/proc"): HostListeners | null {
  const tables = ["tcp", "tcp6"].map((name) => readText(join(proc, "net", name)));
  const routes = readText(join(proc, "net", "fib_trie"));
  if (tables[0] === null || routes === null) return null;
  const sockets = tables.flatMap((table) => readSockets(table ?? ""));
  const programs = findPrograms(proc, new Set(sockets.map(({ inode }) => inode)));
  const listeners = sockets
    .map(({ inode, ...socket }): Listener => ({ ...socket, program: programs.get(inode) ?? null }))
    .sort((left, right) => left.port - right.port);
  const cards = readText(join(proc, "net", "if_inet6")) ?? "";
  return { listeners, addresses: new Set([...readAddresses(routes), ...readAddressesOfIpv6(cards)]) };
}

function readText(path: string): string | null {
  const read = readRegularFile(path, maxTableBytes);
  return read.ok ? read.bytes.toString("utf8") : null;
}

const maxTableBytes = 16 * 2 ** 20;

/** Lines as proc(5) describes them: a number, the local address and port, the remote one, the state, … the inode. */
function readSockets(table: string): readonly (Omit<Listener, "program"> & { readonly inode: string })[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== listenState || !/^(?:[0-9A-F]{8}){1,4}$/.test(address)) return [];
    return [{ address: toAddress(address), port: Number.parseInt(port, 16), inode }];
  });
}

const listenState = "0A";

/** Each 32 bits are written as a number of this machine's. */
function toAddress(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  return formatAddress(unmapAddress(endianness() === "LE" ? bytes.swap32() : bytes));
}

/** The table of routes has each address once, and below it what it is. */
function readAddresses(routes: string): readonly string[] {
  return [...routes.matchAll(/\|-- ([\d.]+)\n(?:\s+\/\d+ (?!host LOCAL).*\n)*\s+\/32 host LOCAL/g)].map(
    ([, address = ""]) => address,
  );
}

/** A line for each, which begins with its 128 bits. */
function readAddressesOfIpv6(cards: string): readonly string[] {
  return [...cards.matchAll(/^[0-9a-f]{32}(?= )/gm)].map(([hex]) => formatAddress(Buffer.from(hex, "hex")));
}

/** By the inodes of their sockets. */
function findPrograms(proc: string, inodes: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pid of listReadable(proc).filter((name) => /^\d+$/.test(name))) {
    const folder = join(proc, pid, "fd");
    for (const fd of listReadable(folder)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(join(folder, fd)))?.[1] ?? "";
      if (!inodes.has(inode) || found.has(inode)) continue;
      const name = readText(join(proc, pid, "comm"))?.trim();
      if (name !== undefined) found.set(inode, name);
    }
  }
  return found;
}

/** Nothing of another user's process, nor of one that has ended. */
function listReadable(dir: string): readonly string[] {
  return unlessGone(() => readdirSync(dir), []);
}

function readLink(path: string): string {
  return unlessGone(() => readlinkSync(path), "");
}

function unlessGone<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch (error) {
    if (["EACCES", "EPERM", "ENOENT", "ESRCH", "EINVAL"].includes(errnoOf(error))) return otherwise;
    throw error;
  }
}
