import { escapeText } from "../../diagnostic/quote-value.ts";
import { refusedPrefix } from "../../dockerfile/download/fetch-program.ts";
import { culpritMarks } from "../../dockerfile/library-scripts.ts";
import type { BuildStage, ImagePlan, Layer, TreeStage } from "../../plan/image-plan.ts";
import { type RecipeOfStage, recipesOfStage } from "../../plan/recipes-of-stage.ts";
import type { Unavailable } from "../../recipe/unavailable.ts";

/**
 * The recipes that a failed step is to blame on, each with the reason in one line: that of a tool's own stage, and other
 * downloads from a host that cannot be reached; of libraries those that the step found to fail by themselves, or all
 * where none does; of Debian packages those that apt does not find. Empty where the step is nobody's recipe, or is
 * locked.
 */
export function findFailedRecipes(
  plan: Pick<ImagePlan, "stages" | "locked">,
  part: BuildStage | Layer | null,
  log: readonly string[],
): Unavailable["recipes"] {
  if (part === null || isLocked(plan, part)) return new Map();
  if (part.kind === "packages") return missingPackages(part.packages, log);
  if (part.kind !== "tree") return new Map();
  const culprits = culpritsIn(recipesOfStage(part), log);
  if (culprits.size > 0) return culprits;
  const reason = reasonIn(part, log);
  const stages = [part, ...sameHost(plan, part, reason)];
  return new Map(stages.flatMap(recipesOfStage).map(({ key }) => [key, reason]));
}

function isLocked({ locked }: Pick<ImagePlan, "locked">, { id }: BuildStage | Layer): boolean {
  return locked?.parts[id] !== undefined;
}

/** The program that fetches says which host it does not reach where that is the address's own. */
function sameHost(
  plan: Pick<ImagePlan, "stages" | "locked">,
  part: TreeStage,
  reason: string,
): readonly TreeStage[] {
  const host = hostOf(part);
  if (host === null || !reason.startsWith(`${host} cannot be reached: `)) return [];
  return plan.stages
    .filter((stage) => stage.kind === "tree")
    .filter((stage) => !isLocked(plan, stage) && hostOf(stage) === host);
}

function hostOf({ ecosystem, packages: [file] }: TreeStage): string | null {
  return ecosystem === "download" && file !== undefined ? new URL(file.name).hostname : null;
}

function missingPackages(names: readonly string[], log: readonly string[]): Unavailable["recipes"] {
  const missing = log.flatMap((line) => notFoundByApt.exec(line)?.[1] ?? []);
  return new Map(
    names
      .filter((name) => missing.includes(name))
      .map((name) => [`apt ${name}`, "Debian has no package of this name"]),
  );
}

const notFoundByApt =
  /^E: (?:Unable to locate package |Package ')([a-z0-9.+-]+?)(?:' has no installation candidate)?$/;

/** Only what comes after the last mark is the step's own word; before it installers print what packages hold. */
function culpritsIn(recipes: readonly RecipeOfStage[], log: readonly string[]): Unavailable["recipes"] {
  const start = log.lastIndexOf(culpritMarks.start);
  if (start === -1) return new Map();
  const { failed } = culpritMarks;
  return new Map(
    log.slice(start).flatMap((line) => {
      if (!line.startsWith(failed)) return [];
      const [number = "", ...words] = line.slice(failed.length).split(" ");
      const recipe = recipes[Number(number) - 1];
      return recipe === undefined ? [] : [[recipe.key, plain(words.join(" ")) || unsaid] as const];
    }),
  );
}

function reasonIn({ ecosystem }: TreeStage, log: readonly string[]): string {
  const own = ecosystem === "download" ? log.findLast((line) => line.includes(refusedPrefix)) : undefined;
  if (own !== undefined)
    return escapeText(own.slice(own.indexOf(refusedPrefix) + refusedPrefix.length)).slice(0, longestReason);
  const telling = log.find((line) => tellsWhy.test(line) && !tellsNothing.test(line));
  return plain(telling ?? log.at(-1) ?? "") || unsaid;
}

const unsaid = "it cannot be installed, and its installer does not say why";

/** How clients begin the line that says what went wrong, and the lines beside it that do not. */
const tellsWhy = /^(?:npm (?:error|ERR!)|ERROR:|error|go:|fatal:|Error:)/;
const tellsNothing = /^npm (?:error|ERR!) (?:code|errno|A complete log)/;

/** Without addresses: an index's may hold a password, and this goes into a label. */
function plain(line: string): string {
  const text = line.replace(/\b[a-z][a-z+.-]*:\/\/\S+/gi, "the index").trim();
  return escapeText(text).slice(0, longestReason);
}

const longestReason = 240;
