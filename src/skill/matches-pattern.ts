/**
 * Whether a name fits a pattern, in which `*` stands for any text and `?` for one character (UTF-16 code unit). Takes
 * at most as many steps as the two lengths multiplied, whatever the pattern.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let read = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < name.length) {
    if (pattern[read] === "*") {
      star = read++;
      resumeAt = at;
    } else if (read < pattern.length && (pattern[read] === "?" || pattern[read] === name[at])) {
      read++;
      at++;
    } else if (star !== -1) {
      // The last star takes one character more; earlier stars need never take more than they have.
      read = star + 1;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[read] === "*") read++;
  return read === pattern.length;
}
