import { escapeText } from "../../diagnostic/quote-value.ts";
import type { BuildStage, ImagePlan } from "../../plan/image-plan.ts";
import type { RecipeKind } from "../../recipe/recipe.ts";

export interface Unreachable {
  readonly kind: RecipeKind;
  /** One line for people. */
  readonly reason: string;
}

/**
 * What a failed step could not reach: of the ecosystems that are not asked before a build, since only their own clients
 * know where they go. Null where the step failed for another reason.
 */
export function findUnreachable(
  plan: ImagePlan,
  stage: BuildStage | null,
  log: readonly string[],
): Unreachable | null {
  const kind = stage === null ? null : kindOf(plan, stage);
  if (kind === null) return null;
  const line = log.findLast((text) => failures.some((failure) => failure.test(text)));
  if (line === undefined) return null;
  return { kind, reason: `${names[kind]} cannot be reached: ${escapeText(line.trim()).slice(0, 160)}` };
}

const names = {
  go: "the proxy of Go modules",
  cargo: "the registry of crates",
  download: "a release file",
} as const;

function kindOf(plan: ImagePlan, stage: BuildStage): keyof typeof names | null {
  const user =
    stage.kind === "tree"
      ? stage
      : plan.stages.find((other) => other.kind === "tree" && other.toolchain === stage.id);
  if (user?.kind !== "tree") return null;
  const { ecosystem } = user;
  return ecosystem === "go" || ecosystem === "cargo" || ecosystem === "download" ? ecosystem : null;
}

/** How Go, cargo and Python say that no connection came about. */
const failures = [
  /\bdial tcp\b|\bproxyconnect tcp\b|: (?:connection refused|no such host|network is unreachable|i\/o timeout)/,
  /[Cc]ould(?: not|n't) (?:resolve host|connect to server)|failed to connect to|Timeout was reached/,
  /Temporary failure in name resolution|Name or service not known|\[Errno -?\d+\]|timed out/,
];
