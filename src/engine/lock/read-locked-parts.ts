import { compareText } from "../../diagnostic/compare-text.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { NetworkSettings } from "../../dockerfile/network-settings.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { LockedSize } from "../../plan/lock.ts";
import type { BuiltParts } from "../../plan/make-lock.ts";
import type { LockedDeb, PartLock } from "../../plan/part-lock.ts";
import { partLockSchema } from "../../plan/part-lock-schema.ts";
import { findBelow } from "../build/build-image-below.ts";
import type { BuildSettings, RenderPlan } from "../build-settings.ts";
import type { Engine } from "../engine.ts";
import { runWithAptIndex } from "../network/apt-container.ts";
import { listPackages } from "../probe/probe-survey.ts";
import { sandboxLimits, withThrowawayContainer } from "../throwaway-container.ts";
import { aptLockScript } from "./apt-lock-script.ts";
import { measureTrees } from "./measure-trees.ts";
import { type AptAnswer, readAptAnswer } from "./read-apt-answer.ts";
import { readRecords, type StageRecord } from "./read-records.ts";

export interface LockSettings extends Pick<BuildSettings, "builder"> {
  /** Renders the records of a plan in place of its image. */
  readonly renderRecords: RenderPlan;
  readonly network: NetworkSettings;
  readonly signal: AbortSignal;
  /** As snapshot archives write a time: `20261122T051500Z`. */
  readonly now: string;
}

/**
 * What each part of an image was made from; parts that the plan has locked already stay as they are. Debian packages:
 * what the image has and the one below has not, each with the file that the index names for it; all else as the clients
 * of the ecosystems have told while they made it; with the sizes of its new trees. Throws `LOCK_INDEX_MOVED` where the
 * index does not have what is inside, and `LOCK_UNREADABLE`.
 */
export async function readLockedParts(
  engine: Engine,
  plan: ImagePlan,
  imageId: string,
  settings: LockSettings,
): Promise<Required<Pick<BuiltParts, "locked" | "sizes">>> {
  const known = plan.locked?.parts ?? {};
  const isNew = ({ id }: { readonly id: string }): boolean => known[id] === undefined;
  const open = { ...plan, stages: plan.stages.filter(isNew), layers: plan.layers.filter(isNew) };
  const debian = await readDebian(engine, open, imageId, settings);
  const records = await readRecords(
    engine,
    plan,
    open.stages.filter((stage) => stage.kind === "tree"),
    settings,
  );
  const locks = [...records].map(([id, { lock }]) => [id, lock] as const);
  const parts = [...Object.entries(known), ...debian, ...locks].sort(([left], [right]) =>
    compareText(left, right),
  );
  const indexReadAt = plan.locked?.indexReadAt ?? settings.now;
  const installed =
    records.size === 0 ? new Map() : await measureTrees(engine, plan, imageId, settings.signal);
  return {
    locked: { indexReadAt, parts: Object.fromEntries(parts) },
    sizes: sizesOf(plan, records, installed),
  };
}

/** What a stage has fetched counts for the first of its trees. */
function sizesOf(
  { layers }: ImagePlan,
  records: ReadonlyMap<string, StageRecord>,
  installed: ReadonlyMap<string, number>,
): Readonly<Record<string, LockedSize>> {
  const counted = new Set<string>();
  const trees = layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees : []));
  return Object.fromEntries(
    trees.flatMap(({ stage, path }) => {
      const [record, installedBytes] = [records.get(stage), installed.get(path)];
      if (record === undefined || installedBytes === undefined) return [];
      const downloadBytes = counted.has(stage) ? 0 : record.fetchedBytes;
      counted.add(stage);
      return [[path, { downloadBytes, installedBytes }]];
    }),
  );
}

async function readDebian(
  engine: Engine,
  plan: ImagePlan,
  imageId: string,
  { network, signal }: LockSettings,
): Promise<ReadonlyMap<string, PartLock>> {
  if (!usesApt(plan)) return new Map();
  const below = await findBelow(engine, plan, signal);
  const script = aptLockScript(plan);
  const answer = readAptAnswer(
    await runWithAptIndex(engine, { image: below.id, network, signal, script, packages: true }),
  );
  // Locked layers were held to their lock when they were built.
  if (plan.locked === undefined) requireSame(plan, answer, await packagesOf(engine, imageId, signal));
  for (const lock of answer.parts.values()) {
    const checked = partLockSchema.safeParse(lock);
    if (!checked.success) throw unreadable(plan, checked.error.issues[0]?.message ?? "");
  }
  return answer.parts;
}

function usesApt({ stages, layers }: ImagePlan): boolean {
  return (
    stages.some((stage) => stage.kind === "toolchain" && stage.packages.length > 0) ||
    layers.some(({ kind }) => kind === "packages")
  );
}

/** Debian packages of an image → versions. */
export async function packagesOf(
  engine: Engine,
  image: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const spec = { ...sandboxLimits, image, user: null, env: {}, network: "none" };
  return await withThrowawayContainer(engine, spec, signal, listPackages);
}

/** What is inside must be exactly what the index says that a build has taken. */
function requireSame(
  plan: ImagePlan,
  { below, parts }: AptAnswer,
  inside: Readonly<Record<string, string>>,
): void {
  const own = Object.keys(inside).filter((name) => below.get(name) !== inside[name]);
  const index = new Map(layerPackages(parts).map((deb) => [deb.name, deb.version]));
  const moved = [...new Set([...own, ...index.keys()])]
    .filter((name) => inside[name] !== index.get(name))
    .map((name) => `${name} ${inside[name] ?? "-"} (the index: ${index.get(name) ?? "-"})`);
  if (moved.length === 0) return;
  throw new SkillcrateError(
    "LOCK_INDEX_MOVED",
    `the Debian index is not the one that ${plan.name} was built from: ${shorten(moved)}`,
    { hint: "Build with --refresh, so that the image has what the index has, and lock it then." },
  );
}

function layerPackages(parts: AptAnswer["parts"]): readonly LockedDeb[] {
  return [...parts.values()].flatMap((lock) => (lock.kind === "debian" ? lock.packages : []));
}

const mostShown = 5;

function shorten(items: readonly string[]): string {
  const more = items.length > mostShown ? `; and ${items.length - mostShown} more` : "";
  return `${items.slice(0, mostShown).join("; ")}${more}`;
}

function unreadable(plan: ImagePlan, why: string): SkillcrateError {
  return new SkillcrateError("LOCK_UNREADABLE", `what apt says about ${plan.name} cannot be read: ${why}`, {
    hint: "A package source of the base image has a form that no lock can hold; leave it out, or report it.",
  });
}
