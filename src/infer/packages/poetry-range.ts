const version = /^(\d{1,10}(?:\.\d{1,10}){0,3})([A-Za-z0-9.+-]{0,30})$/;

const comparison = /^(?:==|!=|<=|>=|<|>|~=)\s*[\w.*+!-]+$/;

/** `^1.2`, `~1.2`, `1.*`, `>=1,<2` as version specifiers of Python packaging; null for what is none of them. */
export function poetryRange(text: string): string | null {
  const parts = text.split(",").map((part) => readPart(part.trim()));
  return parts.every((part) => part !== null) ? parts.filter((part) => part !== "").join(",") : null;
}

function readPart(part: string): string | null {
  if (part === "" || part === "*") return "";
  const sign = part[0];
  if (sign !== "^" && sign !== "~") {
    if (comparison.test(part)) return part;
    return /^\d[\w.*+-]*$/.test(part) ? `==${part}` : null;
  }
  if (part.startsWith("~=")) return comparison.test(part) ? part : null;
  const [, release = "", suffix = ""] = version.exec(part.slice(1).trim()) ?? [];
  if (release === "") return null;
  const numbers = release.split(".").map(Number);
  // A caret keeps the first part that is not zero, a tilde the second where there is one.
  const kept = sign === "^" ? caretIndex(numbers) : Math.min(1, numbers.length - 1);
  const next = [...numbers.slice(0, kept), (numbers[kept] ?? 0) + 1].join(".");
  return `>=${release}${suffix},<${next}`;
}

function caretIndex(numbers: readonly number[]): number {
  const first = numbers.findIndex((number) => number > 0);
  return first === -1 ? numbers.length - 1 : first;
}
