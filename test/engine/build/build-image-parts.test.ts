import { describe, expect, test } from "vitest";
import { chooseParts, describeLeftOut } from "../../../src/engine/build/build-image-parts.ts";
import type { ImagePlan, PromisedBinary, PythonTreeStage } from "../../../src/plan/image-plan.ts";

function tool(name: string, optional: boolean): PythonTreeStage {
  return {
    kind: "tree",
    ecosystem: "python",
    optional,
    id: `python-${name}`,
    toolchain: "python-client",
    packages: [{ name, version: "1.0" }],
    output: `/opt/skills/${name}`,
    bins: [name],
    requestedBy: [],
  };
}

function promise(name: string): PromisedBinary {
  const place = { file: `/${name}/SKILL.md`, line: 4, column: 1 };
  return { name, versionArgs: null, requestedBy: [{ skill: name, bin: name, place }] };
}

function planOf(...stages: readonly PythonTreeStage[]): ImagePlan {
  return {
    format: "skillcrate/image-plan@1",
    name: "common",
    tag: "common:1",
    platform: "linux/amd64",
    below: { kind: "external", reference: "debian:1", digest: null, imageId: null },
    aptEpoch: "1",
    stages: [{ kind: "toolchain", id: "python-client", packages: ["python3-pip"], alone: [] }, ...stages],
    layers: [],
    config: { user: null, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
    promises: [promise("jq"), ...stages.map(({ packages }) => promise(packages[0]?.name ?? ""))],
    hash: "a".repeat(64),
  };
}

const none = () => null;
const reachable = new Map();
const unreachable = new Map([["python", "no route"]] as const);

test("a plan whose index answers is built as it is", () => {
  const plan = planOf(tool("uv", true), tool("khal", false));
  expect(chooseParts(plan, [], reachable, none)).toEqual({ plan, leftOut: [] });
});

describe("where the index does not answer", () => {
  test("optional tools are left out, with what they promise", () => {
    const { plan, leftOut } = chooseParts(planOf(tool("uv", true)), [], unreachable, none);
    expect(plan.stages).toEqual([]);
    expect(plan.promises.map(({ name }) => name)).toEqual(["jq"]);
    expect(leftOut).toEqual([{ package: "uv", bins: ["uv"], reason: "no route" }]);
  });

  test("an image that needs a tool fails at the lines that ask for it", () => {
    expect(() => chooseParts(planOf(tool("uv", true), tool("khal", false)), [], unreachable, none)).toThrow(
      expect.objectContaining({
        code: "ECOSYSTEM_UNREACHABLE",
        diagnostics: expect.arrayContaining([
          expect.objectContaining({ place: { file: "/khal/SKILL.md", line: 4, column: 1 } }),
        ]),
      }),
    );
  });

  test("unless it can be planned anew without", () => {
    const asked: string[] = [];
    const { plan, leftOut } = chooseParts(planOf(tool("khal", false)), [], unreachable, (old, kinds) => {
      asked.push(...kinds.keys());
      return { ...old, stages: [], promises: old.promises.filter(({ name }) => name === "jq") };
    });
    expect(asked).toEqual(["python"]);
    expect(plan.promises.map(({ name }) => name)).toEqual(["jq"]);
    expect(leftOut).toEqual([{ package: "khal", bins: ["khal"], reason: "no route" }]);
  });
});

test("commands built from source and downloads are planned anew without, each for its own reason", () => {
  const go = {
    ...tool("tiny", false),
    ecosystem: "go",
    id: "go-tiny",
    toolchain: "go-client",
    command: "x",
  } as const;
  const asked: ImagePlan = { ...planOf(tool("khal", false)), stages: [go, tool("khal", false)] };
  const kinds = new Map([["go", "no proxy"]] as const);
  const { plan, leftOut } = chooseParts(asked, [], kinds, (old) => ({
    ...old,
    stages: old.stages.filter(({ id }) => id !== "go-tiny"),
  }));
  expect(plan.stages.map(({ id }) => id)).toEqual(["python-khal"]);
  expect(leftOut).toEqual([{ package: "tiny", bins: ["tiny"], reason: "no proxy" }]);
  expect(() => chooseParts(asked, [], kinds, none)).toThrow(
    expect.objectContaining({ code: "ECOSYSTEM_UNREACHABLE", message: expect.stringContaining("no proxy") }),
  );
});

test("what the image below does not have is not promised by those above", () => {
  const below = [
    { package: "uv", bins: ["uv", "uvx"], reason: "no route" },
    { package: "pipx", bins: ["pipx"], reason: "no route" },
  ];
  const plan: ImagePlan = { ...planOf(), promises: [promise("jq"), promise("uv")] };
  const chosen = chooseParts(plan, below, reachable, none);
  expect(chosen.plan.promises.map(({ name }) => name)).toEqual(["jq"]);
  expect(chosen.leftOut).toEqual([below[0]]);
  expect(describeLeftOut(plan, chosen.leftOut)).toEqual([
    {
      code: "IMAGE_PART_LEFT_OUT",
      severity: "warning",
      message: "common is without uv, uvx (uv): no route",
      hint: expect.any(String),
      place: { file: "/uv/SKILL.md", line: 4, column: 1 },
    },
  ]);
});
