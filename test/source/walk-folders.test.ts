import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { closeFolder, openFolder, openFolderIn } from "../../src/host/open-folder.ts";
import { type WalkOptions, walkFolders } from "../../src/source/walk-folders.ts";
import { tempFolder } from "../support/temp-folder.ts";

function tree(...files: readonly string[]): string {
  const root = tempFolder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "x");
  }
  return root;
}

const everything: WalkOptions = { maxDepth: 32, maxFolders: 1_000, stopAtSkill: false };

function walk(root: string, options: Partial<WalkOptions> = {}) {
  const opened = openFolder(root);
  if (!opened.ok) throw new Error(opened.problem.kind);
  const diagnostics: Diagnostic[] = [];
  const visited: string[] = [];
  const skills: string[] = [];
  for (const { folder, skillFiles } of walkFolders(
    opened.folder,
    { ...everything, ...options },
    diagnostics,
  )) {
    visited.push(relative(root, folder.path) || ".");
    for (const { name } of skillFiles) skills.push(relative(root, join(folder.path, name)));
  }
  closeFolder(opened.folder);
  return { visited, skills, codes: diagnostics.map(({ code }) => code), diagnostics };
}

describe("what is visited", () => {
  test("parents before children, children by code unit, dot folders and node_modules not at all", () => {
    const root = tree(
      "b/SKILL.md",
      "a/x/SKILL.md",
      "a/SKILL.md",
      "B/f",
      ".git/SKILL.md",
      "a/.hidden/SKILL.md",
      "node_modules/m/SKILL.md",
    );
    const { visited, skills, codes } = walk(root);
    expect(visited).toEqual([".", "B", "a", "a/x", "b"]);
    expect(skills).toEqual(["a/SKILL.md", "a/x/SKILL.md", "b/SKILL.md"]);
    expect(codes).toEqual([]);
  });

  test("inside a skill only where that is asked for", () => {
    const root = tree("a/SKILL.md", "a/x/SKILL.md", "group/b/SKILL.md");
    expect(walk(root, { stopAtSkill: true }).skills).toEqual(["a/SKILL.md", "group/b/SKILL.md"]);
    expect(walk(tree("SKILL.md", "a/SKILL.md"), { stopAtSkill: true }).skills).toEqual(["SKILL.md"]);
  });

  test("every spelling of the file's name, the exact one first; a folder called skill.md is a folder", () => {
    const root = tree(
      "a/skill.md",
      "a/SKILL.MD",
      "a/SKILL.md",
      "b/Skill.md",
      "c/skill.md/SKILL.md",
      "d/SKILL.md/f",
    );
    expect(walk(root).skills).toEqual([
      "a/SKILL.md",
      "a/SKILL.MD",
      "a/skill.md",
      "b/Skill.md",
      "c/skill.md/SKILL.md",
      "d/SKILL.md",
    ]);
  });

  test("no linked folder, which is said once for each folder that holds some", () => {
    const outside = tree("secret/SKILL.md");
    const root = tree("a/SKILL.md");
    symlinkSync(outside, join(root, "linked"));
    symlinkSync(join(outside, "secret"), join(root, "linked2"));
    symlinkSync("..", join(root, "a", "up"));
    symlinkSync("self", join(root, "self"));
    symlinkSync("nothing", join(root, "dangling"));
    symlinkSync("a/SKILL.md", join(root, "file"));
    const { visited, skills, diagnostics } = walk(root);
    expect(visited).toEqual([".", "a"]);
    expect(skills).toEqual(["a/SKILL.md"]);
    expect(diagnostics.map(({ code, place }) => [code, place?.file])).toEqual([
      ["SOURCE_LINK_SKIPPED", join(root, "linked")],
      ["SOURCE_LINK_SKIPPED", join(root, "a", "up")],
    ]);
    expect(diagnostics[0]?.message).toContain("1 more");
  });
});

describe("limits say where they bit", () => {
  test("depth", () => {
    const root = tree("1/2/3/SKILL.md", "1/b/3/4/SKILL.md");
    expect(walk(root, { maxDepth: 3 }).skills).toEqual(["1/2/3/SKILL.md"]);
    const { codes, diagnostics } = walk(root, { maxDepth: 2 });
    expect(codes).toEqual(["SOURCE_TOO_DEEP"]);
    expect(diagnostics[0]?.place?.file).toBe(join(root, "1/2"));
    expect(diagnostics[0]?.message).toContain("2 places");
    expect(walk(root, { maxDepth: 4 }).codes).toEqual([]);
  });

  test("folders", () => {
    const root = tree("a/f", "b/f", "c/f");
    expect(walk(root, { maxFolders: 4 }).codes).toEqual([]);
    const { visited, codes } = walk(root, { maxFolders: 2 });
    expect([visited, codes]).toEqual([[".", "a"], ["SOURCE_FOLDER_LIMIT"]]);
  });

  test("candidates directly below the root, by name", () => {
    const root = tree("c/SKILL.md", "a/x/SKILL.md", "a/y/SKILL.md", "b/SKILL.md");
    const { skills, codes } = walk(root, { maxCandidates: 2 });
    expect([skills, codes]).toEqual([
      ["a/x/SKILL.md", "a/y/SKILL.md", "b/SKILL.md"],
      ["SOURCE_CANDIDATE_LIMIT"],
    ]);
    expect(walk(root, { maxCandidates: 3 }).codes).toEqual([]);
  });
});

test("an open folder stays itself when a link takes its place", () => {
  const root = tree("skill/SKILL.md");
  const outside = tree("SKILL.md", "other/SKILL.md");
  const opened = openFolder(join(root, "skill"));
  if (!opened.ok) throw new Error(opened.problem.kind);
  try {
    mkdirSync(join(root, "skill", "inner"));
    renameSync(join(root, "skill"), join(root, "moved"));
    symlinkSync(outside, join(root, "skill"));
    const inner = openFolderIn(opened.folder, "inner");
    expect(inner.ok).toBe(true);
    if (inner.ok) closeFolder(inner.folder);
    expect(openFolderIn(opened.folder, "other")).toEqual({ ok: false, problem: { kind: "missing" } });
  } finally {
    closeFolder(opened.folder);
  }
  expect(openFolder(join(root, "skill"))).toEqual({ ok: false, problem: { kind: "link" } });
});
