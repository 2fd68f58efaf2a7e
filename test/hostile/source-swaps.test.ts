import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { closeFolder, openFolder } from "../../src/host/open-folder.ts";
import { readSkillFile } from "../../src/source/read-skill-file.ts";
import { walkFolders } from "../../src/source/walk-folders.ts";
import { tempFolder } from "../support/temp-folder.ts";

function skillText(name: string): string {
  return `---\nname: ${name}\ndescription: A skill for a test.\n---\nText.\n`;
}

/** A tree that a sandbox can write, and one that it wants to see through the host's eyes. */
function trees(): { root: string; secret: string } {
  const root = tempFolder();
  const secret = tempFolder();
  mkdirSync(join(root, "skill", "inner"), { recursive: true });
  writeFileSync(join(root, "skill", "SKILL.md"), skillText("mine"));
  writeFileSync(join(root, "skill", "inner", "SKILL.md"), skillText("mine-too"));
  mkdirSync(join(secret, "inner"));
  writeFileSync(join(secret, "SKILL.md"), skillText("canary"));
  writeFileSync(join(secret, "inner", "SKILL.md"), skillText("canary"));
  return { root, secret };
}

/** Walks `root` and calls `swap` at the moment a folder has been listed and nothing in it been opened. */
function namesSeen(
  root: string,
  swap: (path: string) => void,
): { names: string[]; diagnostics: Diagnostic[] } {
  const opened = openFolder(root);
  if (!opened.ok) throw new Error(opened.problem.kind);
  const diagnostics: Diagnostic[] = [];
  const names: string[] = [];
  const options = { maxDepth: 9, maxFolders: 99, stopAtSkill: false };
  for (const { folder, skillFiles } of walkFolders(opened.folder, options, diagnostics)) {
    swap(folder.path);
    if (skillFiles.length > 0) names.push(readSkillFile(folder, ["SKILL.md"], 1_000).name);
  }
  closeFolder(opened.folder);
  return { names, diagnostics };
}

function replaceByLink(path: string, target: string): void {
  renameSync(path, `${path}-kept`);
  symlinkSync(target, path);
}

describe.runIf(process.platform === "linux")("a folder swapped for a link while it is read", () => {
  test("after it was opened: what was opened is what is read, all the way down", () => {
    const { root, secret } = trees();
    const { names, diagnostics } = namesSeen(root, (path) => {
      if (path === join(root, "skill")) replaceByLink(path, secret);
    });
    expect(names).toEqual(["mine", "mine-too"]);
    expect(diagnostics).toEqual([]);
  });

  test("after it was listed: it is refused as a link", () => {
    const { root, secret } = trees();
    const { names, diagnostics } = namesSeen(root, (path) => {
      if (path === root) replaceByLink(join(root, "skill"), secret);
    });
    expect(names).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: "SOURCE_FOLDER_UNREADABLE", message: expect.stringContaining("symbolic link") },
    ]);
  });

  test("a SKILL.md swapped after it was listed is refused as a link", () => {
    const { root, secret } = trees();
    const { names } = namesSeen(root, (path) => {
      if (path === join(root, "skill")) replaceByLink(join(path, "SKILL.md"), join(secret, "SKILL.md"));
    });
    // The folder's name stands in for a skill that cannot be read.
    expect(names).toEqual(["skill", "mine-too"]);
  });

  test("a SKILL.md that was removed after it was listed is a row that says so", () => {
    const { root } = trees();
    const { names } = namesSeen(root, (path) => {
      if (path === join(root, "skill")) renameSync(join(path, "SKILL.md"), join(path, "gone"));
    });
    expect(names).toEqual(["skill", "mine-too"]);
  });
});
