/**
 * Whether a version satisfies version specifiers of Python packaging (`>=2.0,<3`), by PEP 440; no specifiers: every
 * version does. A version or a specifier that PEP 440 does not define fits nothing.
 */
export function fitsPythonRange(version: string, range: string): boolean {
  const candidate = parseVersion(version);
  if (candidate === null) return false;
  const clauses = range.split(",").map((clause) => clause.trim());
  return clauses.every((clause) => clause === "" || fitsClause(version, candidate, clause));
}

interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Before the release (`dev`, `a`, `b`, `rc`), the release itself, after it (`post`), by rank and number. */
  readonly phases: readonly (readonly [rank: number, number: number])[];
}

const versionPattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:[-_.]?(post|rev|r)[-_.]?(\d*)|-(\d+))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9._-]+)?$/i;

function parseVersion(text: string): Version | null {
  const match = versionPattern.exec(text.trim());
  if (match === null) return null;
  const [, epoch, release = "", pre, preNumber, post, postNumber, bare, dev, devNumber] = match;
  const after = post !== undefined || bare !== undefined;
  return {
    epoch: Number(epoch ?? 0),
    release: release.split(".").map(Number),
    phases: [
      pre === undefined
        ? [dev !== undefined && !after ? ranks.dev : ranks.final, 0]
        : [preRank(pre), Number(preNumber ?? 0)],
      after ? [ranks.post, Number(postNumber ?? bare ?? 0)] : [ranks.final, 0],
      dev === undefined ? [ranks.final, 0] : [ranks.dev, Number(devNumber ?? 0)],
    ],
  };
}

const ranks = { dev: 0, alpha: 1, beta: 2, candidate: 3, final: 4, post: 5 } as const;

function preRank(word: string): number {
  const first = word.toLowerCase()[0];
  return first === "a" ? ranks.alpha : first === "b" ? ranks.beta : ranks.candidate;
}

function fitsClause(text: string, candidate: Version, clause: string): boolean {
  const [, operator, wanted] = /^(===|~=|==|!=|<=|>=|<|>) *(.+)$/.exec(clause) ?? [];
  if (operator === undefined || wanted === undefined) return false;
  if (operator === "===") return text === wanted;
  if (wanted.endsWith(".*")) return fitsPrefix(candidate, operator, wanted.slice(0, -2));
  const bound = parseVersion(wanted);
  if (bound === null) return false;
  const order = compareVersions(candidate, bound);
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    // Neither means a pre- or post-release of the bound itself.
    case "<":
      return order < 0 && !(isBefore(candidate) && !isBefore(bound) && sameRelease(candidate, bound));
    case ">":
      return order > 0 && !(isAfter(candidate) && !isAfter(bound) && sameRelease(candidate, bound));
    default:
      return order >= 0 && bound.release.length > 1 && startsWith(candidate, bound, bound.release.length - 1);
  }
}

function fitsPrefix(candidate: Version, operator: string, wanted: string): boolean {
  const prefix = parseVersion(wanted);
  if (prefix === null || (operator !== "==" && operator !== "!=")) return false;
  return startsWith(candidate, prefix, prefix.release.length) === (operator === "==");
}

function startsWith(candidate: Version, prefix: Version, length: number): boolean {
  const parts = prefix.release.slice(0, length);
  return (
    candidate.epoch === prefix.epoch && parts.every((part, index) => part === (candidate.release[index] ?? 0))
  );
}

function isBefore({ phases: [pre] }: Version): boolean {
  return pre !== undefined && pre[0] < ranks.final;
}

function isAfter({ phases: [, post] }: Version): boolean {
  return post !== undefined && post[0] > ranks.final;
}

function sameRelease(left: Version, right: Version): boolean {
  return left.epoch === right.epoch && compareLists(left.release, right.release) === 0;
}

function compareVersions(left: Version, right: Version): number {
  return (
    left.epoch - right.epoch ||
    compareLists(left.release, right.release) ||
    compareLists(left.phases.flat(), right.phases.flat())
  );
}

/** What is missing at the end counts as 0. */
function compareLists(left: readonly number[], right: readonly number[]): number {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
