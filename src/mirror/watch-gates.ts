import { basename } from "node:path";
import type { FolderEar, Listen } from "./watch-folder.ts";
import { type Gate, locateRoot, type RootPlace, type SkillRoot } from "./watched-place.ts";

export interface GuardedPlace extends RootPlace {
  /** False where this user may not listen to a folder on the way. */
  readonly complete: boolean;
}

/** Listens to the folders that lead to roots. Roots share them. */
export interface Gates<Key> {
  /** Finds a root, and from then on listens to every step of the way to it. Throws the system's error at its limits. */
  guard(key: Key, root: SkillRoot): GuardedPlace;
  release(key: Key): void;
}

/** `onMove` hears of roots that may be elsewhere now. */
export function createGates<Key>(listen: Listen, onMove: (key: Key) => void): Gates<Key> {
  const doors = new Map<string, Door<Key>>();
  const ways = new Map<Key, readonly Gate[]>();

  function listenAlong(key: Key, gates: readonly Gate[]): boolean {
    const previous = ways.get(key) ?? [];
    for (const { dir } of previous) doors.get(dir)?.names.delete(key);
    ways.set(key, gates);
    const heard = gates.map((gate) => open(gate, key));
    for (const { dir } of previous) shutIfUnused(dir);
    return heard.every(Boolean);
  }

  function open({ dir, name }: Gate, key: Key): boolean {
    const door = doors.get(dir) ?? { ear: null, names: new Map() };
    doors.set(dir, door);
    door.names.set(key, (door.names.get(key) ?? new Set()).add(name));
    door.ear ??= listen(dir, (heard) => onHeard(dir, door, heard));
    return door.ear !== null;
  }

  function onHeard(dir: string, door: Door<Key>, heard: string | null): void {
    // Under its own name a folder tells its own end, and then nothing any more.
    const ended = heard === null || heard === basename(dir);
    if (ended) silence(door);
    for (const [key, names] of door.names) if (ended || names.has(heard)) onMove(key);
  }

  function shutIfUnused(dir: string): void {
    const door = doors.get(dir);
    if (door === undefined || door.names.size > 0) return;
    silence(door);
    doors.delete(dir);
  }

  return {
    guard: (key, root) => {
      let place = locateRoot(root);
      // What changed before we listened is seen by looking once more.
      for (let round = 1; ; round += 1) {
        const complete = listenAlong(key, place.gates);
        const again = locateRoot(root);
        if (round === maxRounds || isSamePlace(again, place)) return { ...again, complete };
        place = again;
      }
    },
    release: (key) => {
      for (const { dir } of ways.get(key) ?? []) {
        doors.get(dir)?.names.delete(key);
        shutIfUnused(dir);
      }
      ways.delete(key);
    },
  };
}

interface Door<Key> {
  ear: FolderEar | null;
  /** Of the entries that matter, for each root. */
  readonly names: Map<Key, Set<string>>;
}

/** Whoever changes the way more often is heard by the gates that are there by then. */
const maxRounds = 3;

function silence<Key>(door: Door<Key>): void {
  door.ear?.close();
  door.ear = null;
}

function isSamePlace(left: RootPlace, right: RootPlace): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
