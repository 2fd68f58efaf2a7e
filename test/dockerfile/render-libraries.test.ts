import { describe, expect, test } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import type { LibraryResolution } from "../../src/recipe/library.ts";
import type { LibraryRecipe } from "../../src/recipe/recipe.ts";
import { npm, plannedFor, planWishes } from "../plan/planning.ts";
import { contextText, outline, rendered } from "./rendering.ts";

function library(skill: string, name: string, recipe: LibraryRecipe, declared = false): LibraryResolution {
  const language = recipe.kind === "node-library" ? "node" : "python";
  const place = { file: `/skills/${skill}/run`, line: 1, column: 1 };
  return {
    skill,
    dir: `/skills/${skill}`,
    language,
    naming: "module",
    library: name,
    declared,
    promise: { language, naming: "module", name },
    status: "resolved",
    recipe,
    evidence: null,
    reason: "",
    place,
  };
}

const libraries = [
  library("a", "yaml", { kind: "apt", package: "python3-yaml" }),
  library("a", "shelf", { kind: "python-library", package: "shelf-reader", range: ">=2,<3", extras: ["x"] }),
  library("b", "polars", { kind: "python-library", package: "polars", version: "1.0" }),
  library("b", "docx", { kind: "node-library", package: "docx", version: "9.0.0" }),
  library("a", "@scope/x", { kind: "node-library", package: "@scope/x", range: ">=1 <3" }),
];
const wishes = [
  { name: "a", bins: {} },
  { name: "b", bins: { prettier: npm("prettier", "3.0.0", ["prettier"]) } },
];
const plan = plannedFor(wishes, { libraries });
const [pythonTree, nodeTree] = ["python-libraries", "node-libraries"].map((ecosystem) => {
  const stage = plan.stages.find((each) => each.kind === "tree" && each.ecosystem === ecosystem);
  if (stage?.kind !== "tree") throw new Error(`no stage for ${ecosystem}`);
  return stage;
});

describe("a plan with libraries", () => {
  test("has one tree of each language, and the names by which interpreters find them", () => {
    const links = plan.layers.flatMap((layer) => (layer.kind === "links" ? layer.links : []));
    expect(links).toContainEqual({ path: "/node_modules", target: `${nodeTree?.output}/node_modules` });
    expect(links).toContainEqual({
      path: "/usr/local/lib/python3.11/dist-packages/skillcrate-libraries.pth",
      target: `${pythonTree?.output}/libraries.pth`,
    });
    // What a library runs on is there too.
    expect(links.map(({ path }) => path)).toContain("/usr/local/bin/node");
    expect(plan.libraries?.map(({ language, name }) => `${language} ${name}`)).toEqual([
      "node @scope/x",
      "node docx",
      "python polars",
      "python shelf",
      "python yaml",
    ]);
  });

  test("is the same in any order, and another one where a library changes", () => {
    expect(plannedFor(wishes, { libraries: [...libraries].reverse() }).hash).toBe(plan.hash);
    expect(plannedFor(wishes, { libraries: libraries.slice(1) }).hash).not.toBe(plan.hash);
    expect(plannedFor(wishes, { libraries: [] }).libraries).toBeUndefined();
  });

  test("is without a skill whose declared library cannot be had", () => {
    const missing: LibraryResolution = {
      ...library("a", "zzz", { kind: "apt", package: "python3-zzz" }, true),
      status: "unresolved",
      recipe: null,
      promise: null,
      reason: "nothing has it",
    };
    const planned = planWishes(wishes, { libraries: [...libraries, missing] });
    expect(planned.leftOut).toEqual([
      { skill: "a", dir: "/skills/a", reasons: ['the python library "zzz": nothing has it'] },
    ]);
    expect(planned.plan?.libraries?.map(({ name }) => name)).toEqual(["docx", "polars"]);
    const undeclared = planWishes(wishes, { libraries: [...libraries, { ...missing, declared: false }] });
    expect(undeclared.leftOut).toEqual([]);
  });
});

