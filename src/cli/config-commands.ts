import { type CommandGroup, defineCommand } from "./command.ts";
import { configCheckOptions, configShowOptions } from "./config-options.ts";

/** `config check` and `config show`. */
export const configCommands: CommandGroup = {
  name: "config",
  summary: "check a gateway's settings of sandboxes, and see what applies",
  description:
    "Reads agents.defaults.sandbox and each agent's own sandbox settings from the gateway's configuration. Other keys are the gateway's business. docs/configuration.md has every setting.",
  commands: [
    defineCommand({
      name: "config check",
      summary: "tell everything that is wrong with the settings, with places",
      description:
        "For every agent: values that are not taken, keys that do not exist, what is refused since it would open the sandbox, findings, and mistakes in lists of tools. Mounts are followed through links. Ends with 2 where anything is refused.",
      arguments: "",
      options: configCheckOptions,
      examples: [{ command: "skillcrate config check", meaning: "of the gateway that is found" }],
      load: async () => (await import("./commands/config-check.ts")).configCheck,
    }),
    defineCommand({
      name: "config show",
      summary: "show each value that applies, and where it is from",
      description:
        "All settings merged: the agent's own over those of all agents over the defaults. What may be a secret is not shown.",
      arguments: "",
      options: configShowOptions,
      examples: [
        { command: "skillcrate config show --agent work", meaning: "what this agent's sandboxes are" },
        {
          command: "skillcrate config show --json | jq '.result.settings[].origin'",
          meaning: "where each is from",
        },
      ],
      load: async () => (await import("./commands/config-show.ts")).configShow,
    }),
  ],
};
