import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

let root: string;
let workspaceDir: string;
let cwd: string;

beforeEach(() => {
  root = tempFolder();
  cwd = join(root, "here");
  workspaceDir = scopeFolder(join(root, "sandboxes"), { kind: "agent", key: "main" }).workspaceDir;
  mkdirSync(workspaceDir, { recursive: true });
  mkdirSync(cwd);
});

async function run(...argv: string[]) {
  return callCli(["workspace", ...argv, "--workspace-root", join(root, "sandboxes")], { cwd, homeDir: root });
}

const main = ["--agent", "main"];

describe("workspace", () => {
  test("put, list and get: what goes in comes out", async () => {
    writeFileSync(join(cwd, "Photo 1.JPG"), "bytes");
    writeFileSync(join(cwd, "b"), "b");
    const put = await run("put", "Photo 1.JPG", "b", ...main, "--json");
    expect([put.exitCode, put.stderr]).toEqual([0, ""]);
    const document = JSON.parse(put.stdout);
    expect(document).toMatchObject({
      format: "skillcrate/workspace-put@1",
      outcome: "ok",
      result: {
        scope: { kind: "agent", key: "main" },
        staged: [{ originalName: "Photo 1.JPG" }, { sizeBytes: 1 }],
      },
    });
    const [{ insidePath, name }] = document.result.staged;
    expect(insidePath).toMatch(/^\/workspace\/media\/inbound\/photo-1-[0-9a-f]{12}\.jpg$/);
    const listed = JSON.parse((await run("list", "media/inbound", ...main, "--json")).stdout);
    expect(listed).toMatchObject({ format: "skillcrate/workspace-list@1", result: { complete: true } });
    expect(listed.result.entries).toHaveLength(2);
    const got = await run("get", insidePath, ...main);
    expect(got).toMatchObject({ exitCode: 0, stdout: `${join(cwd, name)}: 1 file, 5 B\n` });
    expect(readFileSync(join(cwd, name), "utf8")).toBe("bytes");
    expect((await run("get", insidePath, ...main)).exitCode).toBe(2);
    expect((await run("get", insidePath, ...main, "--force")).exitCode).toBe(0);
    expect((await run("get", "media", "taken", ...main)).exitCode).toBe(0);
    expect(readdirSync(join(cwd, "taken", "inbound"))).toHaveLength(2);
  });

  test("what the sandbox wrote is shown escaped, and its links lead nowhere", async () => {
    writeFileSync(join(workspaceDir, "\u001b[2J\u202e"), "");
    symlinkSync("/etc/shadow\u0007", join(workspaceDir, "link"));
    mkdirSync(join(workspaceDir, "out"));
    symlinkSync("/etc/shadow", join(workspaceDir, "out", "shadow"));
    for (const argv of [["list"], ["list", "--json"], ["get", "link"], ["get", "out", "--json"]]) {
      const { stdout, stderr } = await run(...argv, ...main);
      expect(stdout + stderr).toMatch(/^[\u0020-\u007e\n…✓✗·›→│]*$/);
    }
    expect((await run("get", "link", ...main)).exitCode).toBe(2);
    expect((await run("get", "link", ...main, "--follow")).exitCode).toBe(2);
    expect(readdirSync(cwd)).toEqual(["out"]);
    expect(readdirSync(join(cwd, "out"))).toEqual([]);
  });

  test.each([
    [["list"], "USAGE"],
    [["list", "--agent", "main", "--shared"], "USAGE"],
    [["list", "--session", "unknown"], "INPUT_INVALID"],
    [["put", "missing", ...main], "INPUT_INVALID"],
    [["get", "..", ...main], "WORKSPACE_PATH_INVALID"],
    [["get", "/etc/passwd", ...main], "WORKSPACE_PATH_OUTSIDE"],
    [["get", "missing", ...main], "WORKSPACE_NOT_FOUND"],
  ])("%j ends with 2 and %s", async (argv, code) => {
    const { exitCode, stdout } = await run(...argv, "--json");
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "refused", result: null, diagnostics: [{ code }] });
  });

  test("in an agent's own workspace", async () => {
    const agents = join(root, "agents");
    mkdirSync(agents);
    writeFileSync(join(agents, "notes.md"), "");
    const { stdout } = await run("list", ...main, "--agent-workspace", agents);
    expect(stdout).toContain("notes.md");
  });
});
