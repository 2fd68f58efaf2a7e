import { describe, expect, test } from "vitest";
import type { Layer } from "../../src/plan/image-plan.ts";
import type { DownloadRecipe } from "../../src/recipe/recipe.ts";
import { contextText, outline, rendered } from "../dockerfile/rendering.ts";
import { plannedFor, planWishes } from "./planning.ts";

const sha256 = "b".repeat(64);
const recipe: DownloadRecipe = {
  kind: "download",
  package: "https://example.com/v1.2/tool-linux-amd64.tar.gz",
  sha256,
  archive: "tar.gz",
  stripComponents: 1,
  bins: ["tool"],
  files: {},
};
const plan = plannedFor([
  { name: "one", bins: { tool: recipe } },
  { name: "two", bins: { tool: recipe, "tool-too": { ...recipe, bins: ["tool-too"] } } },
]);
const [stage] = plan.stages.filter((each) => each.kind === "tree");

describe("a download in an image", () => {
  test("is one stage for all who asked, with a link for each command", () => {
    expect(plan.stages.map(({ id }) => id)).toEqual(["download-client", stage?.id]);
    expect(stage).toMatchObject({
      ecosystem: "download",
      bins: ["tool", "tool-too"],
      output: expect.stringMatching(/^\/opt\/skills\/tool-linux-amd64-tar-gz-[0-9a-f]{12}$/),
    });
    expect(stage?.requestedBy.map(({ skill, bin }) => [skill, bin])).toEqual([
      ["one", "tool"],
      ["two", "tool"],
      ["two", "tool-too"],
    ]);
    const links = plan.layers.flatMap((layer: Layer) => (layer.kind === "links" ? layer.links : []));
    expect(links).toEqual([
      { path: "/usr/local/bin/tool", target: `${stage?.output}/bin/tool` },
      { path: "/usr/local/bin/tool-too", target: `${stage?.output}/bin/tool-too` },
    ]);
    expect(plan.layers.map(({ title }) => title)).toContain("download tool-linux-amd64.tar.gz");
  });

  test("changes its folder with everything that decides what is in it", () => {
    const outputs = [
      recipe,
      { ...recipe, package: "https://example.com/v1.3/tool-linux-amd64.tar.gz" },
      { ...recipe, sha256: null },
      { ...recipe, stripComponents: 0 },
      { ...recipe, files: { tool: "bin/tool" } },
    ].map((each) => plannedFor([{ name: "one", bins: { tool: each } }]).stages.at(-1));
    expect(new Set(outputs.map((each) => each?.id)).size).toBe(5);
  });

  test("brings Python to its stage where the image below has none", () => {
    const below = {
      kind: "external",
      base: { reference: "debian:bookworm-slim", digest: null, imageId: null },
      known: new Set<string>(),
      user: null,
    } as const;
    const bare = planWishes([{ name: "one", bins: { tool: recipe } }], { below }).plan;
    expect(bare?.stages[0]).toMatchObject({ id: "download-client", packages: ["python3"] });
    expect(bare?.layers.some(({ kind }) => kind === "packages")).toBe(false);
    expect(plan.stages[0]).toMatchObject({ packages: [] });
  });
});

describe("its step", () => {
  const step = (lines: readonly string[]) => lines.find((line) => line.includes("fetch-download"));
  const words = `fetch-download ${recipe.package} ${sha256} tar.gz 1 ${stage?.output} /opt/record tool= tool-too=`;

  test("portable: gets everything as arguments", () => {
    const image = rendered(plan, "portable");
    expect(step(outline(image.dockerfile))).toBe(`RUN ${words}`);
    expect(image.dockerfile).toContain(`COPY --from=${stage?.id} ["${stage?.output}","${stage?.output}"]`);
  });

  test("for BuildKit: keeps files in a cache, and sees certificates without a copy", () => {
    const caPem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const image = rendered(plan, "buildkit", { caPem });
    expect(step(outline(image.dockerfile))).toBe(
      `RUN <skillcrate-downloads> <.skillcrate/download> ${words}`,
    );
    expect(contextText(image, ".skillcrate/download/ca.pem")).toBe(caPem);
    expect(contextText(rendered(plan, "buildkit"), ".skillcrate/download/ca.pem")).toBeNull();
  });

  test("takes the digest that a lock has recorded where none is declared", () => {
    const open = plannedFor([{ name: "one", bins: { tool: { ...recipe, sha256: null } } }]);
    const id = open.stages.at(-1)?.id ?? "";
    expect(step(outline(rendered(open, "portable").dockerfile))).toContain(`${recipe.package} - tar.gz`);
    const parts = { [id]: { kind: "download", sha256, sizeBytes: 10 } } as const;
    const locked = { ...open, locked: { indexReadAt: "20261122T051500Z", parts } };
    expect(step(outline(rendered(locked, "portable").dockerfile))).toContain(`${recipe.package} ${sha256}`);
  });
});
