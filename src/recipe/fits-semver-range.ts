/**
 * Whether a version satisfies a range as npm writes them (`^1.2.3`, `>=1 <3 || 5.x`). A pre-release only fits a range
 * that names one of the same three numbers. What is no range, such as a tag, fits nothing.
 */
export function fitsSemverRange(version: string, range: string): boolean {
  const candidate = parseVersion(version);
  if (candidate === null) return false;
  return range.split("||").some((alternative) => {
    const bounds = readBounds(alternative) ?? [never];
    return (
      bounds.every((bound) => fitsBound(candidate, bound)) &&
      (candidate.pre.length === 0 || bounds.some((bound) => namesPreRelease(bound, candidate)))
    );
  });
}

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly pre: readonly string[];
}

interface Bound {
  readonly operator: "<" | "<=" | ">" | ">=" | "=";
  readonly version: Version;
}

/** Nothing is below the lowest version. */
const never: Bound = { operator: "<", version: { numbers: [0, 0, 0], pre: ["0"] } };

function parseVersion(text: string): Version | null {
  const match = /^[v=]*(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text.trim());
  if (match === null) return null;
  const [, major, minor, patch, pre] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], pre: pre?.split(".") ?? [] };
}

function readBounds(text: string): Bound[] | null {
  const [, from, to] = /^ *(\S+) +- +(\S+) *$/.exec(text) ?? [];
  const parts =
    from === undefined || to === undefined
      ? text.replace(/([<>=~^]) +/g, "$1").split(" ")
      : [`>=${from}`, `<=${to}`];
  const bounds: Bound[] = [];
  for (const part of parts) {
    if (part === "") continue;
    const read = readComparator(part);
    if (read === null) return null;
    bounds.push(...read);
  }
  return bounds;
}

/** A comparator as plain bounds: what it leaves out, or has an `x` for, may be anything. */
function readComparator(text: string): Bound[] | null {
  const match =
    /^(\^|~>?|<=|>=|<|>|=)?v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, operator = "=", ...words] = match;
  const known = words
    .slice(0, 3)
    .map((word) => (word === undefined || /[xX*]/.test(word) ? null : Number(word)));
  const [major = null, minor = null, patch = null] = known;
  if (major === null) return operator === "<" || operator === ">" ? null : [];
  const pre = words[3]?.split(".") ?? [];
  const lowest: Version = { numbers: [major, minor ?? 0, patch ?? 0], pre };
  const next = (position: 0 | 1 | 2): Version => {
    const numbers: [number, number, number] = [major, minor ?? 0, patch ?? 0];
    numbers[position] += 1;
    numbers.fill(0, position + 1);
    // The lowest of all versions with these numbers.
    return { numbers, pre: ["0"] };
  };
  const open = minor === null ? 0 : patch === null ? 1 : null;
  switch (operator) {
    case ">=":
      return [{ operator: ">=", version: lowest }];
    case "<":
      return [{ operator: "<", version: open === null ? lowest : { ...lowest, pre: ["0"] } }];
    case ">":
      return [
        open === null
          ? { operator: ">", version: lowest }
          : { operator: ">=", version: { ...next(open), pre: [] } },
      ];
    case "<=":
      return [open === null ? { operator: "<=", version: lowest } : { operator: "<", version: next(open) }];
    case "=":
      if (open === null) return [{ operator: "=", version: lowest }];
      return between(lowest, next(open));
    case "^":
      return between(lowest, next(major > 0 || minor === null ? 0 : minor > 0 || patch === null ? 1 : 2));
    default:
      return between(lowest, next(minor === null ? 0 : 1));
  }
}

function between(lowest: Version, above: Version): Bound[] {
  return [
    { operator: ">=", version: lowest },
    { operator: "<", version: above },
  ];
}

function fitsBound(candidate: Version, { operator, version }: Bound): boolean {
  const order = compareVersions(candidate, version);
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "=":
      return order === 0;
  }
}

function namesPreRelease({ version }: Bound, { numbers }: Version): boolean {
  return version.pre.length > 0 && version.numbers.every((number, index) => number === numbers[index]);
}

/** Semantic Versioning 2.0.0, section 11. */
function compareVersions(left: Version, right: Version): number {
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  const length = Math.max(left.pre.length, right.pre.length);
  for (let index = 0; index < length; index++) {
    const order = compareIdentifiers(left.pre[index], right.pre[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareIdentifiers(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  const [leftNumeric, rightNumeric] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftNumeric && rightNumeric) return Number(left) - Number(right);
  if (leftNumeric !== rightNumeric) return leftNumeric ? -1 : 1;
  return left < right ? -1 : Number(left > right);
}
