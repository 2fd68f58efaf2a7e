import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { prepareHome } from "../../src/sandbox/home/prepare-home.ts";
import { scopeSlug } from "../../src/sandbox/scope.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

const dayMs = 24 * 60 * 60 * 1000;
const uid = process.geteuid?.() || 1000;
const gid = process.geteuid?.() === 0 ? 1000 : (process.getegid?.() ?? 1000);

/** A gateway's state folder of a test's own, with homes of two sessions: one used now, one 40 days ago. */
async function gateway(config: object = {}) {
  const state = tempFolder();
  writeFileSync(join(state, "openclaw.json"), JSON.stringify(config));
  const workspaceRoot = join(state, "sandboxes");
  for (const [key, ageMs] of [
    ["agent:main:telegram:dm:42", 0],
    ["agent:main:old\u001b[31m", 40 * dayMs],
  ] as const) {
    const { dir } = await prepareHome({
      workspaceRoot,
      scope: { kind: "session", key },
      workspaceAccess: "none",
      agentWorkspaceDir: null,
      sandboxUser: { uid, gid },
      use: { agent: "main", session: key, dmScope: null },
      nowMs: Date.now() - ageMs,
    });
    writeFileSync(join(dir, "notes.txt"), "notes");
    writeFileSync(join(dir, ".netrc"), "canary");
  }
  const home = async (...argv: readonly string[]) => {
    return callCli(["home", ...argv], { env: { OPENCLAW_STATE_DIR: state }, cwd: state, homeDir: state });
  };
  const json = async (...argv: readonly string[]) => JSON.parse((await home(...argv, "--json")).stdout);
  return { state, workspaceRoot, home, json };
}

describe("list", () => {
  test("a row for each home, with whole keys, escaped", async () => {
    const { home, json, workspaceRoot } = await gateway();
    const { exitCode, stdout } = await home("list");
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").filter((line) => line.includes("agent:main:"))).toHaveLength(2);
    expect(stdout).toContain("agent:main:old\\u001b[31m");
    expect(stdout).not.toContain("\u001b[31m");
    const document = await json("list");
    expect(document).toMatchObject({
      format: "skillcrate/home-list@1",
      outcome: "ok",
      result: { workspaceRoot },
    });
    expect(document.result.homes.map(({ scope }: { scope: { key: string } }) => scope.key).sort()).toEqual([
      "agent:main:old\u001b[31m",
      "agent:main:telegram:dm:42",
    ]);
  });

  test("of the workspace root that the configuration or the option names", async () => {
    const { home, state } = await gateway({
      agents: { defaults: { sandbox: { workspaceRoot: "/nonexistent/x" } } },
    });
    expect((await home("list")).stdout).toContain("no homes in /nonexistent/x");
    expect((await home("list", "--workspace-root", "sandboxes")).stdout).toContain("dm:42");
    writeFileSync(
      join(state, "openclaw.json"),
      '{ agents: { defaults: { sandbox: { workspaceRoot: "x" } } } }',
    );
    expect(await home("list")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("CONFIG_VALUE_INVALID"),
    });
    writeFileSync(join(state, "openclaw.json"), '{ token: "canary", ');
    const broken = await home("list");
    expect(broken).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("GATEWAY_CONFIG_UNREADABLE"),
    });
    expect(broken.stderr).not.toContain("canary");
  });
});

describe("rm", () => {
  test("by the whole key, by the folder's name, and by its beginning", async () => {
    for (const name of [
      "agent:main:telegram:dm:42",
      scopeSlug({ kind: "session", key: "agent:main:telegram:dm:42" }),
      "agent-main-tele",
    ]) {
      const { json, home } = await gateway();
      expect((await home("rm", name)).exitCode).toBe(0);
      expect((await json("list")).result.homes).toHaveLength(1);
      expect((await json("rm", "agent:main:telegram:dm:42")).result).toMatchObject({ removed: false });
    }
  });

  test("nothing where the name means none or several", async () => {
    const { home, json } = await gateway();
    for (const name of ["nobody", "agent-main"]) {
      expect(await home("rm", name)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("HOME_NOT_FOUND"),
      });
    }
    expect((await json("list")).result.homes).toHaveLength(2);
  });
});

describe("export", () => {
  test("an archive of one's own, without logins, over nothing that is there", async () => {
    const { home, json, state } = await gateway();
    const { result } = await json("export", "agent-main-tele", "--output", "out.tar");
    expect(result).toMatchObject({ file: join(state, "out.tar") });
    expect(result.leftOut).toContainEqual({ path: "home/.netrc", reason: "login" });
    expect(statSync(join(state, "out.tar")).mode & 0o777).toBe(0o600);
    const again = await home("export", "agent-main-tele", "--output", "out.tar");
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("OUTPUT_FOREIGN") });
    const all = await home("export", "agent-main-tele", "--output", "all.tar", "--with-secrets");
    expect(all.stdout).not.toContain(".netrc");
  });

  test("leaves no file behind where it fails", async () => {
    const { home, state } = await gateway();
    const { exitCode } = await home("export", "nobody", "--output", "out.tar");
    expect(exitCode).toBe(2);
    expect(existsSync(join(state, "out.tar"))).toBe(false);
    expect(await home("export", "agent-main-tele")).toMatchObject({ exitCode: 2 });
  });
});

describe("gc", () => {
  test("what nobody used for 30 days, or for as long as is said", async () => {
    const { home, json, workspaceRoot } = await gateway();
    expect((await home("gc", "--older-than", "60")).stdout).toContain("no homes removed");
    expect((await json("gc", "--dry-run")).result.removed).toHaveLength(1);
    expect((await home("gc")).stdout).toContain("1 home removed");
    const left = readdirSync(workspaceRoot).filter((name) => existsSync(join(workspaceRoot, name, "home")));
    expect(left).toEqual([scopeSlug({ kind: "session", key: "agent:main:telegram:dm:42" })]);
    expect(await home("gc", "--older-than", "0")).toMatchObject({ exitCode: 2 });
  });
});
