import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import { scopeFolder } from "../../../src/sandbox/scope-folder.ts";
import { changeSecretFile, readEnvFile, readSecretFile } from "../../../src/sandbox/secrets/secret-file.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const scope = { kind: "session", key: "agent:main:main" } as const;

function place() {
  const workspaceRoot = join(tempFolder(), "sandboxes");
  const folder = scopeFolder(workspaceRoot, scope);
  const change = (changes: Record<string, string | null>) =>
    changeSecretFile(workspaceRoot, folder, new Map(Object.entries(changes)));
  const write = (text: string | Uint8Array, mode = 0o600) => {
    mkdirSync(folder.dir, { recursive: true, mode: 0o700 });
    writeFileSync(folder.envFile, text, { mode });
    chmodSync(folder.envFile, mode);
  };
  return { folder, change, write };
}

const failure = (promise: Promise<unknown>): Promise<SkillcrateError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error) => error,
  );

describe("a scope's file", () => {
  test("is made with its folder, for this user alone, whatever the umask", async () => {
    const { folder, change } = place();
    expect(readSecretFile(folder)).toMatchObject({ exists: false, diagnostics: [], values: new Map() });
    const before = process.umask(0);
    try {
      expect(await change({ A: "1", B: "two words" })).toMatchObject({ added: ["A", "B"], replaced: [] });
    } finally {
      process.umask(before);
    }
    expect(statSync(folder.envFile).mode & 0o777).toBe(0o600);
    expect(statSync(folder.dir).mode & 0o777).toBe(0o700);
    expect(new Map(readSecretFile(folder).values)).toEqual(
      new Map([
        ["A", "1"],
        ["B", "two words"],
      ]),
    );
    expect(readdirSync(folder.dir).sort()).toEqual([".env", "records"]);
  });

  test("tells what was added, replaced and removed", async () => {
    const { change } = place();
    await change({ A: "1", B: "2" });
    expect(await change({ A: "3", C: "4", B: null, GONE: null })).toMatchObject({
      added: ["C"],
      replaced: ["A"],
      removed: ["B"],
    });
  });

  test("that others may read is said, and repaired by the next change even where it changes nothing", async () => {
    const { folder, change, write } = place();
    write("A=1\n", 0o644);
    expect(readSecretFile(folder).diagnostics.map(({ code }) => code)).toEqual(["SECRET_FILE_MODE"]);
    expect(readSecretFile(folder).values.get("A")).toBe("1");
    await change({ A: "1" });
    expect(statSync(folder.envFile).mode & 0o777).toBe(0o600);
    expect(readSecretFile(folder).diagnostics).toEqual([]);
  });

  test("is changed by many at once without losing one", async () => {
    const { folder, change } = place();
    await Promise.all(Array.from({ length: 20 }, (_, index) => change({ [`N${index}`]: String(index) })));
    expect(readSecretFile(folder).values.size).toBe(20);
  });

  test("is left as it was where a value cannot be written: all or none", async () => {
    const { folder, change, write } = place();
    write("# mine\nA=1\n");
    const error = await failure(change({ B: "fine", C: "canary'\"`\n#" }));
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
    expect(error.message).toContain('"C"');
    expect(error.message + error.hint).not.toContain("canary");
    expect(readFileSync(folder.envFile, "utf8")).toBe("# mine\nA=1\n");
  });

  test("is of one scope alone, however alike two keys are", async () => {
    const workspaceRoot = join(tempFolder(), "sandboxes");
    const scopes = ["a:b", "a-b", "A:B", "x".repeat(300), `${"x".repeat(300)}y`].flatMap((key) => [
      scopeFolder(workspaceRoot, { kind: "session", key }),
      scopeFolder(workspaceRoot, { kind: "agent", key }),
    ]);
    for (const [index, folder] of scopes.entries()) {
      await changeSecretFile(workspaceRoot, folder, new Map([["A", String(index)]]));
    }
    expect(scopes.map((folder) => readSecretFile(folder).values.get("A"))).toEqual(
      scopes.map((_, index) => String(index)),
    );
  });

  test("of a megabyte takes no more", async () => {
    const { change } = place();
    const value = "x".repeat(130_000);
    for (let index = 0; index < 8; index += 1) await change({ [`N${index}`]: value });
    expect(await failure(change({ N8: value }))).toMatchObject({ code: "INPUT_INVALID" });
  });
});

describe("a file that is none is neither read nor written", () => {
  const hostile: readonly (readonly [string, (path: string, dir: string) => void])[] = [
    [
      "a link to another file",
      (path, dir) => {
        writeFileSync(join(dir, "elsewhere"), "A=canary\n");
        symlinkSync(join(dir, "elsewhere"), path);
      },
    ],
    ["a link to nothing", (path) => symlinkSync("/nonexistent/x", path)],
    ["a pipe", (path) => execFileSync("mkfifo", [path])],
    ["a folder", (path) => mkdirSync(path)],
    [
      "a gigabyte of nothing",
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 1 << 30);
      },
    ],
    ["a NUL", (path) => writeFileSync(path, "A=can\0ary\n")],
    ["UTF-16", (path) => writeFileSync(path, Buffer.from("\ufeffA=canary\n", "utf16le"))],
    ["Latin-1", (path) => writeFileSync(path, Buffer.from("A=canary\xe9\n", "latin1"))],
  ];

  test.each(hostile)("%s", async (_, make) => {
    const { folder, change } = place();
    mkdirSync(folder.dir, { recursive: true, mode: 0o700 });
    make(folder.envFile, folder.dir);
    const read = readSecretFile(folder);
    expect(read.values.size).toBe(0);
    expect(read.diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "SECRET_FILE_UNREADABLE error",
    ]);
    expect(readEnvFile(folder.envFile).diagnostics).toEqual(read.diagnostics);
    const error = await failure(change({ A: "canary" }));
    expect(error).toMatchObject({ code: "INPUT_INVALID", diagnostics: read.diagnostics });
    expect(JSON.stringify(read.diagnostics) + error.message).not.toContain("canary");
    expect(readdirSync(folder.dir).filter((name) => name.includes("new"))).toEqual([]);
  });

  test("a scope's folder that is a link leads nowhere", async () => {
    const { folder, change } = place();
    const elsewhere = tempFolder();
    writeFileSync(join(elsewhere, ".env"), "A=canary\n");
    mkdirSync(join(folder.dir, ".."), { recursive: true });
    symlinkSync(elsewhere, folder.dir);
    expect(readSecretFile(folder).values.size).toBe(0);
    expect(await failure(change({ A: "1" }))).toMatchObject({ code: "SCOPE_FOREIGN" });
    expect(readFileSync(join(elsewhere, ".env"), "utf8")).toBe("A=canary\n");
  });

  test("what a crash left beside the file does not matter, even a link", async () => {
    const { folder, change, write } = place();
    write("A=1\n");
    const elsewhere = join(tempFolder(), "victim");
    writeFileSync(elsewhere, "old");
    symlinkSync(elsewhere, join(folder.dir, "..env.new"));
    await change({ A: "2" });
    expect(readFileSync(elsewhere, "utf8")).toBe("old");
    expect(readSecretFile(folder).values.get("A")).toBe("2");
  });

  test("a second name of the file keeps the old content", async () => {
    const { folder, change, write } = place();
    write("A=1\n");
    const twin = join(tempFolder(), "twin");
    linkSync(folder.envFile, twin);
    await change({ A: "2" });
    expect(readFileSync(twin, "utf8")).toBe("A=1\n");
  });
});
