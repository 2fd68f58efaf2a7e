/**
 * A map of secrets that does not show them where it is printed by mistake: `JSON.stringify` gives `{}` of every map, and
 * this one keeps its values from `console.log` and `util.inspect` too.
 */
export function hideValues(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const hidden = new Map(values);
  Object.defineProperty(hidden, Symbol.for("nodejs.util.inspect.custom"), {
    value: () => `Map(${hidden.size}) { hidden }`,
  });
  return hidden;
}
