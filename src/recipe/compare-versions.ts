import { compareText } from "../diagnostic/compare-text.ts";

/**
 * Orders versions by their numbers, part by part, a pre-release before its release: `1.9`, `1.10.0-rc.1`, `1.10.0`.
 * Only for choosing between versions that people name: no index's own order is followed to the letter.
 */
export function compareVersions(left: string, right: string): number {
  const [leftRelease = "", leftRest] = split(left);
  const [rightRelease = "", rightRest] = split(right);
  return (
    compareParts(leftRelease, rightRelease) ||
    Number(leftRest === "") - Number(rightRest === "") ||
    compareParts(leftRest ?? "", rightRest ?? "") ||
    compareText(left, right)
  );
}

function split(version: string): readonly string[] {
  return /^v?([0-9.]*)(.*)$/s.exec(version)?.slice(1) ?? [];
}

function compareParts(left: string, right: string): number {
  const leftParts = left.split(/[.-]/);
  const rightParts = right.split(/[.-]/);
  for (let index = 0; index < Math.max(leftParts.length, rightParts.length); index++) {
    const order = comparePart(leftParts[index] ?? "", rightParts[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(left: string, right: string): number {
  const areNumbers = /^\d*$/.test(left) && /^\d*$/.test(right);
  return areNumbers ? Number(left) - Number(right) : compareText(left, right);
}
