import { escapeText } from "../../diagnostic/quote-value.ts";
import { refusedPrefix } from "../../dockerfile/download/fetch-program.ts";
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
  const { name, failure } = clients[kind];
  const line = log.findLast((text) => failure.test(text));
  if (line === undefined) return null;
  const said = line.split(refusedPrefix).at(-1) ?? line;
  return { kind, reason: `${name} cannot be reached: ${escapeText(said.trim()).slice(0, 240)}` };
}

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
  download: {
    name: "a release file",
    failure: new RegExp(`${refusedPrefix}|\\[Errno -?\\d+\\]`),
  },
} as const;

function kindOf(plan: ImagePlan, stage: BuildStage): keyof typeof clients | null {
  const user =
    stage.kind === "tree"
      ? stage
      : plan.stages.find((other) => other.kind === "tree" && other.toolchain === stage.id);
  if (user?.kind !== "tree") return null;
  const { ecosystem } = user;
  return ecosystem === "go" || ecosystem === "cargo" || ecosystem === "download" ? ecosystem : null;
}
