import { defineCommand } from "./command.ts";
import { auditOptions, explainOptions } from "./explain-options.ts";

/** What says why a sandbox is as it is, and what it leaves open. */
export const explainCommands = [
  defineCommand({
    name: "explain",
    summary: "say what a session's sandbox is, why, and what to type to change it",
    description:
      "Sandboxed or not and why; whose sandbox, what it may, what really runs; skills that are not there, each with the reason; secrets by name; who shares the home; the way to the gateway; tools. Changes nothing. What it prints can be shown to anybody: no secret is in it.",
    arguments: "",
    options: explainOptions,
    examples: [
      { command: "skillcrate explain --session agent:main:telegram:direct:42", meaning: "one person's" },
      { command: "skillcrate explain --agent family --tool cron", meaning: "and why cron is blocked" },
    ],
    load: async () => (await import("./commands/explain.ts")).explain,
  }),
  defineCommand({
    name: "audit",
    summary: "list what sandboxes leave open, with severity and fix",
    description:
      "Reads the gateway's configuration and every container that it has on the engine: section 5 of the CIS Docker Benchmark, and rules of our own (networks, binds, limits, shared logins, secrets in sight, the gateway's own door).",
    arguments: "",
    options: auditOptions,
    examples: [{ command: "skillcrate audit --fail-on high", meaning: "for a job that watches" }],
    load: async () => (await import("./commands/audit.ts")).audit,
  }),
];
