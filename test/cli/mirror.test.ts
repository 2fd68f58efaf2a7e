import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CalledCli, callCli } from "../support/call-cli.ts";
import { type GatewayGround, gatewayGround, writeSkill } from "../support/gateway-ground.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** `skillcrate mirror` of a user whose home the gateway's is. */
async function mirror({ ground, workspaceRoot }: GatewayGround, ...argv: string[]): Promise<CalledCli> {
  return callCli(["mirror", "--workspace-root", workspaceRoot, ...argv], {
    env: { PATH: "/usr/bin:/bin" },
    cwd: ground.homeDir,
    homeDir: ground.homeDir,
  });
}

function gatewayWithSkills(config: unknown = {}): GatewayGround {
  const gateway = gatewayGround(tempFolder());
  mkdirSync(gateway.ground.stateDir, { recursive: true });
  writeFileSync(join(gateway.ground.stateDir, "openclaw.json"), JSON.stringify(config));
  writeSkill(gateway.folders.managed, "jq-notes");
  writeSkill(gateway.folders.personal, "mine");
  writeSkill(gateway.folders.workspace, "agents-own");
  return gateway;
}

describe("--json", () => {
  test("one document with everything that a gateway needs", async () => {
    const gateway = gatewayWithSkills();
    const ended = await mirror(gateway, "--agent", "main", "--json");
    const { format, outcome, diagnostics, result } = JSON.parse(ended.stdout);
    expect({ exitCode: ended.exitCode, format, outcome, diagnostics }).toEqual({
      exitCode: 0,
      format: "skillcrate/mirror@1",
      outcome: "ok",
      diagnostics: [],
    });
    expect(Object.keys(result).sort()).toEqual([
      "changed",
      "copied",
      "excluded",
      "generation",
      "image",
      "list",
      "mounts",
      "refused",
      "scope",
      "shadowed",
      "skills",
      "workspaceAccess",
    ]);
    expect(result).toMatchObject({
      scope: { kind: "agent", key: "main" },
      workspaceAccess: "none",
      changed: true,
      copied: { files: 4 },
      list: { form: "full", names: ["jq-notes", "mine"] },
    });
    const again = JSON.parse((await mirror(gateway, "--agent", "main", "--json")).stdout);
    expect(again.result).toMatchObject({ changed: false, copied: { files: 0 } });
  });

  test("the agent's own workspace, access and list of skills come from the configuration", async () => {
    const gateway = gatewayWithSkills();
    const { workspaceDir, stateDir } = gateway.ground;
    const agents = {
      defaults: { sandbox: { workspaceAccess: "ro" } },
      list: [
        {
          id: "main",
          workspace: workspaceDir,
          sandbox: { workspaceAccess: "rw" },
          skills: ["mine", "agents-own"],
        },
      ],
    };
    writeFileSync(join(stateDir, "openclaw.json"), JSON.stringify({ agents }));
    const { stdout } = await mirror(gateway, "--session", "agent:main:main", "--json");
    const { result } = JSON.parse(stdout);
    expect(result.workspaceAccess).toBe("rw");
    expect(result.skills.map(({ location }: { location: string }) => location)).toEqual([
      "/workspace/skills/agents-own/SKILL.md",
      "/skills/mine/SKILL.md",
    ]);
    expect(result.excluded).toMatchObject([{ name: "jq-notes", rule: "agent" }]);
  });
});

test("people read what is where, and what is not there and why", async () => {
  const gateway = gatewayWithSkills({ skills: { entries: { mine: { enabled: false } } } });
  writeSkill(gateway.folders.managed, "another");
  const { exitCode, stdout, stderr } = await mirror(
    gateway,
    "--shared",
    "--agent-workspace",
    gateway.ground.workspaceDir,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("/workspace/skills/agents-own/SKILL.md");
  expect(stdout).toMatch(/mine +Turned off: "skills.entries.mine.enabled" is false\./);
  expect(stdout).toMatch(/^3 skills, mirrored in .* for \/workspace\/skills inside; 6 files copied; /m);
  expect((await mirror(gateway, "--shared")).stdout).toContain("2 skills, ");
});

test("names that are not there are said; a skill that is refused ends as partial", async () => {
  const gateway = gatewayWithSkills();
  const named = await mirror(gateway, "--agent", "main", "--skill", "mine,absent");
  expect(named.exitCode).toBe(0);
  expect(named.stderr).toContain("SKILL_NAME_UNKNOWN");
  writeFileSync(join(gateway.folders.personal, "mine", `${"x".repeat(250)}`), "");
  mkdirSync(join(gateway.folders.personal, "mine", "\u0007bell"));
  const refused = await mirror(gateway, "--agent", "main", "--json");
  const { outcome, result } = JSON.parse(refused.stdout);
  expect({ outcome, exitCode: refused.exitCode }).toEqual({ outcome: "partial", exitCode: 0 });
  expect(result.refused.map(({ name }: { name: string }) => name)).toEqual(["mine"]);
});

test("wrong usage ends with 2", async () => {
  const gateway = gatewayWithSkills();
  for (const argv of [
    [],
    ["--shared", "--agent", "main"],
    ["--agent", "main", "--workspace-access", "all"],
  ]) {
    expect((await mirror(gateway, ...argv)).exitCode).toBe(2);
  }
  const missing = await mirror(
    gateway,
    "--agent",
    "main",
    "--workspace-access",
    "rw",
    "--agent-workspace",
    "gone",
  );
  expect(missing.exitCode).toBe(2);
  expect(missing.stderr).toContain("INPUT_INVALID");
});

test("a folder in the mirror's place is refused, and moved aside with --adopt", async () => {
  const gateway = gatewayWithSkills();
  const first = JSON.parse((await mirror(gateway, "--agent", "main", "--json", "--skill", "none")).stdout);
  const { source } = first.result.mounts[1];
  rmSync(source, { recursive: true });
  mkdirSync(source);
  writeFileSync(join(source, "copied-by-somebody"), "");
  const refused = await mirror(gateway, "--agent", "main");
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("MIRROR_TARGET_FOREIGN");
  expect((await mirror(gateway, "--agent", "main", "--adopt")).exitCode).toBe(0);
});
