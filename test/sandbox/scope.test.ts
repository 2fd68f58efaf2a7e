import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closeFolder } from "../../src/host/open-folder.ts";
import { openScopeFolder } from "../../src/sandbox/open-scope-folder.ts";
import { type Scope, type ScopeKind, scopeSlug } from "../../src/sandbox/scope.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { readScopeRecord, recordScopeUse } from "../../src/sandbox/scope-record.ts";
import { tempFolder } from "../support/temp-folder.ts";

const slugOf = (key: string, kind: ScopeKind = "session") => scopeSlug({ kind, key });

/** At most 32 readable characters, neither first nor last a dash, and 128 bits. */
const grammar = /^(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?-)?[0-9a-f]{32}$/;

const kinds: readonly ScopeKind[] = ["session", "agent", "shared"];
/** Any sequence of UTF-16 code units, halves of pairs included. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

describe("the name of a scope's folder", () => {
  test.each<[string, string, string]>([
    ["a separator of another kind", "agent:main:dm", "agent-main-dm"],
    ["letter case", "agent:Main", "agent:main"],
    ["only the end, far behind every cut", `${"x".repeat(300)}a`, `${"x".repeat(300)}b`],
    ["only the length", "x".repeat(300), "x".repeat(301)],
    ["one in 10 KB", `${"k".repeat(10_239)}1`, `${"k".repeat(10_239)}2`],
    ["nothing that can be read", "日本", "中国"],
    ["the empty key", "", "-"],
    ["a NUL", "a\0b", "ab"],
    ["what follows a NUL", "a\0b", "a\0c"],
    ["a line end", "a\n", "a"],
    ["composed and decomposed letters", "caf\u00e9", "cafe\u0301"],
    ["halves of pairs, which have no UTF-8", "a\ud800", "a\udbff"],
    ["half of a pair and what encoders put for it", "a\ud800", "a\ufffd"],
    ["half of a pair and its escape", "a\ud800", "a\\ud800"],
    ["a path upwards", "../../etc", "/etc"],
    ["the slug of the other one", slugOf("a"), "a"],
  ])("differs where keys differ in %s", (_what, left, right) => {
    expect(slugOf(left)).toMatch(grammar);
    expect(slugOf(right)).toMatch(grammar);
    expect(slugOf(left)).not.toBe(slugOf(right));
  });

  test("differs for scopes of one key and different kinds", () => {
    expect(new Set(kinds.map((kind) => slugOf("main", kind))).size).toBe(3);
    expect(slugOf('agent","main', "session")).not.toBe(slugOf("main", "agent"));
  });

  test("is one plain component of a path for any text, and another for any other", () => {
    fc.assert(
      fc.property(anyText, anyText, (left, right) => {
        expect(slugOf(left)).toMatch(grammar);
        expect(slugOf(left) === slugOf(right)).toBe(left === right);
      }),
    );
  });

  test("can be told from its look, whatever letters it is made of", () => {
    expect(slugOf("Agent:Main:DM:+49 151 23").replace(/-[0-9a-f]{32}$/, "")).toBe("agent-main-dm-49-151-23");
    expect(slugOf(`--${"ab ".repeat(50)}`).replace(/-[0-9a-f]{32}$/, "")).toBe(
      "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab",
    );
  });

  test("stays what it is in all versions: homes and secrets are found by it", () => {
    expect(slugOf("agent:main:main")).toBe("agent-main-main-c8fa11da46fcf220e3bec768b4adc2c6");
    expect(slugOf("shared", "shared")).toBe("shared-3270a78334b96c6129384ca6459cc18c");
    expect(slugOf("日本")).toBe("e4a664d8318fe915689c7539ec5f721d");
  });
});

describe("a scope's folder", () => {
  const keys = ["k".repeat(10_240), "a\0b\nc", "../../etc", "/", "..", "日本 \u202e", "-rf", "a\ud800"];

  test.each(keys.map((key) => [key.slice(0, 20), key]))(
    "for %j: in the root, closed, and remembers the whole key",
    (_, key) => {
      const workspaceRoot = join(tempFolder(), "sandboxes");
      const scope: Scope = { kind: "session", key };
      const folder = scopeFolder(workspaceRoot, scope);
      expect(dirname(folder.dir)).toBe(workspaceRoot);
      closeFolder(openScopeFolder(workspaceRoot, folder));
      const stats = lstatSync(folder.dir);
      expect([stats.isDirectory(), stats.mode & 0o777]).toEqual([true, 0o700]);
      recordScopeUse(folder, { agent: null, session: key, nowMs: 0 });
      expect(readScopeRecord(folder.recordsDir)).toMatchObject({
        kind: "record",
        record: { kind: "session", key },
      });
    },
  );

  test("that another key has is not taken", () => {
    const workspaceRoot = tempFolder();
    const folder = scopeFolder(workspaceRoot, { kind: "session", key: "a" });
    closeFolder(openScopeFolder(workspaceRoot, folder));
    const use = { agent: null, session: null, nowMs: 0 };
    recordScopeUse(folder, use);
    const other: Scope = { kind: "agent", key: "a" };
    expect(() => recordScopeUse({ ...folder, scope: other }, use)).toThrow(
      expect.objectContaining({
        code: "SCOPE_MISMATCH",
        message: expect.stringContaining(basename(folder.dir)),
      }),
    );
  });

  test("keeps its parts apart", () => {
    const { dir, workspaceDir, skillsDir, homeDir, accountsDir, envFile, recordsDir } = scopeFolder("/w", {
      kind: "shared",
      key: "shared",
    });
    const parts = [workspaceDir, skillsDir, homeDir, accountsDir, envFile, recordsDir];
    expect(parts.map(dirname)).toEqual(parts.map(() => dir));
    expect(new Set(parts).size).toBe(parts.length);
  });
});
