import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commandTable } from "../src/cli/command-table.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

const documents = ["", "docs/"].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => (name.endsWith(".md") ? [folder + name] : [])),
);

test.each(documents)("%s names and links files that are there", (document) => {
  const words = read(document).matchAll(/`((?:src|test|scripts|images|examples|docs)\/[\w./-]+)`/g);
  const named = [...words].map(([, path]) => path ?? "").filter((path) => !path.includes("NAME"));
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const links = [...read(document).matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? "");
  expect(links.filter((path) => !existsSync(join(root, dirname(document), path)))).toEqual([]);
});

test("SECURITY.md has its promises in one table, each with a test", () => {
  const [before, promises = "", ...after] = read("SECURITY.md").split(
    /^\| promise \| held by \|\n\| --- \| --- \|\n|\n(?=\n## )/m,
  );
  expect([before, ...after].join("\n")).not.toMatch(/^\|/m);
  const rows = promises.split("\n");
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => !/^\| .+ \| `test\/[^|]+` \|$/.test(row))).toEqual([]);
});

test("docs/commands.md has every command, and no other", () => {
  const rows = read("docs/commands.md").matchAll(/^\| (`[^|]+`) \|/gm);
  const named = [...rows].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([a-z-]+)/g)].map(([, name]) => name ?? ""),
  );
  expect([...new Set(named)].sort()).toEqual(commandTable.map(({ name }) => name).sort());
});

test.each(["scripts/lib/find-engine.mjs", "test/support/build-in-process.ts"])(
  "%s, which imports compiled files, names what there are sources of",
  (script) => {
    const imports = [...read(script).matchAll(/from "[./]*\/(?:dist|src)\/([\w/-]+)\.js"/g)];
    expect(imports.length).toBeGreaterThan(0);
    for (const [, path] of imports) expect(existsSync(join(root, "src", `${path}.ts`)), path).toBe(true);
  },
);
