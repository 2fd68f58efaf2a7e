import { type CommandGroup, defineCommand } from "./command.ts";
import {
  secretImportOptions,
  secretListOptions,
  secretRemoveOptions,
  secretRuleOptions,
  secretSetOptions,
} from "./command-options.ts";

/** `secret set`, `list`, `rm`, `import`, `allow` and `deny`. */
export const secretCommands: CommandGroup = {
  name: "secret",
  summary: "give a sandbox's skills their keys, and see which arrive",
  description:
    "Each scope (session, agent, shared) has secrets of its own, in a .env file beside its workspace that no sandbox sees. An exec gets exactly the names that the scope's skills declare or that you allow a skill. Values are never shown, and never an argument.",
  commands: [
    defineCommand({
      name: "secret set",
      summary: "store a secret of one scope",
      description:
        "The value comes from standard input, where a terminal does not show what is typed; or from a file, a variable, or a program that prints it. One line end at the end of a single line is dropped.",
      arguments: "<name> [program...]",
      options: secretSetOptions,
      examples: [
        { command: "skillcrate secret set NOTES_KEY --agent main", meaning: "asks for the value" },
        {
          command: "skillcrate secret set NOTES_KEY --agent main --from-file key.txt",
          meaning: "from a file",
        },
        {
          command: "skillcrate secret set NOTES_KEY --shared --from-command -- pass show notes",
          meaning: "from a program",
        },
      ],
      load: async () => (await import("./commands/secret-set.ts")).secretSet,
    }),
    defineCommand({
      name: "secret list",
      summary: "show which names arrive, and why others do not",
      description:
        "One line for each name that is stored, configured for a skill, or declared by one: provided, missing, or refused, why, and what would change it. Never values.",
      arguments: "",
      options: secretListOptions,
      examples: [
        { command: "skillcrate secret list --session agent:main:main", meaning: "what that session gets" },
      ],
      load: async () => (await import("./commands/secret-list.ts")).secretList,
    }),
    defineCommand({
      name: "secret rm",
      summary: "remove secrets of one scope",
      description: "Other lines of the scope's file stay as they are.",
      arguments: "<names...>",
      options: secretRemoveOptions,
      examples: [{ command: "skillcrate secret rm NOTES_KEY --agent main", meaning: "one of them" }],
      load: async () => (await import("./commands/secret-rm.ts")).secretRemove,
    }),
    defineCommand({
      name: "secret import",
      summary: "store every secret of a .env file",
      description:
        "All of them or none. Lines that give nothing, empty values, and names that no sandbox may be given are left out and named, with their lines.",
      arguments: "<file>",
      options: secretImportOptions,
      examples: [{ command: "skillcrate secret import .env --agent main", meaning: "as people write it" }],
      load: async () => (await import("./commands/secret-import.ts")).secretImport,
    }),
    defineCommand({
      name: "secret allow",
      summary: "let a skill have a name that it does not declare",
      description:
        "Many skills declare nothing of what they need. For all scopes, unless one is named. Names that decide which code runs are refused.",
      arguments: "<name>",
      options: secretRuleOptions,
      examples: [
        {
          command: "skillcrate secret allow GOG_KEYRING_PASSWORD --skill gog",
          meaning: "wherever that skill is",
        },
      ],
      load: async () => (await import("./commands/secret-allow.ts")).secretAllow,
    }),
    defineCommand({
      name: "secret deny",
      summary: "keep a name from a skill, though it declares it",
      description: "Takes back what was allowed, too. For all scopes, unless one is named.",
      arguments: "<name>",
      options: secretRuleOptions,
      examples: [
        { command: "skillcrate secret deny GITHUB_TOKEN --skill notes --shared", meaning: "in one scope" },
      ],
      load: async () => (await import("./commands/secret-allow.ts")).secretDeny,
    }),
  ],
};
