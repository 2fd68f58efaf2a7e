/** Orders by UTF-16 code unit: the one order of plans, listings and hashes, the same under every locale. */
export function compareText(left: string, right: string): -1 | 0 | 1 {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
