import { compareText } from "../../diagnostic/compare-text.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { PromisedBinary } from "../../plan/image-plan.ts";
import type { LibraryName } from "../../recipe/library.ts";
import type { Engine } from "../engine.ts";
import type { BinaryFacts, ImageFacts, LibraryFacts } from "../image-facts.ts";
import { sandboxLimits, type ThrowawayContainer, withThrowawayContainer } from "../throwaway-container.ts";
import { describeBinary, type Lookups } from "./probe-binary.ts";
import { probeLibrary } from "./probe-library.ts";
import { type LookupWay, lookUpBinaries } from "./probe-lookup.ts";
import { listPackages, type Survey, surveyImage } from "./probe-survey.ts";
import { askVersion } from "./probe-version.ts";
import { runInTurns } from "./run-in-turns.ts";

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** To be imported too. */
  readonly libraries?: readonly LibraryName[];
  /** Called for each binary as soon as it is known, in no fixed order. */
  readonly onBinary?: (facts: BinaryFacts) => void;
  readonly onLibrary?: (facts: LibraryFacts) => void;
  /** Say nothing about binaries that are not there, for images that promise none. */
  readonly onlyPresent?: boolean;
}

/**
 * Starts one container as the image's own user with a read-only root, no network and no capabilities, and runs every
 * promised binary in it: looked up by `sh -c`, `sh -lc`, `bash -lc` and as a user that the image does not know, then
 * started without a shell to show its version; then imports every promised library. Gives facts whether the promises hold or not. Throws `IMAGE_NOT_FOUND`,
 * `IMAGE_CANNOT_RUN`, `CANCELLED`, and what the engine's ports throw.
 */
export async function probeImage(
  engine: Engine,
  imageId: string,
  promises: readonly PromisedBinary[],
  options: ProbeOptions,
): Promise<ImageFacts> {
  const image = await engine.images.inspect(imageId, options.signal);
  if (image === null) {
    throw new SkillcrateError("IMAGE_NOT_FOUND", `the image to be probed, ${imageId}, is not there`, {
      hint: "Something removed it in the meantime; run it again.",
    });
  }
  const spec = { ...sandboxLimits, image: image.id, user: null, env: probeEnv, network: "none" };
  const seen = await withThrowawayContainer(engine, spec, options.signal, (container) =>
    probeContainer(container, promises, options),
  );
  return {
    format: "skillcrate/image-facts@1",
    imageId: image.id,
    platform: `linux/${image.architecture}`,
    ...seen,
  };
}

// A sandbox has a HOME of its own that can be written, whatever the image says.
const home = "/tmp/home";
const probeEnv = {
  HOME: home,
  XDG_CACHE_HOME: `${home}/.cache`,
  XDG_CONFIG_HOME: `${home}/.config`,
  XDG_DATA_HOME: `${home}/.local/share`,
  XDG_STATE_HOME: `${home}/.local/state`,
};

/** A gateway starts containers as the owner of the workspace, whom the image has never heard of. */
const unknownUser = "64321:64321";

async function probeContainer(
  container: ThrowawayContainer,
  promises: readonly PromisedBinary[],
  options: ProbeOptions,
): Promise<Pick<ImageFacts, "user" | "binaries" | "libraries" | "packages">> {
  const survey = await surveyImage(container);
  const names = promises.map((promise) => promise.name);
  const [packages, lookups] = await Promise.all([
    listPackages(container),
    lookUpAll(container, names, survey),
  ]);
  const present = promises.filter(
    ({ name }) => options.onlyPresent !== true || typeof lookups.sh.get(name) === "string",
  );
  // Without `timeout` a hung program is stopped by killing all that runs, so nothing else may run beside it.
  const atOnce = survey.hasTimeout ? 4 : 1;
  const binaries = await runInTurns(present, atOnce, async (promise) => {
    const { answer, args } = await askVersion(container, promise.name, promise.versionArgs, survey);
    const facts = describeBinary(promise.name, lookups, { answer, args });
    options.onBinary?.(facts);
    return facts;
  });
  binaries.sort((left, right) => compareText(left.name, right.name));
  // Big ones take a good part of a sandbox's memory.
  const libraries = await runInTurns(options.libraries ?? [], Math.min(atOnce, 2), async (library) => {
    const facts = await probeLibrary(container, library, survey);
    options.onLibrary?.(facts);
    return facts;
  });
  return { user: survey.user, binaries, ...(libraries.length === 0 ? {} : { libraries }), packages };
}

async function lookUpAll(
  container: ThrowawayContainer,
  names: readonly string[],
  survey: Survey,
): Promise<Lookups> {
  const look = (way: LookupWay) => lookUpBinaries(container, names, way);
  const [sh, shLogin, bashLogin, unknownUid] = await Promise.all([
    look({ shell: ["sh", "-c"] }),
    look({ shell: ["sh", "-lc"] }),
    survey.hasBash ? look({ shell: ["bash", "-lc"] }) : null,
    look({ shell: ["sh", "-c"], user: unknownUser }),
  ]);
  return { sh, shLogin, bashLogin, unknownUid };
}
