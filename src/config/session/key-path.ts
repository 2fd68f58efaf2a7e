import type { Place } from "../../diagnostic/diagnostic.ts";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/** Keys and indexes, from the top of a configuration down. */
export type KeyPath = readonly (string | number)[];

/** Where a configuration's text has a key or an item; null: nowhere. */
export type PlaceOf = (path: KeyPath) => Place | null;

/** Where a configuration came without its text. */
export const placeless: PlaceOf = () => null;

/** As one writes it: `agents.list.0.tools.deny`; keys that hold more than a name are quoted. */
export function formatKeyPath(path: KeyPath): string {
  return path
    .map((key, index) => {
      if (typeof key === "number" || /^[\w*-]+$/.test(key)) return `${index === 0 ? "" : "."}${key}`;
      return `[${escapeText(JSON.stringify(key))}]`;
    })
    .join("");
}

/** What a configuration holds at a path; `undefined` where it holds nothing. */
export function valueAt(config: unknown, path: KeyPath): unknown {
  let value = config;
  for (const key of path) {
    if (typeof key === "number") value = Array.isArray(value) ? value[key] : undefined;
    else value = ownValue(asObject(value), key);
  }
  return value;
}
