import { createHash } from "node:crypto";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { checkTag } from "./check-tag.ts";
import { demandsOfSpec } from "./demands-of-spec.ts";
import type { ExternalBase } from "./external-base.ts";
import { hashPlan } from "./hash-plan.ts";
import { imageChain } from "./image-chain.ts";
import type {
  ImageBelow,
  ImagePlan,
  PlannedFile,
  Platform,
  PromisedBinary,
  Requester,
} from "./image-plan.ts";
import type { ImageSpec, LoadedImageSpec } from "./image-spec.ts";
import { knownBinaries } from "./known-binaries.ts";
import { planContents } from "./plan-contents.ts";

export interface BuiltInImagesInput {
  readonly specs: readonly LoadedImageSpec[];
  /** Goes before every tag: `openclaw-` makes `openclaw-sandbox:bookworm-slim`. May name a registry. */
  readonly tagPrefix: string;
  readonly platform: Platform;
  /** What the lowest images stand on. */
  readonly base: ExternalBase;
  readonly aptEpoch: string;
  /** See {@link ImagePlan}. */
  readonly keeps?: string;
  /** Names of the wanted images; those below them come along. Default: all. */
  readonly only?: readonly string[];
}

/** Plans for image definitions, each after the one it stands on, else by name. */
export function planBuiltInImages(input: BuiltInImagesInput): {
  plans: ImagePlan[];
  diagnostics: Diagnostic[];
} {
  const { ordered, diagnostics } = orderSpecs(input.specs, input.only);
  const plans: ImagePlan[] = [];
  for (const loaded of ordered) {
    const tag = `${input.tagPrefix}${loaded.spec.tag}`;
    const problem = checkTag(tag);
    if (problem === null) plans.push(planImage(loaded, tag, plans, input));
    else diagnostics.push(problem);
  }
  return { plans, diagnostics };
}

function orderSpecs(specs: readonly LoadedImageSpec[], only: readonly string[] | undefined) {
  const byName = new Map(specs.map((loaded) => [loaded.spec.name, loaded]));
  const wanted = [...new Set(only ?? byName.keys())].sort(compareText);
  const ordered: LoadedImageSpec[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const name of wanted) {
    const { chain, problem } = specChain(name, byName);
    if (problem === null) ordered.push(...chain.filter((loaded) => !ordered.includes(loaded)));
    else diagnostics.push(problem);
  }
  return { ordered, diagnostics };
}

/** The definition and those below it, lowest first. */
function specChain(wanted: string, byName: ReadonlyMap<string, LoadedImageSpec>) {
  const chain: LoadedImageSpec[] = [];
  for (let name: string | undefined = wanted; name !== undefined; ) {
    const loaded = byName.get(name);
    if (loaded === undefined) return { chain, problem: unknownImage(name, chain[0]?.spec.name, byName) };
    if (chain.includes(loaded)) return { chain, problem: circle(name) };
    chain.unshift(loaded);
    name = loaded.spec.below;
  }
  return { chain, problem: null };
}

function planImage(
  { spec, contents }: LoadedImageSpec,
  tag: string,
  plans: readonly ImagePlan[],
  input: BuiltInImagesInput,
): ImagePlan {
  const demands = demandsOfSpec(spec, input.platform);
  const chain = spec.below === undefined ? [] : imageChain(spec.below, plans);
  const { stages, layers } = planContents({
    demands,
    platform: input.platform,
    below: new Set(spec.below === undefined ? [] : knownBinaries(spec.below, plans).keys()),
    folders: spec.folders,
    files: spec.files.map((file) => plannedFile(file, contents)),
    user: spec.user === undefined ? null : { user: spec.user, writable: spec.writable },
    definition: { skill: `images/${spec.name}.json5`, bin: "" },
  });
  const plan: Omit<ImagePlan, "hash"> = {
    format: "skillcrate/image-plan@1",
    name: spec.name,
    tag,
    platform: input.platform,
    below: belowOf(spec, plans, input.base),
    aptEpoch: input.aptEpoch,
    ...(input.keeps === undefined ? {} : { keeps: input.keeps }),
    stages,
    layers,
    config: {
      user: spec.user?.name ?? chain.findLast((below) => below.config.user !== null)?.config.user ?? null,
      workdir: spec.workdir ?? null,
      env: spec.env,
      entrypoint: spec.entrypoint ?? null,
      cmd: spec.cmd ?? null,
      ...(spec.healthcheck === undefined ? {} : { healthcheck: spec.healthcheck }),
      expose: [...new Set(spec.expose)].sort(compareText),
    },
    promises: promisesOf(
      spec,
      demands.flatMap((demand) => demand.requestedBy),
    ),
  };
  return { ...plan, hash: hashPlan(plan) };
}

function plannedFile(file: ImageSpec["files"][number], contents: LoadedImageSpec["contents"]): PlannedFile {
  const bytes = contents[file.source] ?? new Uint8Array();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { source: file.source, target: file.target, mode: Number.parseInt(file.mode, 8), sha256 };
}

function belowOf(spec: ImageSpec, plans: readonly ImagePlan[], base: ExternalBase): ImageBelow {
  const below = plans.find((plan) => plan.name === spec.below);
  if (below === undefined) return { kind: "external", ...base };
  return { kind: "planned", name: below.name, reference: below.tag, hash: below.hash };
}

function promisesOf(spec: ImageSpec, requesters: readonly Requester[]): PromisedBinary[] {
  const byName = new Map(
    requesters.filter(({ bin }) => bin !== "").map((requester) => [requester.bin, requester]),
  );
  return [...byName]
    .sort(([left], [right]) => compareText(left, right))
    .map(([name, requester]) => {
      const declared = Object.hasOwn(spec.versionArgs, name) ? spec.versionArgs[name] : undefined;
      return { name, versionArgs: declared ?? ["--version"], requestedBy: [requester] };
    });
}

function unknownImage(
  name: string,
  above: string | undefined,
  byName: ReadonlyMap<string, unknown>,
): Diagnostic {
  const names = [...byName.keys()].sort(compareText).join(", ");
  const asked = above === undefined ? "" : `, which ${quoteValue(above)} stands on`;
  return {
    code: "PLAN_IMAGE_UNKNOWN",
    severity: "error",
    message: `There is no image definition named ${quoteValue(name)}${asked}.`,
    hint: `Image definitions: ${names}.`,
  };
}

function circle(name: string): Diagnostic {
  return {
    code: "PLAN_IMAGE_CIRCLE",
    severity: "error",
    message: `The image definition ${quoteValue(name)} stands on itself.`,
    hint: `Take one "below" out of the circle.`,
  };
}
