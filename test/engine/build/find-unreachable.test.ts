import { describe, expect, test } from "vitest";
import { findUnreachable } from "../../../src/engine/build/find-unreachable.ts";
import type { BuildStage, ImagePlan, TreeStage } from "../../../src/plan/image-plan.ts";

const common = {
  requestedBy: [],
  packages: [{ name: "x", version: null }],
  output: "/opt/skills/x",
  bins: ["x"],
};
const go: TreeStage = {
  ...common,
  kind: "tree",
  ecosystem: "go",
  id: "go-x",
  toolchain: "go-client",
  command: "x",
};
const goClient: BuildStage = { kind: "toolchain", id: "go-client", packages: ["golang-go"], alone: [] };
const cargo: TreeStage = {
  ...common,
  kind: "tree",
  ecosystem: "cargo",
  id: "cargo-x",
  toolchain: "cargo-client",
  features: [],
};
const download: TreeStage = {
  ...common,
  kind: "tree",
  ecosystem: "download",
  id: "download-x",
  toolchain: "download-client",
  sha256: null,
  archive: null,
  stripComponents: 0,
  files: {},
};
const plan: ImagePlan = {
  format: "skillcrate/image-plan@1",
  name: "skills",
  tag: "skills:1",
  platform: "linux/amd64",
  below: { kind: "external", reference: "debian:1", digest: null, imageId: null },
  aptEpoch: "1",
  stages: [goClient, go, cargo, download],
  layers: [],
  config: { user: null, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
  promises: [],
  hash: "a".repeat(64),
};

const fetching = '[go-x 2/3] RUN ["sh","-ec","…","fetch-modules","x"]';

describe("a failed step", () => {
  test.each<[string, BuildStage, string]>([
    ["go", go, 'go: x: Get "https://proxy.example/x/@latest": dial tcp: lookup proxy.example: no such host'],
    ["go", goClient, 'go: Get "https://proxy.example/x.zip": Forbidden'],
    ["cargo", cargo, "  [6] Could not resolve hostname (Could not resolve host: index.example)"],
    [
      "cargo",
      cargo,
      "  [56] Failure when receiving data from the peer (CONNECT tunnel failed, response 403)",
    ],
  ])("of %s tells what it could not reach", (kind, stage, line) => {
    const found = findUnreachable(plan, { title: fetching, part: stage, log: ["before", line, "after"] });
    expect(found).toMatchObject({ kind, reason: expect.stringContaining("cannot be reached: ") });
  });

  test.each<[BuildStage | null, string]>([
    [go, "go: module x: reading https://proxy.example/x/@v/list: 404 Not Found"],
    [go, "./main.go:3:1: syntax error"],
    [cargo, "error: could not find `x` in registry"],
    [download, 'Get "https://proxy.example/x": Forbidden'],
    [{ ...goClient, id: "npm-client" }, 'Get "https://proxy.example/x": Forbidden'],
    [null, 'Get "https://proxy.example/x": Forbidden'],
  ])("is no matter of reach where something answered, or of nothing that is asked here", (stage, line) => {
    expect(findUnreachable(plan, { title: fetching, part: stage, log: [line] })).toBeNull();
  });

  test("is no matter of reach where strangers' code runs, which prints what it likes", () => {
    const log = ["Could not resolve host: index.example"];
    for (const script of ["build-crate", "make-go-tree"]) {
      const title = `[cargo-x 3/4] RUN ["sh","-ec","…","${script}","x"]`;
      expect(findUnreachable(plan, { title, part: cargo, log })).toBeNull();
    }
  });

  test("shows what a client printed without its control characters, and not all of it", () => {
    const log = [`dial tcp \u001b[31m${"x".repeat(500)}`];
    const found = findUnreachable(plan, { title: fetching, part: go, log });
    expect(found?.reason).not.toContain("\u001b");
    expect(found?.reason.length).toBeLessThan(300);
  });
});
