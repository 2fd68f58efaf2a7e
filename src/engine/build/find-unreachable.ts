import { escapeText } from "../../diagnostic/quote-value.ts";
import type { BuildStage, ImagePlan, Layer } from "../../plan/image-plan.ts";
import type { RecipeKind } from "../../recipe/recipe.ts";

export interface Unreachable {
  readonly kind: RecipeKind;
  /** One line for people. */
  readonly reason: string;
}

/** What is known of a step that failed. */
export interface FailedStep {
  /** As the builder names it. */
  readonly title: string;
  readonly part: BuildStage | Layer | null;
  /** The last lines. */
  readonly log: readonly string[];
}

/**
 * What a failed step could not reach: of the ecosystems that are not asked before a build, since only their own clients
 * know where they go. Null where the step failed for another reason, or runs what strangers wrote, who could print
 * anything.
 */
export function findUnreachable(plan: ImagePlan, { title, part, log }: FailedStep): Unreachable | null {
  const kind = part === null || compiles.test(title) ? null : kindOf(plan, part);
  if (kind === null) return null;
  const { name, failure } = clients[kind];
  const line = log.findLast((text) => failure.test(text));
  if (line === undefined) return null;
  return { kind, reason: `${name} cannot be reached: ${escapeText(line.trim()).slice(0, 240)}` };
}

const compiles = /"(?:make-go-tree|build-crate)"/;

/** How each client says that no connection came about; an answer such as "not found" is another matter. */
const clients = {
  go: {
    name: "the proxy of Go modules",
    failure: /\bGet "https?:\/\/[^"]+": |\b(?:dial|proxyconnect) tcp\b/,
  },
  cargo: {
    name: "the registry of crates",
    failure:
      /[Cc]ould(?: not|n't) (?:resolve|connect)|[Ff]ailed to connect to|[Tt]imeout was reached|CONNECT tunnel failed/,
  },
} as const;

function kindOf(plan: ImagePlan, part: BuildStage | Layer): keyof typeof clients | null {
  const user =
    part.kind === "tree"
      ? part
      : plan.stages.find((other) => other.kind === "tree" && other.toolchain === part.id);
  if (user?.kind !== "tree") return null;
  const { ecosystem } = user;
  return ecosystem === "go" || ecosystem === "cargo" ? ecosystem : null;
}
