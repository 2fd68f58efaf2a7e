import { describe, expect, test } from "vitest";
import { chooseParts, unavailableOf } from "../../../src/engine/build/build-image-parts.ts";
import { describeLeftOut } from "../../../src/engine/build/describe-left-out.ts";
import type {
  ImagePlan,
  PromisedBinary,
  PythonLibrariesStage,
  PythonTreeStage,
} from "../../../src/plan/image-plan.ts";
import { nothingUnavailable } from "../../../src/recipe/unavailable.ts";

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
const unreachable = { ...nothingUnavailable, kinds: new Map([["python", "no route"]] as const) };

test("a plan whose index answers is built as it is", () => {
  const plan = planOf(tool("uv", true), tool("khal", false));
  expect(chooseParts(plan, [], nothingUnavailable, none)).toEqual({ plan, leftOut: [] });
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
    const { plan, leftOut } = chooseParts(planOf(tool("khal", false)), [], unreachable, (old, { kinds }) => {
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
  const kinds = { ...nothingUnavailable, kinds: new Map([["go", "no proxy"]] as const) };
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
  const chosen = chooseParts(plan, below, nothingUnavailable, none);
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

describe("a recipe that fails", () => {
  const recipes = new Map([
    ["python khal 1.0", "no such version"],
    ["python-library torn 2.0", "gone"],
  ]);
  const asker = (skill: string, name: string) => ({
    skill,
    bin: "",
    library: { language: "python", naming: "module", name } as const,
    place: { file: `/${skill}/run.py`, line: 1, column: 8 },
  });
  const library = (name: string, ...skills: string[]) => ({
    language: "python" as const,
    naming: "module" as const,
    name,
    requestedBy: skills.map((skill) => asker(skill, name)),
  });
  const libraries: PythonLibrariesStage = {
    ...tool("libraries", false),
    ecosystem: "python-libraries",
    packages: [
      { name: "fine", version: "1.0" },
      { name: "torn", version: "2.0" },
    ],
    bins: [],
    requestedBy: [
      { ...asker("a", "fine_module"), package: "fine" },
      { ...asker("a", "torn_module"), package: "torn" },
      { ...asker("b", "torn_module"), package: "torn" },
    ],
  };
  const asked: ImagePlan = {
    ...planOf(tool("khal", false), tool("tmuxp", false)),
    stages: [tool("khal", false), tool("tmuxp", false), libraries],
    libraries: [library("fine_module", "a"), library("torn_module", "a", "b")],
  };
  const anew: ImagePlan = {
    ...asked,
    stages: [tool("tmuxp", false), { ...libraries, id: "other", packages: libraries.packages.slice(0, 1) }],
  };
  const chosen = chooseParts(asked, [], { ...nothingUnavailable, recipes }, () => anew);

  test("is left out alone, with the names that it was asked for by", () => {
    expect(chosen.plan.stages).toEqual(anew.stages);
    expect(chosen.leftOut).toEqual([
      { package: "khal", bins: ["khal"], reason: "no such version", recipe: "python khal 1.0" },
      {
        package: "torn",
        bins: [],
        libraries: ["torn_module"],
        reason: "gone",
        recipe: "python-library torn 2.0",
      },
    ]);
  });

  test("is left out with what was planned in its place and failed too", () => {
    const more = new Map([...recipes, ["cargo khal 2.0", "does not compile"]]);
    const { leftOut } = chooseParts(asked, [], { ...nothingUnavailable, recipes: more }, () => anew);
    expect(leftOut.slice(0, 2)).toEqual(chosen.leftOut);
    expect(leftOut.slice(2)).toEqual([
      { package: "khal", bins: [], reason: "does not compile", recipe: "cargo khal 2.0" },
    ]);
    expect([...unavailableOf(asked, leftOut).recipes]).toEqual([...more]);
  });

  test("is told at each line that asked for it", () => {
    const told = describeLeftOut(asked, chosen.leftOut);
    expect(told.map(({ code, severity, place }) => [code, severity, place?.file])).toEqual([
      ["RECIPE_FAILED", "error", "/khal/SKILL.md"],
      ["RECIPE_FAILED", "error", "/a/run.py"],
      ["RECIPE_FAILED", "error", "/b/run.py"],
    ]);
    expect(told[2]?.message).toBe("common is without torn_module (torn): gone");
    expect(told[2]?.hint).toContain("--no-cache");
  });

  test("is read back from what a finished image says of it", () => {
    const unreached = { package: "tmuxp", bins: ["tmuxp"], reason: "no route" };
    const { kinds, recipes: read } = unavailableOf(asked, [...chosen.leftOut, unreached]);
    expect([...read]).toEqual([...recipes]);
    expect([...kinds]).toEqual([["python", "no route"]]);
  });
});
