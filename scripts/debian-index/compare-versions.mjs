/** Order of two versions as Debian Policy 5.6.12 defines it: negative, zero or positive. */
export function compareVersions(left, right) {
  const [a, b] = [split(left), split(right)];
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision);
}

/** Whether `version` stands in `relation` (`<<`, `<=`, `=`, `>=`, `>>`) to `bound`. */
export function satisfies(version, relation, bound) {
  const order = compareVersions(version, bound);
  if (relation === "=") return order === 0;
  return relation.startsWith("<")
    ? order < 0 || (relation === "<=" && order === 0)
    : order > 0 || (relation === ">=" && order === 0);
}

function split(version) {
  const [, epoch = "0", upstream, revision = ""] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version);
  return { epoch: Number(epoch), upstream, revision };
}

/** Stretches without and with digits by turns. */
function compareParts(left, right) {
  const [a, b] = [left, right].map((text) => text.split(/(\d+)/));
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [x, y] = [a[index] ?? "", b[index] ?? ""];
    const order = index % 2 === 1 ? Number(x) - Number(y) : compareText(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareText(left, right) {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = weight(left[index]) - weight(right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde before the end, the end before letters, letters before everything else. */
function weight(character) {
  if (character === undefined) return 0;
  if (character === "~") return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
