import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { type ChangeReport, skillChanges } from "../support/mirror-change-process.ts";

let dir: string;
let bundle: string;

beforeAll(async () => {
  dir = memoryFolder();
  bundle = await bundleSource(["../test/support/mirror-change-process.ts"], join(dir, "bundle"));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe.concurrent("a skill that changes at any moment of its mirroring is mirrored as it was once, or refused", () => {
  test.each(skillChanges.map((change, index) => [change, index] as const))(
    "somebody %s",
    async (change, index) => {
      const args = [join(dir, String(index)), change];
      const report = await callInProcess<ChangeReport>(bundle, "changeAtEveryOperation", args).result;
      expect(report.problems).toEqual([]);
      expect(report.operations).toBeGreaterThan(15);
      expect(report.changed + report.refused).toBeGreaterThan(0);
    },
    300_000,
  );
});
