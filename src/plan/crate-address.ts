import type { LockedCrate } from "./part-lock.ts";

/**
 * Where a crate's file is, from what a registry's configuration says of all (The Cargo Book, "Index Configuration"): a
 * template, or an address to which name, version and `download` are added.
 */
export function crateAddress(store: string, { sha256, entry: { name, vers } }: LockedCrate): string {
  const prefix = cratePrefix(name);
  const values: Readonly<Record<string, string>> = {
    crate: name,
    version: vers,
    prefix,
    lowerprefix: prefix.toLowerCase(),
    "sha256-checksum": sha256,
  };
  const filled = store.replace(/\{([a-z0-9-]+)\}/g, (marker, word: string) => values[word] ?? marker);
  return filled === store ? `${store.replace(/\/+$/, "")}/${name}/${vers}/download` : filled;
}

/** The folder of an index that a crate is in: `1`, `2`, `3/a`, `ab/cd`. */
export function cratePrefix(name: string): string {
  if (name.length < 3) return String(name.length);
  return name.length === 3 ? `3/${name.slice(0, 1)}` : `${name.slice(0, 2)}/${name.slice(2, 4)}`;
}
