/** Null unless it is an object that JSON could have made. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Own keys only: `constructor` and `__proto__` are not settings that someone wrote. */
export function ownValue(object: Readonly<Record<string, unknown>> | null, key: string): unknown {
  return object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
}
