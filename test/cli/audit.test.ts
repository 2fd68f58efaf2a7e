import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

const token = "a-token-that-nobody-may-read";

async function auditWith(config: string, ...options: readonly string[]) {
  const homeDir = tempFolder();
  mkdirSync(join(homeDir, ".openclaw"));
  writeFileSync(join(homeDir, ".openclaw/openclaw.json"), config);
  const env = { DOCKER_HOST: `unix://${homeDir}/none.sock` };
  return await callCli(["audit", ...options], { cwd: homeDir, homeDir, env });
}

const open = `{
  gateway: { bind: "lan", auth: { mode: "token", token: "${token}" } },
  tools: { elevated: { enabled: true, allowFrom: { telegram: ["*"] } } },
  agents: {
    defaults: { sandbox: { mode: "all", docker: { network: "bridge" } } },
    entries: { family: { sandbox: { scope: "shared" } } },
  },
}`;

it("audit tells what a configuration opens, the worst first, and that no engine answered", async () => {
  const { exitCode, stdout } = await auditWith(open, "--json");
  const { format, diagnostics, result } = JSON.parse(stdout);
  expect({ exitCode, format, containers: result.containers }).toEqual({
    exitCode: 0,
    format: "skillcrate/audit@1",
    containers: null,
  });
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: "AUDIT_WITHOUT_ENGINE" }));
  const checks = result.findings.map((found: { check: string }) => found.check);
  expect(checks).toEqual(expect.arrayContaining(["NETWORK_ON", "LOGINS_SHARED", "ELEVATED_TOOLS"]));
  expect(checks[0]).toBe("ELEVATED_TOOLS");
  expect(stdout).not.toContain(token);
});

it("audit --fail-on ends with 2 from that severity on", async () => {
  expect((await auditWith(open, "--fail-on", "high")).exitCode).toBe(2);
  const closed = '{ agents: { defaults: { sandbox: { mode: "all" } } } }';
  expect((await auditWith(closed, "--fail-on", "high")).exitCode).toBe(0);
});
