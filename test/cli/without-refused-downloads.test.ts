import { expect, test } from "vitest";
import { planImages } from "../../src/cli/plan-images.ts";
import type { PlanSources } from "../../src/cli/read-plan-sources.ts";
import { withoutRefusedDownloads } from "../../src/cli/without-refused-downloads.ts";
import type { FailedImage } from "../../src/engine/build/build-outcome.ts";
import { emptyOverlay } from "../../src/recipe/overlay.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";
import { builtInInput, builtInSpecs } from "../plan/planning.ts";
import { installEntry, skillWith } from "../recipe/resolve-one.ts";

const skillNamed = (name: string, url: string) => {
  const dir = `/skills/${name}`;
  const entry = installEntry("download", {
    url,
    bins: [name],
    place: { file: `${dir}/SKILL.md`, line: 5, column: 3 },
  });
  return skillWith([name], [entry], { name, dir, file: `${dir}/SKILL.md` });
};

const skills = [
  skillNamed("fine", "https://example.com/fine"),
  skillNamed("bad", "https://example.com/bad"),
  skillNamed("as-bad", "https://example.com/bad"),
];

const sources: PlanSources = {
  wanted: ["skills"],
  profiles: [{ name: "mine", base: "base", skills }],
  specs: builtInSpecs,
  debian: readDebianIndex(),
  overlay: emptyOverlay("/skills/skillcrate.json5"),
  needs: new Map(),
  diagnostics: [],
};

const failed: FailedImage = {
  status: "failed",
  image: "mine",
  tag: "openclaw-sandbox-skills:mine",
  hash: "0".repeat(64),
  seconds: 1,
  code: "DOWNLOAD_REFUSED",
  message: "download bad is refused: ../x leads out of the archive",
  hint: "Correct the address.",
  places: ["bad", "as-bad"].map((name) => ({ file: `/skills/${name}/SKILL.md`, line: 5, column: 3 })),
  log: [],
};

const plan = (from: PlanSources) =>
  planImages(from, builtInInput, { base: null, tagPrefix: null, accept: [], allow: [] });

test("every skill that asked for a refused download is left out, with the reason, and no other", () => {
  expect(plan(sources).leftOut).toEqual([]);
  const rest = withoutRefusedDownloads(sources, [failed]);
  if (rest === null) throw new Error("nothing is refused");
  const { plans, leftOut, diagnostics } = plan(rest);
  expect(plans.at(-1)?.promises.map(({ name }) => name)).toEqual(["fine"]);
  expect(leftOut.map(({ skill, reasons }) => [skill, reasons.join().includes("leads out")])).toEqual([
    ["as-bad", true],
    ["bad", true],
  ]);
  const refusals = diagnostics.filter(({ code }) => code === "RECIPE_DOWNLOAD_REFUSED");
  expect(refusals.map(({ severity, place }) => [severity, place?.file])).toEqual([
    ["error", "/skills/as-bad/SKILL.md"],
    ["error", "/skills/bad/SKILL.md"],
  ]);
});

test("there is an end to it", () => {
  const rest = withoutRefusedDownloads(sources, [failed]);
  if (rest === null) throw new Error("nothing is refused");
  expect(withoutRefusedDownloads(rest, [failed])).toBeNull();
});

test("other failures leave nobody out", () => {
  expect(withoutRefusedDownloads(sources, [{ ...failed, code: "BUILD_FAILED" }])).toBeNull();
  expect(withoutRefusedDownloads(sources, [{ ...failed, places: [] }])).toBeNull();
  expect(withoutRefusedDownloads(sources, [])).toBeNull();
});
