import { browserCommands } from "./browser-commands.ts";
import { type CommandGroup, defineCommand } from "./command.ts";
import { explainOptions } from "./explain-options.ts";
import {
  sandboxExecOptions,
  sandboxGcOptions,
  sandboxListOptions,
  sandboxLogsOptions,
  sandboxPruneOptions,
  sandboxRecreateOptions,
  sandboxRunOptions,
  sandboxShellOptions,
  sandboxStopOptions,
  sandboxToLayerOptions,
  sandboxWarmOptions,
} from "./sandbox-options.ts";

const sandbox =
  "SANDBOX is a name in sandbox list, its beginning, the container's id, or the whole key of the session or agent.";
const inUse = "One that a process uses is left alone and named.";

/** What an operator does with the containers of sandboxes. */
export const sandboxCommands: CommandGroup = {
  name: "sandbox",
  summary: "list, stop, recreate and clean up sandboxes",
  description:
    "A sandbox is the container of one session, one agent, or all, with its workspace and its home. What is shown is what the engine says: the containers' labels, and no file, tell whose they are. Other gateways' sandboxes on the same engine are not touched.",
  commands: [
    defineCommand({
      name: "sandbox list",
      summary: "show every sandbox: whose it is, its state, its last use",
      description: "One question to the engine, however many there are.",
      arguments: "",
      options: sandboxListOptions,
      examples: [
        { command: "skillcrate sandbox list", meaning: "of the gateway that is found" },
        { command: "skillcrate sandbox list --json | jq '.result.sandboxes[].id'", meaning: "for a script" },
      ],
      load: async () => (await import("./commands/sandbox-list.ts")).sandboxList,
    }),
    defineCommand({
      name: "sandbox run",
      summary: "bring a session's sandbox up, as its gateway would",
      description:
        "Mirrors its skills, makes its home, and creates, starts or recreates its container. It stays until it is pruned.",
      arguments: "",
      options: sandboxRunOptions,
      examples: [
        { command: "skillcrate sandbox run --session agent:main:telegram:dm:42", meaning: "of one session" },
      ],
      load: async () => (await import("./commands/sandbox-run.ts")).sandboxRun,
    }),
    defineCommand({
      name: "sandbox warm",
      summary: "keep sandboxes ready for an agent's new sessions",
      description:
        "Makes sandboxes that nobody has yet: mirrored, set up and running, without a session's files or secrets. A new session of the agent takes one and has its sandbox at once; gateways that ask for it do, and so do sandbox run, exec and shell. Off unless you ask for it. Those that wait too long are pruned by their own settings.",
      arguments: "",
      options: sandboxWarmOptions,
      examples: [
        {
          command: "skillcrate sandbox warm --agent main --size 3",
          meaning: "three, or as many as are missing",
        },
      ],
      load: async () => (await import("./commands/sandbox-warm.ts")).sandboxWarm,
    }),
    defineCommand({
      name: "sandbox exec",
      summary: "run a command in a session's sandbox",
      description:
        "Brings the sandbox up where it is not, and ends with the command's exit code. ARGV is the program and its arguments: no shell reads them. What is piped in is its input, and what it prints comes as it is printed: into a pipe byte for byte, on a terminal with its control characters escaped, unless --tty gives it the terminal.",
      arguments: "<argv...>",
      options: sandboxExecOptions,
      examples: [
        {
          command: "skillcrate sandbox exec --session agent:main:telegram:dm:42 -- ls skills",
          meaning: "look around",
        },
        {
          command: "skillcrate sandbox exec --agent family -- jq .name < data.json",
          meaning: "with an input",
        },
        { command: "skillcrate sandbox exec --agent family --tty -- python3", meaning: "at the terminal" },
      ],
      load: async () => (await import("./commands/sandbox-exec.ts")).sandboxExec,
    }),
    defineCommand({
      name: "sandbox shell",
      summary: "open a shell in a session's sandbox",
      description: "Brings the sandbox up where it is not. It is in use, and so stays, until the shell ends.",
      arguments: "",
      options: sandboxShellOptions,
      examples: [{ command: "skillcrate sandbox shell --agent family", meaning: "look around" }],
      load: async () => (await import("./commands/sandbox-shell.ts")).sandboxShell,
    }),
    browserCommands,
    defineCommand({
      name: "sandbox logs",
      summary: "show what a sandbox's setup printed",
      description: `Of its setup command and of its containers' first processes; what commands in it printed went to whoever ran them. ${sandbox}`,
      arguments: "<sandbox>",
      options: sandboxLogsOptions,
      examples: [{ command: "skillcrate sandbox logs main --lines 20", meaning: "the last 20 lines" }],
      load: async () => (await import("./commands/sandbox-logs.ts")).sandboxLogs,
    }),
    defineCommand({
      name: "sandbox stop",
      summary: "stop a sandbox; its next use starts it again",
      description: sandbox,
      arguments: "<sandbox>",
      options: sandboxStopOptions,
      examples: [
        {
          command: "skillcrate sandbox stop agent:main:telegram:dm:42",
          meaning: "by the key of its session",
        },
      ],
      load: async () => (await import("./commands/sandbox-stop.ts")).sandboxStop,
    }),
    defineCommand({
      name: "sandbox recreate",
      summary: "remove containers, so that their next use makes them anew",
      description: `Workspaces and homes stay. A setup command that failed is run again. ${inUse}`,
      arguments: "",
      options: sandboxRecreateOptions,
      examples: [
        {
          command: "skillcrate sandbox recreate --mismatched",
          meaning: "those that would be made otherwise now",
        },
        { command: "skillcrate sandbox recreate --agent main", meaning: "one agent's, and its sessions'" },
        { command: "skillcrate sandbox recreate --all", meaning: "every one" },
      ],
      load: async () => (await import("./commands/sandbox-recreate.ts")).sandboxRecreate,
    }),
    defineCommand({
      name: "sandbox to-layer",
      summary: "turn an agent's setupCommand into an image",
      description:
        "Runs docker.setupCommand while an image is built, where it has root, a network and a root file system that it can write, and tags the result. A sandbox that stands on it needs no setupCommand, and starts at once.",
      arguments: "",
      options: sandboxToLayerOptions,
      examples: [
        {
          command: "skillcrate sandbox to-layer --tag my-sandbox:tools",
          meaning: "then set docker.image to it",
        },
      ],
      load: async () => (await import("./commands/sandbox-to-layer.ts")).sandboxToLayer,
    }),
    defineCommand({
      name: "sandbox explain",
      summary: "say what a session's sandbox is, and why",
      description: "The same as skillcrate explain.",
      arguments: "",
      options: explainOptions,
      examples: [
        { command: "skillcrate sandbox explain --agent family", meaning: "an agent's main session" },
      ],
      load: async () => (await import("./commands/explain.ts")).explain,
    }),
    defineCommand({
      name: "sandbox prune",
      summary: "remove the containers that are idle or old",
      description: `Each by its own settings, as they were when it was made: prune.idleHours and prune.maxAgeDays. Workspaces and homes stay. ${inUse}`,
      arguments: "",
      options: sandboxPruneOptions,
      examples: [{ command: "skillcrate sandbox prune --dry-run", meaning: "look first" }],
      load: async () => (await import("./commands/sandbox-prune.ts")).sandboxPrune,
    }),
    defineCommand({
      name: "sandbox gc",
      summary: "remove what nobody can use any more",
      description: `Containers that an interrupted process left half-made, or whose folder is gone; workspaces and homes that have no container and were not used for a while; generations of skills that are not shown any more and that nobody reads; and images that were built here, that no agent's configuration names and no container is made of. ${inUse} Images of another tag prefix, and what was pulled, stay.`,
      arguments: "",
      options: sandboxGcOptions,
      examples: [
        { command: "skillcrate sandbox gc --dry-run", meaning: "look first" },
        {
          command: "skillcrate sandbox gc --older-than 90",
          meaning: "keep workspaces, homes and images longer",
        },
      ],
      load: async () => (await import("./commands/sandbox-gc.ts")).sandboxGc,
    }),
    defineCommand({
      name: "sandbox du",
      summary: "show what each sandbox takes on the disk",
      description:
        "Its container's own layer, its workspace, its home and the generations of its skills, the largest first; then the images that were built here, and how many containers are made of each.",
      arguments: "",
      options: sandboxListOptions,
      examples: [{ command: "skillcrate sandbox du", meaning: "of the gateway that is found" }],
      load: async () => (await import("./commands/sandbox-du.ts")).sandboxDu,
    }),
  ],
};
