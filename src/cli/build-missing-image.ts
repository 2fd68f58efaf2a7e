import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { builtInImagesDir } from "../host/package-dir.ts";
import { type OwnImageName, readOwnImageName } from "../sandbox/ensure/own-image-name.ts";
import type { BuildImage } from "../sandbox/ensure/sandbox-request.ts";
import type { CommandOutput, Surroundings } from "./command.ts";
import { buildOptions, setupOptions } from "./command-options.ts";
import { readOptionValues } from "./read-option-values.ts";

/**
 * Builds a missing image as the command does that its error names, and nothing else: one that this command would not
 * give the name is left to that error. A skills image gets the skills in `skillDirs`. Throws `BUILD_FAILED`, after the
 * failure itself was told.
 */
export function buildMissingImage(
  surroundings: Surroundings,
  skillDirs: () => Promise<readonly string[]>,
): BuildImage {
  return async (reference, signal) => {
    const name = readOwnImageName(reference);
    if (name === null || !(await isTagOfOurs(name))) return;
    const dirs = name.kind === "skills" ? await skillDirs() : [];
    if (name.kind === "skills" && dirs.length === 0) return;
    const { story } = surroundings;
    story.line(`There is no image ${quoteValue(reference)}: it is built now.`);
    const { diagnostics, exitCode } = await runBuild(name, dirs, { ...surroundings, signal });
    story.diagnostics(diagnostics);
    if (exitCode === undefined || exitCode === 0) return;
    throw new SkillcrateError("BUILD_FAILED", `The image ${quoteValue(reference)} could not be built.`, {
      hint: "Correct what is named above, or name an image that is there: docker.image",
    });
  };
}

/** Any name may be a skills image's; the others have their tag in their definition. */
async function isTagOfOurs({ kind, tag }: OwnImageName): Promise<boolean> {
  if (kind === "skills") return true;
  const { readImageSpecs } = await import("../source/read-image-specs.ts");
  const { specs } = await readImageSpecs(builtInImagesDir());
  return specs.some(({ spec }) => spec.name === kind && spec.tag.endsWith(`:${tag}`));
}

/** What builds is loaded only now. */
async function runBuild(
  { kind, prefix, tag }: OwnImageName,
  skillDirs: readonly string[],
  surroundings: Surroundings,
): Promise<CommandOutput> {
  const rest = { ...surroundings, args: [], words: [] };
  const tagPrefix = prefix === "openclaw" ? undefined : prefix;
  if (kind === "skills") {
    const { build } = await import("./commands/build.ts");
    const options = readOptionValues(buildOptions, { name: tag, tagPrefix });
    return build({ ...rest, args: skillDirs, options });
  }
  const { setup } = await import("./commands/setup.ts");
  return setup({ ...rest, options: readOptionValues(setupOptions, { only: [kind], tagPrefix }) });
}
