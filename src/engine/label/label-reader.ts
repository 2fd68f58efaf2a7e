import type { PromisedBinary } from "../../plan/image-plan.ts";
import { type LibraryName, libraryLanguages, libraryNamings } from "../../recipe/library.ts";
import type { ImageDetails } from "../engine.ts";
import { imageLabels, verifiedState } from "./label-names.ts";
import type { LeftOut } from "./label-values.ts";

/** What a finished image says about itself. */
export interface ImageLabels {
  readonly planHash: string;
  readonly name: string;
  /** The tag it was built for. */
  readonly tag: string;
  readonly belowId: string;
  /** Sorted by name. */
  readonly binaries: readonly LabelledBinary[];
  readonly libraries: readonly LibraryName[];
  readonly leftOut: readonly LeftOut[];
  /** Short ids of the stages that the classic builder's cache holds for it. */
  readonly stages: readonly string[];
}

export interface LabelledBinary {
  readonly name: string;
  readonly version: string | null;
  /** Null where the usual ones show the version. */
  readonly versionArgs: PromisedBinary["versionArgs"];
}

/**
 * Reads the labels of an image that was built and verified here; null for every other image, and for one that
 * somebody built upon ours: it inherits the labels but has another topmost layer.
 */
export function readImageLabels(image: ImageDetails): ImageLabels | null {
  const { labels } = image;
  const planHash = labels[imageLabels.plan];
  const name = labels[imageLabels.image];
  if (planHash === undefined || name === undefined) return null;
  if (labels[imageLabels.state] !== verifiedState) return null;
  if (labels[imageLabels.topLayer] !== image.layers.at(-1)) return null;
  return {
    planHash,
    name,
    tag: labels[imageLabels.refName] ?? "",
    belowId: labels[imageLabels.base] ?? "",
    binaries: readBinaries(labels),
    libraries: readLibraries(labels),
    leftOut: readLeftOut(labels[imageLabels.leftOut]),
    stages: (labels[imageLabels.stages] ?? "").split(" ").filter((id) => /^[0-9a-f]{11,12}$/.test(id)),
  };
}

/** Anybody can put anything into a label: what is not of our form is passed over. */
function readBinaries(labels: ImageDetails["labels"]): LabelledBinary[] {
  const versions = parseObject(labels[imageLabels.binaries]);
  const versionArgs = parseObject(labels[imageLabels.versionArgs]);
  return Object.entries(versions).flatMap(([name, version]) => {
    if (!isBinaryName(name)) return [];
    const args = versionArgs[name];
    return [
      {
        name,
        version: typeof version === "string" ? version : null,
        versionArgs: isTextList(args) ? args : null,
      },
    ];
  });
}

function readLibraries(labels: ImageDetails["labels"]): LibraryName[] {
  return Object.keys(parseObject(labels[imageLabels.libraries])).flatMap((key) => {
    const [language = "", naming = "", name = ""] = key.split(" ");
    // No interpreter takes such a name for an option.
    if (!/^[A-Za-z0-9_@][A-Za-z0-9._/@~-]{0,213}$/.test(name)) return [];
    if (!isOneOf(libraryLanguages, language) || !isOneOf(libraryNamings, naming)) return [];
    return [{ language, naming, name }];
  });
}

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return words.some((each) => each === word);
}

/** The names that a shell can be given as one word, and that no program takes for an option. */
export function isBinaryName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/.test(text);
}

function readLeftOut(text: string | undefined): LeftOut[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const { package: name, bins, libraries, reason, recipe } = entry;
    if (typeof name !== "string" || typeof reason !== "string" || !isTextList(bins)) return [];
    return [
      {
        package: name,
        bins,
        ...(isTextList(libraries) && { libraries }),
        reason,
        ...(typeof recipe === "string" && { recipe }),
      },
    ];
  });
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
