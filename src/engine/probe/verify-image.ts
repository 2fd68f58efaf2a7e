import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { PromisedBinary } from "../../plan/image-plan.ts";
import type { LibraryName } from "../../recipe/library.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import type { BinaryFacts, ImageFacts, LibraryFacts } from "../image-facts.ts";
import { isBinaryName, readImageLabels } from "../label/label-reader.ts";
import { probeImage } from "./probe-image.ts";
import { wellKnownCommands } from "./verify-well-known.ts";

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Names to run; empty: what the image's labels promise, else well-known commands. */
  readonly binaries: readonly string[];
  readonly onBinary?: (facts: BinaryFacts) => void;
  readonly onLibrary?: (facts: LibraryFacts) => void;
}

export interface VerifyResult {
  readonly image: ImageDetails;
  readonly facts: ImageFacts;
  /** Where the list of binaries came from. */
  readonly promisedBy: "caller" | "labels" | "well-known";
  /** Whether every promise holds. What is merely well-known promises nothing, so an absent command is no failure. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Probes any image that the engine has, also one from elsewhere. Throws `IMAGE_NOT_FOUND` (nothing is pulled),
 * `INPUT_INVALID` for a name that is no command's, and what {@link probeImage} throws.
 */
export async function verifyImage(
  engine: Engine,
  reference: string,
  options: VerifyOptions,
): Promise<VerifyResult> {
  refuseOddNames(options.binaries);
  const image = await engine.images.inspect(reference, options.signal);
  if (image === null) throw noSuchImage(reference);
  const { promises, libraries, promisedBy } = findPromises(image, options.binaries);
  const facts = await probeImage(engine, image.id, promises, {
    ...options,
    libraries,
    onlyPresent: promisedBy === "well-known",
  });
  return {
    image,
    facts,
    promisedBy,
    ok: [...facts.binaries, ...(facts.libraries ?? [])].every(({ ok }) => ok),
    diagnostics: promisedBy === "well-known" ? [nothingPromised(reference, facts)] : [],
  };
}

function findPromises(
  image: ImageDetails,
  names: readonly string[],
): {
  readonly promises: readonly PromisedBinary[];
  readonly libraries: readonly LibraryName[];
  readonly promisedBy: VerifyResult["promisedBy"];
} {
  const labels = readImageLabels(image);
  const labelled = labels?.binaries ?? [];
  const libraries = labels?.libraries ?? [];
  const known = new Map(labelled.map((binary) => [binary.name, binary.versionArgs]));
  const promise = (name: string): PromisedBinary => ({
    name,
    versionArgs: known.get(name) ?? null,
    requestedBy: [],
  });
  if (names.length > 0) {
    return {
      promises: [...new Set(names)].sort(compareText).map(promise),
      libraries: [],
      promisedBy: "caller",
    };
  }
  if (labelled.length + libraries.length > 0)
    return { promises: labelled.map(({ name }) => promise(name)), libraries, promisedBy: "labels" };
  return { promises: wellKnownCommands.map(promise), libraries: [], promisedBy: "well-known" };
}

function refuseOddNames(names: readonly string[]): void {
  const odd = names.filter((name) => !isBinaryName(name));
  if (odd.length === 0) return;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `no command can have the name ${odd.map(quoteValue).join(", ")}`,
    {
      hint: "Letters, digits and . _ + - make a name; it begins with a letter or digit and has at most 64 characters.",
    },
  );
}

function noSuchImage(reference: string): SkillcrateError {
  return new SkillcrateError("IMAGE_NOT_FOUND", `the engine has no image ${quoteValue(reference)}`, {
    hint: "See which images there are, or fetch it:\ndocker images\ndocker pull <image>",
  });
}

function nothingPromised(reference: string, facts: ImageFacts): Diagnostic {
  return {
    code: "IMAGE_PROMISES_NOTHING",
    severity: "info",
    message:
      `the image ${quoteValue(reference)} has no labels that list its binaries: of ` +
      `${wellKnownCommands.length} well-known commands it has ${facts.binaries.length}`,
    hint: "Name the binaries that it must have to have them checked.",
  };
}
