import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { locateGateway } from "../../src/source/locate-gateway.ts";
import { tempFolder } from "../support/temp-folder.ts";

function home(...folders: readonly string[]): string {
  const dir = tempFolder();
  for (const folder of folders) mkdirSync(join(dir, folder));
  return dir;
}

test("nothing there: where a new gateway would be", () => {
  const dir = home();
  expect(locateGateway({}, dir)).toEqual({
    product: "openclaw",
    found: false,
    stateDir: join(dir, ".openclaw"),
    configPath: join(dir, ".openclaw", "openclaw.json"),
    tagPrefix: "openclaw-",
    diagnostics: [],
  });
});

test.each([
  [[".openclaw", ".clawdbot", ".moltbot"], ".openclaw", "openclaw-"],
  [[".clawdbot"], ".clawdbot", "clawdbot-"],
  [[".moltbot"], ".moltbot", "moltbot-"],
])("in a home with %j: %s", (folders, state, tagPrefix) => {
  const dir = home(...folders);
  expect(locateGateway({}, dir)).toMatchObject({ found: true, stateDir: join(dir, state), tagPrefix });
});

test("a file of that name is no state folder", () => {
  const dir = home(".clawdbot");
  writeFileSync(join(dir, ".openclaw"), "");
  expect(locateGateway({}, dir).product).toBe("clawdbot");
});

test("the configuration of an older name is found where no present one is", () => {
  const dir = home(".clawdbot");
  writeFileSync(join(dir, ".clawdbot", "clawdbot.json"), "{}");
  expect(locateGateway({}, dir).configPath).toBe(join(dir, ".clawdbot", "clawdbot.json"));
  writeFileSync(join(dir, ".clawdbot", "openclaw.json"), "{}");
  expect(locateGateway({}, dir).configPath).toBe(join(dir, ".clawdbot", "openclaw.json"));
});

test("variables win, present names over old ones, with ~ for the home folder", () => {
  const dir = home(".openclaw", "mine");
  expect(locateGateway({ OPENCLAW_STATE_DIR: "~/mine", CLAWDBOT_STATE_DIR: "/old" }, dir)).toMatchObject({
    product: "openclaw",
    found: true,
    stateDir: join(dir, "mine"),
    configPath: join(dir, "mine", "openclaw.json"),
  });
  expect(locateGateway({ CLAWDBOT_STATE_DIR: "/old/" }, dir)).toMatchObject({
    found: false,
    tagPrefix: "clawdbot-",
  });
  expect(locateGateway({ OPENCLAW_CONFIG_PATH: "/etc/claw.json" }, dir)).toMatchObject({
    stateDir: join(dir, ".openclaw"),
    configPath: "/etc/claw.json",
  });
});

test("a relative path is not used, and that is said", () => {
  const dir = home(".openclaw");
  const located = locateGateway({ OPENCLAW_STATE_DIR: "state", OPENCLAW_CONFIG_PATH: "./c\n.json" }, dir);
  expect(located).toMatchObject({ stateDir: join(dir, ".openclaw") });
  expect(located.diagnostics.map(({ code }) => code)).toEqual([
    "GATEWAY_PATH_RELATIVE",
    "GATEWAY_PATH_RELATIVE",
  ]);
  expect(located.diagnostics[1]?.message).not.toContain("\n");
});
