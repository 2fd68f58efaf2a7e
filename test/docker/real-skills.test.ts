import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { corpusDir } from "../support/corpus.ts";
import { usePackageCli } from "./package-cli.ts";

const { build } = usePackageCli();

const corpus = corpusDir();
if (corpus === null) console.info("the corpus of real skills is not there: its build is left out");
describe.runIf(corpus !== null)("the skills that ship with a gateway", () => {
  test("get all that Linux can have from what this network reaches, and a reason for each other one", async () => {
    const prefix = `${inject("tagPrefix")}real`;
    const built = await build([join(corpus ?? "", "bundled"), "--name", "bundled"], prefix);
    const { outcome, diagnostics, result } = JSON.parse(built.stdout);
    expect(built.exitCode, built.stderr).toBe(0);
    const lost = result.leftOut.filter(({ elsewhere }: { elsewhere: boolean }) => !elsewhere);
    expect(outcome).toBe(lost.length > 0 ? "partial" : "ok");
    const image = result.images.find((each: { image: string }) => each.image === "bundled");
    const names = image.binaries.map((binary: { name: string }) => binary.name);
    expect(names).toEqual(expect.arrayContaining(["bird", "gemini", "mcporter", "oracle", "tmux"]));
    for (const { skill, reasons } of result.leftOut) {
      expect(reasons.length, skill).toBeGreaterThan(0);
    }
    // Go, downloads and Python's index are not reached everywhere; what comes from there is said to be missing, where.
    const missing = diagnostics.filter(({ code }: { code: string }) =>
      ["RECIPE_FAILED", "RECIPE_UNRESOLVED", "IMAGE_PART_LEFT_OUT"].includes(code),
    );
    for (const { place } of missing) expect(place).toMatchObject({ line: expect.any(Number) });
    expect(missing.length > 0).toBe(lost.length > 0);
  });
});
