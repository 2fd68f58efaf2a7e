import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** `skillcrate tools` for a gateway with this configuration. */
async function tools(config: string, argv: readonly string[] = []) {
  return call(config, ["tools", ...argv]);
}

async function call(config: string, argv: readonly string[]) {
  const state = tempFolder();
  writeFileSync(join(state, "openclaw.json"), config);
  return callCli(argv, { env: { OPENCLAW_STATE_DIR: state }, cwd: state, homeDir: state });
}

const sandboxed = '{ agents: { defaults: { sandbox: { mode: "non-main" } } } }';

test("lists every known tool, and by which key it is blocked", async () => {
  const { stdout, exitCode } = await tools(sandboxed, ["--session", "cron:nightly"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('"agent:main:cron:nightly" is sandboxed');
  expect(stdout).toMatch(/^exec +allowed/m);
  expect(stdout).toMatch(/^cron +blocked +tools\.sandbox\.tools\.deny +cron$/m);
  expect(stdout).toContain("For operators only: config, gateway restart");
});

test("the main session is the one that is meant without a name", async () => {
  const { stdout } = await tools(sandboxed);
  expect(stdout).toContain('"agent:main:main" is not sandboxed');
  expect(stdout).not.toMatch(/^\w+ +blocked/m);
});

test("the JSON has every layer, with the place of what decided", async () => {
  const config = '{\n  tools: {\n    deny: [\n      "read",\n      "group:runtime"\n    ]\n  }\n}';
  const { stdout } = await tools(config, ["--tool", "bash", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    format: "skillcrate/tools@1",
    outcome: "ok",
    result: {
      session: { key: "agent:main:main", sandboxed: false, scope: { kind: "session" } },
      elevated: { effect: "no-effect" },
      tools: [
        {
          tool: "exec",
          allowed: false,
          blockedBy: [
            {
              layer: "global",
              list: "deny",
              key: "tools.deny",
              entry: "group:runtime",
              place: { line: 5, column: 7 },
            },
          ],
          smallestChange: [
            { op: "remove", path: ["tools", "deny"], value: "group:runtime", keep: ["process"] },
          ],
        },
      ],
    },
  });
});

test("mistakes in lists are told with their places, and a mistyped tool by its near name", async () => {
  const { stderr, exitCode } = await tools('{ tools: {\n  deny: ["exce"] } }', ["--tool", "corn"]);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/openclaw\.json:2:10 warning TOOL_NAME_UNKNOWN "tools\.deny\.0" is "exce"/);
  expect(stderr).toContain('Did you mean "exec"?');
  expect(stderr).toContain('Did you mean "cron"?');
});

test("config check tells mistakes in lists too", async () => {
  const { stderr } = await call("{ tools: {\n  allow: 7 } }", ["config", "check"]);
  expect(stderr).toMatch(/openclaw\.json:2:10 error TOOL_LIST_SHAPE "tools\.allow" is "7"/);
});

test("a sandbox mode that cannot be read is an error, not a session without a sandbox", async () => {
  const { stderr, exitCode } = await tools('{ agents: { defaults: { sandbox: { mode: "al" } } } }');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("agents.defaults.sandbox.mode")]);
});

test("a key of one agent and the name of another are wrong usage", async () => {
  const { stderr, exitCode } = await tools("{}", ["--session", "agent:a:main", "--agent", "b"]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('"agent:a:main" is the agent "a"\'s')]);
});

test("a session that a sandboxed one started is sandboxed", async () => {
  const started = ["--session", "main", "--spawned-by", "agent:main:telegram:group:-1"];
  expect((await tools(sandboxed, started)).stdout).toContain('"agent:main:main" is sandboxed');
});

/** What people ask, the words of a call, and what must stand in its answer. */
const questions: readonly (readonly [string, string, readonly string[], readonly RegExp[]])[] = [
  [
    "can a sandboxed agent run the gateway's commands by default, and what does it take?",
    sandboxed,
    ["--session", "cron:x", "--tool", "exec"],
    [
      /By default a sandbox cannot run the gateway's own commands\. It takes all of: a network, the client program/,
    ],
  ],
  [
    "a job calls the cron command and fails: what fires a job, and where do I see why it didn't?",
    sandboxed.replace("{", "{ cron: { enabled: false },"),
    ["--session", "cron:x", "--tool", "cron"],
    [
      /fire inside the gateway process on the host/,
      /cron runs --id/,
      /Here cron\.enabled is false/,
      /OPENCLAW_SKIP_CRON/,
    ],
  ],
  [
    "what does a sandboxed agent call to schedule a job, and which keys allow it here?",
    sandboxed,
    ["--session", "cron:x", "--tool", "cron"],
    [
      /calls the tool cron \(cron\.add, cron\.update, cron\.run\)/,
      /add "cron" to tools\.sandbox\.tools\.alsoAllow/,
    ],
  ],
  [
    "which other commands have a tool in their place, and which are for operators only?",
    sandboxed,
    ["--session", "cron:x", "--tool", "exec"],
    [/message → message/, /gateway call → gateway/, /For operators only: config, gateway restart/],
  ],
  [
    "is tools.sandbox separate from tools.allow, and which of them blocks cron here?",
    sandboxed.replace("{", '{ tools: { allow: ["read"] },'),
    ["--session", "cron:x", "--tool", "cron"],
    [
      /tools\.allow and tools\.sandbox\.tools\.allow are separate/,
      /Here tools\.allow blocks "cron" \(layer "global"\)/,
      /Here tools\.sandbox\.tools\.deny blocks "cron"/,
    ],
  ],
  [
    "must a tool be in both lists?",
    sandboxed.replace("{", '{ tools: { allow: ["exec"] },'),
    ["--session", "cron:x", "--tool", "exec"],
    [/What may pass is said by tools\.allow, tools\.sandbox\.tools\.allow: "exec" must be in each of them/],
  ],
];

test.each(questions)("answers: %s", async (_question, config, argv, answers) => {
  const { stdout } = await tools(config, argv);
  for (const answer of answers) expect(stdout).toMatch(answer);
});

test("nothing of a hostile key or list acts on a terminal", async () => {
  const hostile = "\u001b[2J\u202e\n";
  const config = JSON.stringify({
    tools: { deny: [hostile], byProvider: { [hostile]: { deny: ["x"] } } },
    agents: { defaults: { sandbox: { mode: "all" } } },
  });
  for (const argv of [[], ["--tool", hostile]]) {
    const ended = await tools(config, [...argv, "--session", `k${hostile}`, "--provider", hostile]);
    expect(ended.stdout + ended.stderr).not.toContain("\u001b");
    expect(ended.stdout + ended.stderr).not.toContain("\u202e");
  }
});
