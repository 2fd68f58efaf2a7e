import { expect, test } from "vitest";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { decideElevated } from "../../../src/config/tools/decide-elevated.ts";
import { sandboxSettings } from "../../support/sandbox-settings.ts";

function elevated(global: unknown, agent: unknown, sessionKey: string, mode = "all") {
  const config = {
    agents: { defaults: { sandbox: { mode } }, list: [{ id: "main", tools: { elevated: agent } }] },
    tools: { elevated: global },
  };
  const session = resolveSession({ config, sandboxOf: sandboxSettings(config), sessionKey });
  return decideElevated(config, session);
}

const main = "agent:main:main";
const people = { telegram: ["42"], discord: ["*"] };

test.each<[string, unknown, unknown, string, string, readonly string[]]>([
  ["nobody is named", undefined, undefined, main, "off", []],
  ["enabled alone names nobody", { enabled: true }, undefined, main, "off", []],
  [
    "the people of any channel write in the main session",
    { allowFrom: people },
    undefined,
    main,
    "everyone",
    ["discord", "telegram"],
  ],
  [
    "a group has the people of its channel",
    { allowFrom: people },
    undefined,
    "agent:main:telegram:group:1",
    "some",
    ["telegram"],
  ],
  [
    "of a channel where nobody is named there are none",
    { allowFrom: people },
    undefined,
    "agent:main:slack:channel:1",
    "off",
    [],
  ],
  ["an empty list is nobody", { allowFrom: { telegram: [] } }, undefined, main, "off", []],
  ["turned off for all", { enabled: false, allowFrom: people }, undefined, main, "off", []],
  ["turned off for the agent", { allowFrom: people }, { enabled: false }, main, "off", []],
  [
    "an agent cannot turn on what is off for all",
    { enabled: false, allowFrom: people },
    { enabled: true },
    main,
    "off",
    [],
  ],
  [
    "an agent's people must be among those of all",
    { allowFrom: people },
    { allowFrom: { telegram: ["42"] } },
    main,
    "some",
    ["telegram"],
  ],
  [
    "an agent cannot add a channel",
    { allowFrom: { telegram: ["*"] } },
    { allowFrom: { discord: ["*"] } },
    main,
    "off",
    [],
  ],
  [
    "both say everybody",
    { allowFrom: people },
    { allowFrom: { discord: ["*"] } },
    main,
    "everyone",
    ["discord"],
  ],
  ["in a job nobody writes", { allowFrom: people }, undefined, "cron:x", "off", []],
  ["nor to a subagent", { allowFrom: people }, undefined, "agent:main:subagent:1", "off", []],
  [
    "what is no truth value does not turn it on",
    { enabled: "yes", allowFrom: people },
    undefined,
    main,
    "off",
    [],
  ],
  ["what is no list names nobody", { allowFrom: { telegram: "*" } }, undefined, main, "off", []],
])("%s", (_reasoning, global, agent, key, effect, channels) => {
  expect(elevated(global, agent, key)).toMatchObject({ effect, channels });
});

test("it changes nothing where the session is not sandboxed", () => {
  expect(elevated({ allowFrom: people }, undefined, main, "non-main")).toEqual({
    effect: "no-effect",
    channels: [],
    gates: [],
  });
});

test("the gate that is closed is told by its key", () => {
  expect(
    elevated({ allowFrom: people }, { enabled: false }, main).gates.find(({ passes }) => !passes),
  ).toMatchObject({
    key: "agents.list.0.tools.elevated.enabled",
  });
  const agents = { allowFrom: { discord: ["1"] } };
  expect(
    elevated({ allowFrom: { telegram: ["1"] } }, agents, main).gates.find(({ passes }) => !passes),
  ).toMatchObject({
    key: "agents.list.0.tools.elevated.allowFrom",
  });
  expect(elevated({}, undefined, main).gates.find(({ passes }) => !passes)).toMatchObject({
    key: "tools.elevated.allowFrom",
  });
});