describe("rendered", () => {
  const network = { pythonIndex: "https://user:secret@pypi.corp/simple", npmRegistry: "https://npm.corp/" };
  const blockOf = (text: string, id: string | undefined) =>
    text
      .split("\n\n")
      .map(outline)
      .find(([first]) => first?.endsWith(` AS ${id}`));

  test("portable: pip stands on the Debian libraries of the image, npm on the image's Node", () => {
    const { dockerfile } = rendered(plan, "portable", network);
    expect(blockOf(dockerfile, "python-libraries-client")).toEqual([
      "FROM openclaw-sandbox:bookworm-slim AS python-libraries-client",
      "USER root",
      "ARG APT_EPOCH=2026-11-01",
      "RUN unpack-packages -- python3-pip python3-yaml",
      'COPY [".skillcrate/python/","/mnt/"]',
    ]);
    expect(blockOf(dockerfile, pythonTree?.id)).toEqual([
      `FROM python-libraries-client AS ${pythonTree?.id}`,
      `RUN make-python-libraries ${pythonTree?.output} polars==1.0 shelf-reader[x]>=2,<3`,
    ]);
    const runtime = plan.stages.find((stage) => stage.kind === "tree" && stage.ecosystem === "node");
    expect(blockOf(dockerfile, nodeTree?.id)).toEqual([
      `FROM ${runtime?.id} AS ${nodeTree?.id}`,
      `RUN make-node-libraries ${nodeTree?.output} @scope/x@>=1 <3 docx@9.0.0`,
    ]);
  });

  test("BuildKit: settings and caches are mounted", () => {
    const image = rendered(plan, "buildkit", network);
    expect(blockOf(image.dockerfile, pythonTree?.id)).toContain(
      `RUN <skillcrate-pip> <.skillcrate/python> make-python-libraries ${pythonTree?.output} polars==1.0 shelf-reader[x]>=2,<3`,
    );
    expect(blockOf(image.dockerfile, nodeTree?.id)?.join("\n")).toMatch(
      /RUN <skillcrate-npm> <\.skillcrate\/npm> make-node-libraries/,
    );
    expect(contextText(image, ".skillcrate/python/pip.conf")).toContain("pypi.corp");
    expect(image.dockerfile).not.toContain("secret");
  });

  test("scripts of npm packages run where they are allowed by name, after everything is there", () => {
    const { dockerfile } = rendered(plannedFor(wishes, { libraries, npmScripts: ["docx"] }), "portable");
    const lines = outline(dockerfile).filter((line) => /libraries|lifecycle/.test(line));
    expect(lines.join("\n")).toMatch(/RUN make-node-libraries (\S+) .*\nRUN run-lifecycle-scripts \1 docx\n/);
    expect(rendered(plan, "portable").dockerfile).not.toContain("lifecycle");
  });

  test.each([
    { kind: "python-library", package: "x", range: ">=1;python_version>'3'" },
    { kind: "python-library", package: "x", range: "--index-url=http://h" },
    { kind: "python-library", package: "-r" },
    { kind: "python-library", package: "x", extras: ["a]; import os"] },
    { kind: "node-library", package: "x", range: "file:../y" },
    { kind: "node-library", package: "x", range: "npm:evil@1" },
    { kind: "node-library", package: "git+ssh://h/x" },
  ] satisfies LibraryRecipe[])(
    "$kind $package $range: nothing that a client reads as something else",
    (recipe) => {
      const odd = plannedFor(wishes, { libraries: [library("a", "x", recipe)] });
      const { image, diagnostics } = renderImage(odd, {
        rendering: "portable",
        network: noNetworkSettings,
        contents: {},
      });
      expect(image).toBeNull();
      expect(diagnostics.map(({ code }) => code)).toEqual(["RENDER_VALUE_REFUSED"]);
    },
  );
});
