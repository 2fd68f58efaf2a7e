import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { KeyPath } from "../session/key-path.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the value of a setting may be, and how it is read. */
export interface Kind<T> {
  /** What belongs there, for messages and documentation: `a number above 0`. */
  readonly expected: string;
  /** For editors: at least as wide as what is taken. */
  readonly schema: JsonSchema;
  /** Such values may hold secrets: messages and listings leave them out. */
  readonly isPrivate: boolean;
  read(written: unknown): ReadValue<T>;
  /** The value as one would write it; null where nothing is set. */
  print(value: T): unknown;
}

/** For values that are written as they are. */
export function printAsIs(value: unknown): unknown {
  return value;
}

export type ReadValue<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Why a value, or a part of it, is not taken. */
export interface Fault {
  /** Of the part, from the value. */
  readonly path: KeyPath;
  readonly code: DiagnosticCode;
  /** Goes on after `"docker.memory" is "1e9g": `. */
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
}

export function taken<T>(value: T): ReadValue<T> {
  return { ok: true, value };
}

export function refused(code: DiagnosticCode, why: string, fix: string): ReadValue<never> {
  return { ok: false, faults: [{ path: [], code, why, fix }] };
}

/** A value of another type or form. */
export function unexpected(expected: string): ReadValue<never> {
  return refused("CONFIG_VALUE_INVALID", `that is not ${expected}`, `Write ${expected}.`);
}

/** The faults of a part of a value, as the value's own. */
export function faultsOf(read: ReadValue<unknown>, path: KeyPath): readonly Fault[] {
  return read.ok ? [] : read.faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
}
