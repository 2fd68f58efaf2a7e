import { createHash } from "node:crypto";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { ImageDetails } from "../engine.ts";
import type { BinaryFacts, ImageFacts, LibraryFacts } from "../image-facts.ts";
import { imageLabels, verifiedState } from "./label-names.ts";

/** A part that an image was asked to have and does not. */
export interface LeftOut {
  readonly package: string;
  readonly bins: readonly string[];
  /** The names by which skills want them; absent: it is no part of libraries. */
  readonly libraries?: readonly string[];
  readonly reason: string;
  /** The recipe whose build step failed, by its `recipeKey`; absent: the index that it comes from did not answer. */
  readonly recipe?: string;
}

/** What the labels of a finished image are made from. */
export interface LabelSource {
  /** Its hash is the one that was asked for, also where parts were left out. */
  readonly plan: ImagePlan;
  readonly below: ImageDetails;
  /** The image that was probed. */
  readonly built: ImageDetails;
  readonly facts: ImageFacts;
  readonly leftOut: readonly LeftOut[];
  /** Short ids, as the classic builder names them. */
  readonly stages: readonly string[];
}

/** Every label of a finished image. No times: equal images have equal labels. */
export function labelValues(source: LabelSource): Readonly<Record<string, string>> {
  const { plan, below, built, facts } = source;
  return {
    [imageLabels.title]: plan.name,
    [imageLabels.refName]: plan.tag,
    [imageLabels.description]: `Sandbox image "${plan.name}": every binary it promises has been run inside it.`,
    [imageLabels.version]: plan.hash.slice(0, 12),
    [imageLabels.baseName]: plan.below.reference,
    [imageLabels.baseDigest]: (plan.below.kind === "external" ? plan.below.digest : null) ?? below.id,
    [imageLabels.plan]: plan.hash,
    [imageLabels.image]: plan.name,
    [imageLabels.base]: below.id,
    [imageLabels.topLayer]: built.layers.at(-1) ?? "",
    [imageLabels.state]: verifiedState,
    [imageLabels.stages]: source.stages.join(" "),
    [imageLabels.binaries]: summarizeBinaries(facts.binaries),
    [imageLabels.versionArgs]: summarizeVersionArgs(facts.binaries),
    [imageLabels.libraries]: summarizeLibraries(facts.libraries ?? []),
    [imageLabels.leftOut]: JSON.stringify(source.leftOut),
    [imageLabels.packages]: hashPackages(facts.packages),
  };
}

/** The version alone, out of the line that shows it: at most 64 characters, none of which needs quoting anywhere. */
export function versionToken(line: string): string | null {
  const token = versionPatterns
    .map((pattern) => pattern.exec(line)?.[0])
    .find((found) => found !== undefined);
  return token?.replace(/[.+~-]+$/, "") ?? null;
}

/** The surest first: digits of a program's own name (`w3m`, `sha256sum`) are no version while others are to be had. */
const versionPatterns: readonly RegExp[] = [
  /(?<![\w.])\d+(?:\.\d+)+[\w.+~-]{0,32}/,
  /\d+(?:\.\d+)+[\w.+~-]{0,32}/,
  /\b\d{4}-\d{2}-\d{2}\b/,
  /(?<![\w.])\d+\b/,
];

/** Beyond this the versions are left away: a Dockerfile's line ends at 64 KiB for the classic builder. */
const longestSummary = 24_000;

function summarizeBinaries(binaries: readonly BinaryFacts[]): string {
  const versions = binaries.map(
    ({ name, version }) => [name, version === null ? null : versionToken(version)] as const,
  );
  const full = JSON.stringify(Object.fromEntries(versions));
  return full.length <= longestSummary
    ? full
    : JSON.stringify(Object.fromEntries(binaries.map(({ name }) => [name, null])));
}

function summarizeVersionArgs(binaries: readonly BinaryFacts[]): string {
  const special = binaries.flatMap(({ name, versionArgs }) =>
    versionArgs === null || JSON.stringify(versionArgs) === '["--version"]'
      ? []
      : [[name, versionArgs] as const],
  );
  return JSON.stringify(Object.fromEntries(special));
}

function summarizeLibraries(libraries: readonly LibraryFacts[]): string {
  const rows = libraries.map(
    ({ language, naming, name, version }) =>
      [`${language} ${naming} ${name}`, version === null ? null : versionToken(version)] as const,
  );
  return JSON.stringify(Object.fromEntries(rows));
}

function hashPackages(packages: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(packages)).digest("hex");
}
