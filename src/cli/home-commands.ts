import { type CommandGroup, defineCommand } from "./command.ts";
import { homeExportOptions, homeGcOptions, homeListOptions, homeRemoveOptions } from "./command-options.ts";

const home = "HOME is the name in home list, its beginning, or the whole key of the session or agent.";

/** What an operator does with the homes of sandboxes. */
export const homeCommands: CommandGroup = {
  name: "home",
  summary: "list, export and remove the homes of sandboxes",
  description:
    "A home is the HOME of one session, one agent, or all: logins and settings of the tools that ran there. It outlives its containers.",
  commands: [
    defineCommand({
      name: "home list",
      summary: "show every home: whose it is, its size, its last use",
      description: "Reads the disk only; no engine is needed.",
      arguments: "",
      options: homeListOptions,
      examples: [
        { command: "skillcrate home list", meaning: "of the gateway that is found" },
        {
          command: "skillcrate home list --json | jq '.result.homes[].sessions'",
          meaning: "those that several sessions share",
        },
      ],
      load: async () => (await import("./commands/home-list.ts")).homeList,
    }),
    defineCommand({
      name: "home rm",
      summary: "remove a home: whoever used it must log in again",
      description: `Its workspace and its secrets stay. ${home}`,
      arguments: "<home>",
      options: homeRemoveOptions,
      examples: [
        { command: "skillcrate home rm agent:main:telegram:dm:42", meaning: "by the key of its session" },
      ],
      load: async () => (await import("./commands/home-rm.ts")).homeRemove,
    }),
    defineCommand({
      name: "home export",
      summary: "write a home as a tar archive, without its logins",
      description: `Files that hold logins are left out by their names, by what they say, and by the values of the scope's own secrets; links are kept as links. ${home}`,
      arguments: "<home>",
      options: homeExportOptions,
      examples: [
        { command: "skillcrate home export main --output main.tar", meaning: "settings and data" },
        {
          command: "skillcrate home export main --output main.tar --with-secrets",
          meaning: "to move it to another machine",
        },
      ],
      load: async () => (await import("./commands/home-export.ts")).homeExport,
    }),
    defineCommand({
      name: "home gc",
      summary: "remove the homes that nobody has used for a while",
      description: "Never one that a process uses, or whose last use is not on record.",
      arguments: "",
      options: homeGcOptions,
      examples: [
        { command: "skillcrate home gc --older-than 90 --dry-run", meaning: "look first" },
        { command: "skillcrate home gc", meaning: "after 30 days" },
      ],
      load: async () => (await import("./commands/home-gc.ts")).homeGc,
    }),
  ],
};
