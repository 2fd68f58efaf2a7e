import { lstatSync, readdirSync, readlinkSync } from "node:fs";

/**
 * Everything below a folder that shows whether it was touched: identity, mode, owner, size and the times that no program
 * can set back. Names that are not UTF-8 are kept apart. Equal snapshots: nothing was written, made, removed or changed.
 */
export function snapshotTree(dir: string): Record<string, string> {
  const seen: Record<string, string> = {};
  visit(Buffer.from(dir), seen);
  return seen;
}

function visit(path: Buffer, seen: Record<string, string>): void {
  const stats = lstatSync(path, { bigint: true });
  const { ino, mode, uid, gid, size, nlink, mtimeNs, ctimeNs } = stats;
  const target = stats.isSymbolicLink() ? readlinkSync(path) : "";
  seen[path.toString("latin1")] = [ino, mode, uid, gid, size, nlink, mtimeNs, ctimeNs, target].join(" ");
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(path, { encoding: "buffer" })) {
    visit(Buffer.concat([path, Buffer.from("/"), name]), seen);
  }
}
