import { compareText } from "../../diagnostic/compare-text.ts";
import type { Place } from "../../diagnostic/diagnostic.ts";
import type { RenderedImage } from "../../dockerfile/build-context.ts";
import { listsStage } from "../../dockerfile/render-packages.ts";
import type { BuildStage, ImagePlan, Layer, Requester } from "../../plan/image-plan.ts";
import { imageLabels } from "../label/label-names.ts";

/** The lines of the skills that asked for a build step, which is named as the builders name it in progress messages. */
export function placesOfStep(plan: ImagePlan, rendered: RenderedImage, stepTitle: string): readonly Place[] {
  return placesOf(requestersOf(plan, originOfStep(rendered, stepTitle)));
}

/** The stage or layer that a build step is of; null for what is of neither. */
export function partOfStep(
  plan: ImagePlan,
  rendered: RenderedImage,
  stepTitle: string,
): BuildStage | Layer | null {
  const id = originOfStep(rendered, stepTitle);
  return [...plan.stages, ...plan.layers].find((part) => part.id === id) ?? null;
}

/**
 * A build step in the plan's words: `apt ffmpeg` for a layer, `npm mcporter@0.7.3 (stage)` for what it is copied from.
 * What comes from no part of the plan keeps the builder's name.
 */
export function titleOfStep(plan: ImagePlan, rendered: RenderedImage, stepTitle: string): string {
  if (stepTitle.includes("] FROM ")) return stepTitle;
  if (stepTitle.includes(`] LABEL "${imageLabels.state}"=`)) return "label";
  const id = originOfStep(rendered, stepTitle);
  if (id === listsStage) return "apt package lists (stage)";
  const layer = plan.layers.find((candidate) => candidate.id === id);
  if (layer !== undefined) return layer.title;
  const stage = plan.stages.find((candidate) => candidate.id === id);
  if (stage === undefined) return id === undefined ? stepTitle : stepTitle.replace(/^\[[^\]]*\] /, "");
  if (stage.kind === "tree")
    return `${stage.ecosystem} ${stage.packages.map(({ name }) => name).join(" ")} (stage)`;
  const packages = [...stage.packages, ...stage.alone];
  return packages.length === 0 ? `${stage.id} (stage)` : `apt ${packages.join(" ")} (stage)`;
}

function originOfStep({ dockerfile, origins }: RenderedImage, stepTitle: string): string | undefined {
  const line = lineOfStep(dockerfile, stepTitle);
  return origins.find((origin) => origin.line === line)?.id;
}

/** Each place once, in order. */
export function placesOf(requesters: readonly Requester[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { place } of requesters) {
    if (place !== undefined) places.set(`${place.file}:${place.line}:${place.column}`, place);
  }
  return [...places.values()].sort(
    (left, right) =>
      compareText(left.file, right.file) || left.line - right.line || left.column - right.column,
  );
}

function requestersOf(plan: ImagePlan, id: string | undefined): readonly Requester[] {
  const layer = plan.layers.find((candidate) => candidate.id === id);
  if (layer !== undefined) return layer.requestedBy;
  const stage = plan.stages.find((candidate) => candidate.id === id);
  if (stage === undefined) return [];
  if (stage.kind === "tree") return stage.requestedBy;
  return plan.stages.flatMap((user) =>
    user.kind === "tree" && user.toolchain === stage.id ? user.requestedBy : [],
  );
}

/**
 * The 1-based line of a step. The classic builder counts all instructions (`[7/12]`), Podman those of a stage
 * (`[2.3/5]`), BuildKit those of a stage that do something (`[python-client 3/4]`, or without a name where there is one
 * stage only). An instruction of ours is one line.
 */
function lineOfStep(dockerfile: string, title: string): number | null {
  const match = stepTitle.exec(title)?.groups;
  if (match === undefined) return null;
  const stages = readStages(dockerfile);
  const number = Number(match["number"]) - 1;
  const { name, stage } = match;
  if (stage !== undefined) return stages[Number(stage) - 1]?.instructions[number]?.line ?? null;
  if (name !== undefined) {
    const named = stages.find((candidate, index) => name === (candidate.name ?? `stage-${index}`));
    return named?.instructions.filter(makesStep)[number]?.line ?? null;
  }
  const all = stages.flatMap(({ instructions }) => instructions);
  const counted = Number(match["count"]) < all.length ? all.filter(makesStep) : all;
  return counted[number]?.line ?? null;
}

/** BuildKit pads numbers to the width of the count: `[stage-5  2/10]`. */
const stepTitle =
  /^\[ *(?:linux\/\S+ +)?(?:(?<name>[\w.-]+) +)?(?:(?<stage>\d+)\.)?(?<number>\d+)\/(?<count>\d+)\]/;

interface Instruction {
  readonly line: number;
  readonly keyword: string;
}

interface Stage {
  readonly name: string | null;
  readonly instructions: Instruction[];
}

function readStages(dockerfile: string): readonly Stage[] {
  const stages: Stage[] = [];
  for (const [index, text] of dockerfile.split("\n").entries()) {
    const keyword = /^[A-Z]+(?= )/.exec(text)?.[0];
    if (keyword === undefined) continue;
    if (keyword === "FROM") stages.push({ name: / AS (\S+)$/.exec(text)?.[1] ?? null, instructions: [] });
    stages.at(-1)?.instructions.push({ line: index + 1, keyword });
  }
  return stages;
}

function makesStep({ keyword }: Instruction): boolean {
  return ["FROM", "RUN", "COPY", "ADD", "WORKDIR"].includes(keyword);
}
