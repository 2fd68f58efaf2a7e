import { type CommandGroup, defineCommand } from "./command.ts";
import { workspaceGetOptions, workspaceListOptions, workspacePutOptions } from "./workspace-options.ts";

/** `workspace put`, `get` and `list`. */
export const workspaceCommands: CommandGroup = {
  name: "workspace",
  summary: "put files into a workspace, and take results out",
  description:
    "Safe while the sandbox runs, and whatever it has put there: no link leads out of its folders, and nothing but regular files is opened. Paths are as the sandbox sees them: /workspace/report.md, or report.md.",
  commands: [
    defineCommand({
      name: "workspace put",
      summary: "put files into media/inbound, under safe names",
      description:
        "Each file gets a name of its own, made of what can be read of the original one, and appears whole or not at all. Prints the path inside.",
      arguments: "<files...>",
      options: workspacePutOptions,
      examples: [
        { command: "skillcrate workspace put photo.jpg --agent main", meaning: "prints where it is inside" },
      ],
      load: async () => (await import("./commands/workspace-put.ts")).workspacePut,
    }),
    defineCommand({
      name: "workspace get",
      summary: "copy a file or a folder out",
      description:
        "Without DESTINATION into the current folder, under its own name. Regular files only; in a folder, links are left out and named. Folders are never replaced.",
      arguments: "<path> [destination]",
      options: workspaceGetOptions,
      examples: [
        { command: "skillcrate workspace get report.pdf --agent main", meaning: "to ./report.pdf" },
        { command: "skillcrate workspace get out results --agent main", meaning: "a folder" },
      ],
      load: async () => (await import("./commands/workspace-get.ts")).workspaceGet,
    }),
    defineCommand({
      name: "workspace list",
      summary: "list a folder",
      description: "Without PATH the workspace itself. One level; 10,000 entries at most.",
      arguments: "[path]",
      options: workspaceListOptions,
      examples: [
        { command: "skillcrate workspace list media/inbound --agent main", meaning: "what was put there" },
      ],
      load: async () => (await import("./commands/workspace-list.ts")).workspaceList,
    }),
  ],
};
