import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sandboxSchema } from "../../src/config/sandbox-schema.ts";
import { settingsReference } from "../../src/config/settings-reference.ts";
import { packageDir } from "../../src/host/package-dir.ts";
import { configuration, withSandbox } from "./effective.ts";

describe("made from the tables of settings (node scripts/write-config-reference.mjs, or vitest -u)", () => {
  test("the schema for editors", async () => {
    const text = `${JSON.stringify(sandboxSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(packageDir(), "schema", "sandbox.schema.json"));
  });

  test("the reference page", async () => {
    await expect(settingsReference()).toMatchFileSnapshot(join(packageDir(), "docs", "configuration.md"));
  });

  test("both are published", () => {
    const { files } = JSON.parse(readFileSync(join(packageDir(), "package.json"), "utf8"));
    expect(files).toEqual(expect.arrayContaining(["schema", "docs"]));
  });
});

describe("the schema", () => {
  const schema = z.fromJSONSchema(sandboxSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const names = readdirSync(fileURLToPath(new URL("configurations", import.meta.url)));

  test.each(names.map((name) => name.replace(".json5", "")))("takes %s", (name) => {
    expect(schema.safeParse(configuration(name).valueAt([])).error).toBeUndefined();
  });

  test.each([
    { image: "x" },
    { mode: "on" },
    { docker: { memory: "1e9g" } },
    { docker: { pidsLimit: 0 } },
    { docker: { network: "HOST" } },
    { docker: { user: "0:0" } },
    { docker: { seccompProfile: "unconfined" } },
    { docker: { binds: ["data:/data"] } },
    { docker: { containerPrefix: "../" } },
    { prune: { idleHours: -1 } },
  ])("marks %o", (sandbox) => {
    expect(schema.safeParse(withSandbox(sandbox).valueAt([])).success).toBe(false);
  });
});
