import { createHash } from "node:crypto";
import type { RenderedImage } from "../../src/dockerfile/build-context.ts";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { type BuildSettings, defaultBuildSettings } from "../../src/engine/build-settings.ts";
import type { ImageFacts } from "../../src/engine/image-facts.ts";
import type { ImageBelow, ImagePlan, Layer, PromisedBinary } from "../../src/plan/image-plan.ts";

export interface HandMade {
  readonly name: string;
  readonly tag: string;
  /** An image's reference, or the plan below. */
  readonly below: string | ImagePlan;
  /** Instructions after `FROM`, one line each. A `RUN` is the layer `layer-N`, N from 1, with itself as the title. */
  readonly steps: readonly string[];
  readonly promises?: readonly string[];
}

/** By the plan's hash. */
const steps = new Map<string, readonly string[]>();

/** A plan whose Dockerfile is written by hand: what a planner would not make, such as an image with a broken command. */
export function handMadePlan(made: HandMade): ImagePlan {
  const { name, tag, promises = [] } = made;
  const below: ImageBelow =
    typeof made.below === "string"
      ? { kind: "external", reference: made.below, digest: null, imageId: null }
      : { kind: "planned", name: made.below.name, reference: made.below.tag, hash: made.below.hash };
  const runs = made.steps.filter((step) => step.startsWith("RUN "));
  const plan: ImagePlan = {
    format: "skillcrate/image-plan@1",
    name,
    tag,
    platform: process.arch === "arm64" ? "linux/arm64" : "linux/amd64",
    below,
    aptEpoch: "test",
    stages: [],
    layers: runs.map((title, index): Layer => {
      const id = `layer-${index + 1}`;
      return { kind: "packages", id, title, packages: [], requestedBy: [requester(name, id, index + 1)] };
    }),
    config: { user: null, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
    promises: promises.map((bin, index): PromisedBinary => {
      return { name: bin, versionArgs: null, requestedBy: [requester(name, bin, 100 + index)] };
    }),
    hash: createHash("sha256")
      .update(JSON.stringify([made.steps, below, promises]))
      .digest("hex"),
  };
  steps.set(plan.hash, made.steps);
  return plan;
}

function requester(skill: string, bin: string, line: number) {
  return { skill, bin, place: { file: `/skills/${skill}/SKILL.md`, line, column: 1 } };
}

/** What `renderImage` does for real plans. */
export function renderHandMade(plan: ImagePlan): { image: RenderedImage; diagnostics: [] } {
  const lines = [`FROM ${plan.below.reference}`, ...(steps.get(plan.hash) ?? [])];
  const runs = lines.flatMap((line, index) => (line.startsWith("RUN ") ? [index + 1] : []));
  const dockerfile = `${lines.join("\n")}\n`;
  const content = new TextEncoder().encode(dockerfile);
  return {
    image: {
      rendering: "portable",
      dockerfile,
      context: [{ path: "Dockerfile", mode: 0o644, content }],
      buildArgs: {},
      origins: runs.map((line, index) => ({ line, id: `layer-${index + 1}` })),
    },
    diagnostics: [],
  };
}

/** Settings for plans of this file; stored facts are kept in `facts`. */
export function handMadeSettings(
  changes: Partial<BuildSettings> = {},
): BuildSettings & { facts: ImageFacts[] } {
  const facts: ImageFacts[] = [];
  return {
    ...defaultBuildSettings,
    render: renderHandMade,
    network: noNetworkSettings,
    signal: new AbortController().signal,
    storeFacts: async (seen) => {
      facts.push(seen);
    },
    ...changes,
    facts,
  };
}
