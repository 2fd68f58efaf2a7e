import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { packageDir } from "../../src/host/package-dir.ts";
import { overlaySchema } from "../../src/source/overlay-schema.ts";

describe("the schema for editors", () => {
  test("is the one that overlays are read by (vitest -u writes it anew)", async () => {
    const schema = z.toJSONSchema(overlaySchema, { io: "input" });
    const text = `${JSON.stringify({ title: "skillcrate.json5", ...schema }, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(packageDir(), "schema", "skillcrate.schema.json"));
  });

  test("is published", () => {
    const { files } = JSON.parse(readFileSync(join(packageDir(), "package.json"), "utf8"));
    expect(files).toContain("schema");
  });
});
