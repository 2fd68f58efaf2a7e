import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ListWorkspaceRequest, listWorkspace } from "../../../src/sandbox/workspace/list-workspace.ts";
import { countDescriptors, type SandboxWorld, sandboxWorld, writeTree } from "./sandbox-world.ts";

let world: SandboxWorld;
let descriptors: number;

beforeEach(() => {
  world = sandboxWorld();
  descriptors = countDescriptors();
});

afterEach(() => expect(countDescriptors()).toBe(descriptors));

const list = (path: string, options: Partial<ListWorkspaceRequest> = {}) =>
  listWorkspace({ mounts: world.mounts, path, ...options });

describe("listWorkspace", () => {
  test("gives every entry with its type, in order, and what is mounted in the folder", async () => {
    writeTree(world.workspaceDir, { b: "12345", "a/x": "" });
    symlinkSync("/etc/shadow", join(world.workspaceDir, "link"));
    execFileSync("mkfifo", [join(world.workspaceDir, "pipe")]);
    const { insidePath, entries, complete } = await list(".");
    expect([insidePath, complete]).toEqual(["/workspace", true]);
    expect(
      entries.map(({ name, type, sizeBytes, linkTarget }) => [name, type, sizeBytes, linkTarget]),
    ).toEqual([
      ["a", "folder", 0, null],
      ["b", "file", 5, null],
      // Mounted there, though the workspace itself has none.
      ["home", "folder", 0, null],
      ["link", "link", 0, "/etc/shadow"],
      ["pipe", "special", 0, null],
      ["skills", "folder", 0, null],
    ]);
  });

  test("above the mounts shows what leads to them, and nothing of the host", async () => {
    const { entries } = await list("/");
    expect(entries.map(({ name }) => name)).toEqual(["workspace"]);
    await expect(list("/etc")).rejects.toMatchObject({ code: "WORKSPACE_PATH_OUTSIDE" });
  });

  test("ends at its limit and says so", async () => {
    for (let index = 0; index < 20; index += 1) writeFileSync(join(world.homeDir, `f${index}`), "");
    const { entries, complete } = await list("home", { maxEntries: 7 });
    expect([entries.length, complete]).toEqual([7, false]);
    expect((await list("home", { maxEntries: 20 })).complete).toBe(true);
  });

  test("a link to a folder is followed only where that was asked for; a file is none", async () => {
    mkdirSync(join(world.workspaceDir, "real"));
    symlinkSync("real", join(world.workspaceDir, "way"));
    symlinkSync("../../outside", join(world.workspaceDir, "out"));
    writeTree(world.workspaceDir, { "real/file": "" });
    await expect(list("way")).rejects.toMatchObject({ code: "WORKSPACE_LINK" });
    expect((await list("way", { links: "inside" })).insidePath).toBe("/workspace/real");
    await expect(list("out", { links: "inside" })).rejects.toMatchObject({ code: "WORKSPACE_PATH_OUTSIDE" });
    await expect(list("real/file")).rejects.toMatchObject({ code: "WORKSPACE_WRONG_TYPE" });
    await expect(list("home", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
