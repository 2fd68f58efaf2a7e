import { defineCommand } from "./command.ts";
import { toolsOptions } from "./tools-options.ts";

export const toolsCommand = defineCommand({
  name: "tools",
  summary: "say which tools a session may use, and what blocks the others",
  description:
    "Judges every tool by the gateway's lists: profiles, allow and deny, providers, agents, groups, the clamp on sandboxed sessions, read-only workspaces, subagents. Tells the layer, the list and the key that blocks it, and the least change that would let it pass. Changes nothing.",
  arguments: "",
  options: toolsOptions,
  examples: [
    { command: "skillcrate tools", meaning: "in the main session" },
    {
      command: "skillcrate tools --session cron:nightly --tool cron",
      meaning: "why a job cannot schedule",
    },
    {
      command: "skillcrate tools --agent work --json | jq '.result.tools[].blockedBy'",
      meaning: "for programs",
    },
  ],
  load: async () => (await import("./commands/tools.ts")).tools,
});
