import { describe, expect, test } from "vitest";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { apt, npm, plannedFor } from "./planning.ts";

const plan = plannedFor([{ name: "a", bins: { tree: apt("tree"), zx: npm("zx", "8.0.0", ["zx"]) } }]);

test("a plan carries its own hash", () => {
  expect(plan.hash).toBe(hashPlan(plan));
  expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
});

describe("does not depend on", () => {
  test.each<[string, Partial<ImagePlan>]>([
    ["who asked for layers", { layers: plan.layers.map((layer) => ({ ...layer, requestedBy: [] })) }],
    ["titles", { layers: plan.layers.map((layer) => ({ ...layer, title: "x" })) }],
    ["who asked for trees", { stages: plan.stages.map((stage) => ({ ...stage, requestedBy: [] })) }],
    [
      "who was promised what",
      { promises: plan.promises.map((promise) => ({ ...promise, requestedBy: [] })) },
    ],
    [
      "how versions are asked for",
      { promises: plan.promises.map((promise) => ({ ...promise, versionArgs: ["-V"] })) },
    ],
    ["what the image is called", { tag: "other:tag", name: "other" }],
    ["the tag of the image below", { below: { ...plan.below, reference: "other:tag" } }],
  ])("%s", (_, change) => {
    expect(hashPlan({ ...plan, ...change })).toBe(plan.hash);
  });
});

describe("depends on", () => {
  test.each<[string, Partial<ImagePlan>]>([
    ["the platform", { platform: "linux/arm64" }],
    ["the state of the package index", { aptEpoch: "2026-12-01" }],
    ["what stays of the network's settings", { keeps: "0".repeat(64) }],
    ["the image below", { below: { kind: "planned", name: "base", reference: "x", hash: "0".repeat(64) } }],
    ["its kind", { below: { kind: "external", reference: "x", digest: null, imageId: null } }],
    [
      "a package",
      {
        layers: plan.layers.map((layer) =>
          layer.kind === "packages" ? { ...layer, packages: ["sox"] } : layer,
        ),
      },
    ],
    ["the order of layers", { layers: plan.layers.toReversed() }],
    ["a stage", { stages: plan.stages.slice(1) }],
    ["the configuration", { config: { ...plan.config, env: { A: "1" } } }],
    ["a promise", { promises: plan.promises.slice(1) }],
  ])("%s", (_, change) => {
    expect(hashPlan({ ...plan, ...change })).not.toBe(plan.hash);
  });
});
