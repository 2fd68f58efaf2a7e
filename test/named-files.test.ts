import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

test.each(["SECURITY.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])(
  "%s names files that are there",
  (document) => {
    const words = read(document).matchAll(/`((?:src|test|scripts|images|examples|docs)\/[\w./-]+)`/g);
    const named = [...words].map(([, path]) => path ?? "").filter((path) => !path.includes("NAME"));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

test.each(["scripts/lib/find-engine.mjs", "test/support/build-in-process.ts"])(
  "%s, which imports compiled files, names what there are sources of",
  (script) => {
    const imports = [...read(script).matchAll(/from "[./]*\/(?:dist|src)\/([\w/-]+)\.js"/g)];
    expect(imports.length).toBeGreaterThan(0);
    for (const [, path] of imports) expect(existsSync(join(root, "src", `${path}.ts`)), path).toBe(true);
  },
);
