import { describe, expect, it } from "vitest";
import { parseConfigDocument } from "../../../src/config/config-document.ts";
import { readGatewaySettings } from "../../../src/config/gateway-settings.ts";
import { resolveSandboxConfig } from "../../../src/config/resolve-sandbox-config.ts";
import { auditConfig } from "../../../src/sandbox/audit/audit-config.ts";

function audit(text: string, dmScope: "main" | "per-channel-peer" = "per-channel-peer") {
  const ground = {
    file: "/home/u/.openclaw/openclaw.json",
    stateDir: "/home/u/.openclaw",
    homeDir: "/home/u",
  };
  const { document } = parseConfigDocument(text, ground);
  const agents = ["main", "family"].map((agentId) => resolveSandboxConfig(document, agentId).config);
  return auditConfig({ agents, gateway: readGatewaySettings(document), dmScope, elevated: [] });
}

const withDocker = (docker: string) =>
  `{ agents: { defaults: { sandbox: { mode: "all", docker: { ${docker} } } } } }`;
const checksOf = (text: string, dmScope?: "main") => audit(text, dmScope).map(({ check }) => check);

describe("auditConfig", () => {
  it("finds nothing in the defaults of a sandbox for every session", () => {
    expect(checksOf(withDocker(""))).toEqual([]);
  });

  it.each([
    ["no sandbox", "{}", ["SANDBOX_OFF"]],
    [
      "an open main session",
      '{ agents: { defaults: { sandbox: { mode: "non-main" } } } }',
      ["MAIN_SESSION_OPEN"],
    ],
    ["a network", withDocker('network: "bridge"'), ["NETWORK_ON"]],
    ["a root that can be written", withDocker("readOnlyRoot: false"), ["ROOT_WRITABLE"]],
    [
      "a secret in plain sight",
      withDocker('env: { GITHUB_TOKEN: "ghp_abcdefghijklmnopqrstuv" }'),
      ["SECRET_IN_INSPECT"],
    ],
    ["an image without a tag", withDocker('image: "mine/sandbox"'), ["IMAGE_UNPINNED"]],
    [
      "a home for all",
      '{ agents: { defaults: { sandbox: { mode: "all", scope: "shared" } } } }',
      ["LOGINS_SHARED"],
    ],
    [
      "a gateway without a token on the network",
      '{ gateway: { bind: "lan", auth: { mode: "none" } }, agents: { defaults: { sandbox: { mode: "all" } } } }',
      ["GATEWAY_OPEN"],
    ],
    [
      "a short token on the network",
      '{ gateway: { bind: "lan", auth: { mode: "token", token: "hunter2" } }, agents: { defaults: { sandbox: { mode: "all" } } } }',
      ["GATEWAY_TOKEN_SHORT"],
    ],
  ])("sees %s once, with its place, for all agents", (_, text, expected) => {
    const found = audit(text);
    expect([...new Set(found.map(({ check }) => check))]).toEqual(expected);
    expect(found.map(({ subject, message }) => `${subject} ${message}`).join()).not.toMatch(/hunter2|ghp_/);
  });

  it("sees that direct messages are one session", () => {
    expect(checksOf(withDocker(""), "main")).toEqual(["DIRECT_MESSAGES_SHARED", "DIRECT_MESSAGES_SHARED"]);
  });

  it("names the line of a setting", () => {
    const [found] = audit(withDocker('\n network: "bridge"'));
    expect(found?.subject).toBe("agents.defaults.sandbox.docker.network (/home/u/.openclaw/openclaw.json:2)");
  });
});
