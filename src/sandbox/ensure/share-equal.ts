import { ownValue } from "../../skill/own-value.ts";

/**
 * Plain data as it is, but that every part which equals the model's at the same place is the model's own. Sandboxes of one
 * agent differ in some names: held to one model, a thousand of them are those names in memory, and not a thousand plans.
 */
export function shareEqual<Value>(value: Value, model: unknown): Value {
  return share(value, model) as Value;
}

function share(value: unknown, model: unknown): unknown {
  // Of two equal strings one is kept.
  if (Object.is(value, model)) return model;
  if (Array.isArray(value)) return shareItems(value, Array.isArray(model) ? model : []);
  return isPlain(value) ? shareProperties(value, isPlain(model) ? model : {}) : value;
}

function shareItems(items: readonly unknown[], model: readonly unknown[]): readonly unknown[] {
  const shared = items.map((item, index) => share(item, model[index]));
  return isSameList(shared, model) ? model : shared;
}

/** Nothing is made for what is the model's: most of a sandbox is, at every turn of its session. */
function shareProperties(value: PlainObject, model: PlainObject): PlainObject {
  const keys = Object.keys(value);
  let isSame = isSameList(keys, Object.keys(model));
  const items = keys.map((key) => {
    const item = share(value[key], ownValue(model, key));
    isSame &&= Object.is(item, model[key]);
    return item;
  });
  return isSame ? model : Object.fromEntries(keys.map((key, index) => [key, items[index]]));
}

/** The very same parts, not equal ones. */
function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => Object.is(item, right[index]));
}

type PlainObject = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
