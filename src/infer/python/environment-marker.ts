/** What the sandbox's own Python says of itself; versions of it are compared as numbers. */
const environment: ReadonlyMap<string, string> = new Map([
  ["extra", ""],
  ["implementation_name", "cpython"],
  ["os_name", "posix"],
  ["platform_python_implementation", "CPython"],
  ["platform_system", "Linux"],
  ["python_full_version", "3.11"],
  ["python_version", "3.11"],
  ["sys_platform", "linux"],
]);

const comparison = /^\(?\s*([a-z_]+)\s*(==|!=|<=|>=|<|>|in|not in)\s*["']([^"']*)["']\s*\)?$/;

/** Whether an environment marker (PEP 508) holds in a sandbox. `unknown`, as for one with brackets inside: take it. */
export function holdsIn(marker: string): "yes" | "no" | "unknown" {
  if (marker.trim() === "") return "yes";
  const alternatives = marker.split(/\bor\b/).map((part) => conjunction(part.split(/\band\b/).map(compare)));
  if (alternatives.includes("yes")) return "yes";
  return alternatives.includes("unknown") ? "unknown" : "no";
}

type Answer = "yes" | "no" | "unknown";

function conjunction(answers: readonly Answer[]): Answer {
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

function compare(text: string): Answer {
  const [, name = "", operator = "", value = ""] = comparison.exec(text.trim()) ?? [];
  const own = environment.get(name);
  if (own === undefined) return "unknown";
  if (operator === "in" || operator === "not in")
    return toAnswer(value.includes(own) === (operator === "in"));
  const order = name.includes("version") ? compareVersions(own, value) : Number(own !== value);
  switch (operator) {
    case "==":
      return toAnswer(order === 0);
    case "!=":
      return toAnswer(order !== 0);
    case "<":
    case ">":
    case "<=":
    case ">=":
      if (!name.includes("version")) return "unknown";
      return toAnswer(
        (order === 0 && operator.length === 2) || (operator.startsWith("<") ? order < 0 : order > 0),
      );
    default:
      return "unknown";
  }
}

function toAnswer(holds: boolean): Answer {
  return holds ? "yes" : "no";
}

function compareVersions(left: string, right: string): number {
  const [leftParts, rightParts] = [left, right].map((version) => version.split(".").map(Number));
  for (const index of [0, 1]) {
    const difference = (leftParts?.[index] ?? 0) - (rightParts?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
