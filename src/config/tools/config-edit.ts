import { asObject, ownValue } from "../../skill/own-value.ts";
import type { KeyPath } from "../session/key-path.ts";

/** One change of a configuration. */
export type ConfigEdit =
  /** Puts an entry at the end of a list, which is made where it is missing. */
  | { readonly op: "add"; readonly path: KeyPath; readonly value: string }
  /** Takes an entry out of a list; those in `keep` take its place. */
  | {
      readonly op: "remove";
      readonly path: KeyPath;
      readonly value: string;
      readonly keep: readonly string[];
    }
  /** Puts a value where another is, or none. */
  | { readonly op: "set"; readonly path: KeyPath; readonly value: unknown };

/** The configuration with these changes; the one that is given stays as it is. */
export function applyConfigEdits(config: unknown, edits: readonly ConfigEdit[]): unknown {
  return edits.reduce(
    (changed, edit) => updateAt(changed, edit.path, (value) => change(value, edit)),
    config,
  );
}

function updateAt(value: unknown, [key, ...below]: KeyPath, update: (value: unknown) => unknown): unknown {
  if (key === undefined) return update(value);
  if (typeof key === "number") {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[key] = updateAt(list[key], below, update);
    return list;
  }
  const object = asObject(value);
  return { ...object, [key]: updateAt(ownValue(object, key), below, update) };
}

function change(value: unknown, edit: ConfigEdit): unknown {
  if (edit.op === "set") return edit.value;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (edit.op === "add") return [...list, edit.value];
  return list.flatMap((entry): readonly unknown[] => (entry === edit.value ? edit.keep : [entry]));
}
