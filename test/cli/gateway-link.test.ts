import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

const token = "the-token-of-the-gateway";
const secret = "a-providers-key-that-no-sandbox-may-have";
let homeDir: string;

beforeEach(() => {
  homeDir = tempFolder();
  mkdirSync(join(homeDir, ".openclaw"));
});

function configure(config: string): void {
  writeFileSync(join(homeDir, ".openclaw/openclaw.json"), config);
}

const link = (...options: readonly string[]) =>
  callCli(["gateway", "link", "--agent", "main", ...options], {
    cwd: homeDir,
    homeDir,
    env: { MINE: "a-token-of-its-own" },
  });

/** The client's configuration on the host, below the agent's scope. */
function written(): { readonly file: string; readonly text: string } {
  const root = join(homeDir, ".openclaw/sandboxes");
  const [slug = ""] = readdirSync(root).filter((name) => name.startsWith("main-"));
  const file = join(root, slug, "home/.openclaw/openclaw.json");
  return { file, text: readFileSync(file, "utf8") };
}

it("gateway link gives a home address and token, and nothing else of the host's configuration", async () => {
  configure(`{
    gateway: { port: 19000, auth: { token: "${token}" } },
    models: { providers: { openai: { apiKey: "${secret}" } } },
    agents: { defaults: { sandbox: { mode: "all" } } },
  }`);
  const { exitCode, stdout, stderr } = await link("--json");
  expect(exitCode, stderr).toBe(0);
  const { file, text } = written();
  expect(JSON.parse(text)).toEqual({
    gateway: { mode: "remote", remote: { url: "ws://host.docker.internal:19000", token } },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(`${stdout}${stderr}`).not.toContain(token);
  const { result } = JSON.parse(stdout);
  expect(result.needs.map(({ key }: { key: string }) => key)).toEqual([
    "agents.defaults.sandbox.docker.network",
    "agents.defaults.sandbox.docker.extraHosts",
    "agents.defaults.sandbox.docker.env.OPENCLAW_ALLOW_INSECURE_PRIVATE_WS",
    "gateway.bind",
  ]);
  expect(result.grants.join()).toContain("operator");
});

it("gateway link asks for nothing that is so already", async () => {
  configure(`{
    gateway: { bind: "lan", auth: { mode: "token", token: "${token}" } },
    agents: { defaults: { sandbox: { mode: "all", docker: {
      network: "bridge",
      extraHosts: ["host.docker.internal:host-gateway"],
      env: { OPENCLAW_ALLOW_INSECURE_PRIVATE_WS: "1" },
    } } } },
  }`);
  expect(JSON.parse((await link("--json")).stdout).result.needs).toEqual([]);
});

it("gateway link takes a token of its own, and keeps a configuration that is there", async () => {
  configure("{}");
  expect((await link()).exitCode).toBe(2);
  expect(existsSync(join(homeDir, ".openclaw/sandboxes"))).toBe(false);
  expect((await link("--from-env", "MINE")).exitCode).toBe(0);
  expect(written().text).toContain("a-token-of-its-own");
  const again = await link("--from-env", "MINE", "--json");
  expect(again.exitCode).not.toBe(0);
  expect(again.stdout).toContain("GATEWAY_LINK_EXISTS");
  expect((await link("--from-env", "MINE", "--replace")).exitCode).toBe(0);
});
