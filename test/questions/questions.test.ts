import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A gateway of a family: one agent, its sandboxes without a network, a skill that wants a login. */
const family = `{
  gateway: { bind: "loopback", auth: { mode: "token", token: "the-token-of-the-gateway" } },
  session: { dmScope: "main" },
  agents: {
    defaults: { sandbox: { mode: "non-main" } },
    entries: {
      family: { sandbox: { mode: "all", scope: "agent" } },
      reviewer: { sandbox: { mode: "all", docker: { network: "host" } } },
      builder: { sandbox: { mode: "all", docker: { setupCommand: "apt-get install -y jq" } } },
    },
  },
  tools: { allow: ["group:fs", "exec", "cron"] },
}`;

const skill = `---
name: gog
description: Mail and calendar.
metadata: { "openclaw": { "requires": { "env": ["GOG_TOKEN"] }, "primaryEnv": "GOG_TOKEN" } }
---
Run it.
`;

async function ask(...args: readonly string[]): Promise<string> {
  const homeDir = tempFolder();
  const state = join(homeDir, ".openclaw");
  mkdirSync(join(state, "skills/gog"), { recursive: true });
  mkdirSync(join(state, "skills/off"), { recursive: true });
  writeFileSync(join(state, "openclaw.json"), family);
  writeFileSync(join(state, "skills/gog/SKILL.md"), skill);
  writeFileSync(
    join(state, "skills/off/SKILL.md"),
    '---\nname: off\ndescription: For another system.\nmetadata: { "openclaw": { "os": ["darwin"] } }\n---\n',
  );
  const env = { DOCKER_HOST: `unix://${homeDir}/none.sock` };
  const { stdout, stderr } = await callCli([...args], { cwd: homeDir, homeDir, env });
  expect(`${stdout}${stderr}`).not.toContain("the-token-of-the-gateway");
  return stdout;
}

const dm = ["--session", "agent:main:telegram:direct:42"];

/** What people ask, the command that answers, and lines of its answer. */
const questions: readonly (readonly [string, readonly string[], readonly RegExp[]])[] = [
  [
    "My sandboxed agent cannot reach the gateway: which of network, name, bind, scheme, token is it?",
    ["explain", ...dm],
    [
      /network: docker\.network is "none"/,
      /name: host\.docker\.internal has no address/,
      /bind: gateway\.bind is "loopback"/,
      /address: ws:\/\/host\.docker\.internal:18789/,
      /token: gateway\.auth\.mode is "token"/,
      /skillcrate gateway check/,
    ],
  ],
  [
    "Why does a client inside connect to localhost, and what do I set?",
    ["explain", ...dm],
    [/inside, localhost is the sandbox itself/, /skillcrate gateway link/],
  ],
  [
    "Network host is blocked: why, and what instead?",
    ["explain", "--agent", "reviewer"],
    [/error .*docker\.network.*host/, /→ .*"(?:none|bridge)"/],
  ],
  [
    "Is wss right, and what does NODE_TLS_REJECT_UNAUTHORIZED=0 change?",
    ["explain", ...dm],
    [/wss:\/\/ is right only where TLS stands in front/, /NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing/],
  ],
  [
    "Should gateway.mode be remote, and in which configuration?",
    ["explain", ...dm],
    [/gateway\.mode of the gateway itself stays as it is; "remote" belongs into the client's configuration/],
  ],
  [
    "Can a sandboxed agent run the gateway's commands by default, and what does it take?",
    ["tools", ...dm, "--tool", "exec"],
    [/a sandbox cannot run the gateway's own commands/, /It takes all of/],
  ],
  [
    "A job calls the cron command in the sandbox and fails: what fires a job, and where do I see why it didn't?",
    ["tools", ...dm, "--tool", "cron"],
    [/Jobs fire inside the gateway process on the host/, /cron runs/],
  ],
  [
    "What does a sandboxed agent call to schedule a job, and which keys allow it here?",
    ["tools", ...dm, "--tool", "cron"],
    [/calls the tool cron/, /What would let it pass/, /tools\.sandbox\.tools/],
  ],
  [
    "Which other commands have a tool in their place, and which are for operators only?",
    ["tools", ...dm, "--tool", "exec"],
    [/An agent uses tools in place of commands: .*→/, /For operators only: .*config/],
  ],
  [
    "Is tools.sandbox separate from tools.allow, and which of them blocks cron here?",
    ["tools", ...dm, "--tool", "cron"],
    [/are separate/, /Here tools\.sandbox\.tools.* blocks "cron"/],
  ],
  ["Must a tool be in both lists?", ["tools", ...dm, "--tool", "cron"], [/"cron" must be in each of them/]],
  [
    "Are SKILL.md files and binaries in the sandbox by themselves; how do I get them?",
    ["explain", ...dm],
    [
      /inside, each with its SKILL\.md where the list for the model says: gog/,
      /"openclaw-sandbox:bookworm-slim"/,
    ],
  ],
  [
    "How does an agent get a client configuration of its own?",
    ["explain", ...dm],
    [/Give it one: skillcrate gateway link/],
  ],
  [
    "How does every user get a login of their own, and who shares one now?",
    ["explain", "--agent", "family"],
    [/shared by every session of the agent, with every login in it/, /session\.dmScope "per-channel-peer"/],
  ],
  [
    "How does one user's own configuration file replace a skill's default?",
    ["explain", ...dm],
    [
      /a file of a user's own goes before a skill's default: skillcrate sandbox exec --session agent:main:telegram:direct:42 -- sh -c '.*' < FILE/,
    ],
  ],
  [
    "I gave a user a .env: does it reach the skill's program?",
    ["explain", ...dm],
    [
      /GOG_TOKEN: missing \(gog\)/,
      /→ skillcrate secret set GOG_TOKEN --session agent:main:telegram:direct:42/,
    ],
  ],
  ["Why does my setupCommand fail?", ["explain", "--agent", "builder"], [/setupCommand/, /network/, /root/]],
  ["Why is this skill not in the sandbox?", ["explain", ...dm], [/not inside: off: .*darwin/]],
];

describe("what people ask", () => {
  it.each(questions)("%s", async (_, command, answers) => {
    const said = await ask(...command);
    for (const answer of answers) expect(said).toMatch(answer);
  });
});
