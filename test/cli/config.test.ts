import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configurationText } from "../config/effective.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** The command line with a gateway that has this configuration. */
function gateway(text: string | null) {
  const homeDir = tempFolder();
  const stateDir = join(homeDir, ".openclaw");
  mkdirSync(stateDir);
  if (text !== null) writeFileSync(join(stateDir, "openclaw.json"), text);
  return (...argv: string[]) => callCli(["config", ...argv], { env: {}, cwd: stateDir, homeDir });
}

describe("config check", () => {
  test("tells every problem of every agent at once, with its place, each once", async () => {
    const config = gateway(`{
  agents: {
    defaults: { sandbox: { mode: "al", docker: { network: "host" } } },
    list: [
      { id: "main" },
      { id: "work", sandbox: { docker: { memry: "1g", binds: ["/etc:/x"] } } },
    ],
  },
  session: { dmScope: "per-person" },
}`);
    const ended = await config("check");
    expect(ended.exitCode).toBe(2);
    const lines = ended.stderr.split("\n").filter((line) => line.startsWith("openclaw.json:"));
    expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "openclaw.json:3:34 error CONFIG_VALUE_INVALID",
      "openclaw.json:3:59 error CONFIG_NETWORK_REFUSED",
      "openclaw.json:6:42 error CONFIG_KEY_UNKNOWN",
      "openclaw.json:6:63 error CONFIG_BIND_REFUSED",
      "openclaw.json:9:23 warning CONFIG_VALUE_INVALID",
    ]);
    expect(ended.stdout).toContain("4 problems must be corrected, 1 warning (agents main, work)");
  });

  test("is content with a good one, and with none", async () => {
    const ended = await gateway(configurationText("guide-minimal"))("check", "--json");
    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      format: "skillcrate/config-check@1",
      outcome: "ok",
      diagnostics: [],
      result: { agents: ["main"], errors: 0, warnings: 0 },
    });
    expect(await gateway(null)("check")).toMatchObject({ exitCode: 0 });
  });

  test("ends with 2 where the file cannot be read", async () => {
    const ended = await gateway("{ agents: canary")("check");
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("openclaw.json:1:");
    expect(ended.stderr).toContain("GATEWAY_CONFIG_UNREADABLE");
    expect(ended.stderr).not.toContain("canary");
  });
});

describe("config show", () => {
  test("shows each value and where it is from", async () => {
    const ended = await gateway(configurationText("per-agent-overrides"))("show", "--agent", "build");
    const row = (key: string) => ended.stdout.split("\n").find((line) => line.startsWith(`${key} `));
    expect(row("docker.network")).toMatch(
      /bridge\s+openclaw\.json:26:22 agents\.list\.1\.sandbox\.docker\.network$/,
    );
    expect(row("docker.pidsLimit")).toMatch(
      /256\s+nobody has set it, and the gateway has no default: a safe one$/,
    );
  });

  test("shows no secret, whatever it is called", async () => {
    const text = configurationText("guide-client-environment");
    for (const argv of [["show"], ["show", "--json"], ["check"], ["check", "--json"]]) {
      const { stdout, stderr } = await gateway(text)(...argv);
      expect(stdout + stderr, argv.join(" ")).not.toContain("not-for-print");
    }
  });

  test("says so where nobody has configured the agent", async () => {
    const ended = await gateway(configurationText("family-agents"))("show", "--agent", "famly", "--json");
    const { diagnostics, result } = JSON.parse(ended.stdout);
    expect(diagnostics).toMatchObject([{ code: "CONFIG_AGENT_UNKNOWN", hint: 'Did you mean "family"?' }]);
    expect(result.settings.find((one: { key: string }) => one.key === "mode")).toMatchObject({
      value: "off",
    });
  });
});
