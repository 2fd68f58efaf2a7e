import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const scripts = [".ci/run", ...["images", "scripts", "skills"].flatMap(findShellScripts)];

function findShellScripts(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith(".sh"))
    .sort();
}

const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
if (!hasShellcheck) console.info("Left out: shellcheck of all scripts (needs Debian's package shellcheck).");

describe.each(scripts)("%s", (script) => {
  it("stops at the first error", () => {
    const text = readFileSync(join(root, script), "utf8");
    const sourced = !text.startsWith("#!");
    expect(sourced || /^set -(euo pipefail|eu|uo pipefail)$/m.test(text)).toBe(true);
  });

  it.runIf(hasShellcheck)("is clean", () => {
    const result = spawnSync("shellcheck", ["--external-sources", script], { cwd: root, encoding: "utf8" });
    expect(result.stdout).toBe("");
  });
});
