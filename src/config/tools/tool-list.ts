import { asObject, ownValue } from "../../skill/own-value.ts";
import type { KeyPath } from "../session/key-path.ts";
import { canonicalToolName, coversTool } from "./tool-name.ts";

/** A list of tools, as written or by default. */
export interface ToolList {
  /** Where it is written, or would be. */
  readonly path: KeyPath;
  /** False: nobody has written it, and it is the gateway's own. */
  readonly isWritten: boolean;
  /** False: something else than a list of texts stands there. It lets nothing through. */
  readonly isReadable: boolean;
  readonly entries: readonly ToolEntry[];
}

export interface ToolEntry {
  readonly written: string;
  /** As it is compared. */
  readonly name: string;
  readonly index: number;
}

/** The lists of one place, such as `tools` or `agents.list.0.tools`. */
export interface ToolPolicy {
  readonly path: KeyPath;
  /** Anything; null: none. */
  readonly profile: unknown;
  readonly allow: ToolList | null;
  readonly alsoAllow: ToolList | null;
  readonly deny: ToolList | null;
}

/** Reads the lists at a place. What is there and is no map of settings lets nothing through, like a list that is none. */
export function readToolPolicy(value: unknown, path: KeyPath): ToolPolicy {
  const settings = asObject(value);
  const unreadable = value !== undefined && settings === null;
  const list = (name: string) => readToolList(ownValue(settings, name), [...path, name]);
  return {
    path,
    profile: ownValue(settings, "profile") ?? null,
    allow: unreadable ? { path, isWritten: true, isReadable: false, entries: [] } : list("allow"),
    alsoAllow: list("alsoAllow"),
    deny: list("deny"),
  };
}

/** A list that the gateway takes where nothing is written at a path. */
export function defaultToolList(names: readonly string[], path: KeyPath): ToolList {
  return { ...listOf(names, path), isWritten: false };
}

/** The entries that mean a tool. */
export function entriesFor(tool: string, { entries }: ToolList): readonly ToolEntry[] {
  return entries.filter(({ name }) => coversTool(name, tool));
}

function readToolList(value: unknown, path: KeyPath): ToolList | null {
  if (value === undefined) return null;
  const names = Array.isArray(value) ? value.filter(isName) : [];
  const isReadable = Array.isArray(value) && names.length === value.length;
  return { ...listOf(names, path), isReadable };
}

function listOf(names: readonly string[], path: KeyPath): ToolList {
  const entries = names.map((written, index) => ({ written, name: canonicalToolName(written), index }));
  return { path, isWritten: true, isReadable: true, entries };
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
