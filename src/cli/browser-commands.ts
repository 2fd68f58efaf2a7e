import {
  browserOpenOptions,
  browserScreenshotOptions,
  browserServeOptions,
  browserStartOptions,
  browserStatusOptions,
  browserStopOptions,
} from "./browser-options.ts";
import { type CommandGroup, defineCommand } from "./command.ts";

/** What an operator does with the browsers of sandboxes. */
export const browserCommands: CommandGroup = {
  name: "sandbox browser",
  summary: "start, watch and stop the browsers of sandboxes",
  description:
    "A browser is a container beside a session's sandbox, without a network: it is driven, watched and connected to the web through doors on 127.0.0.1, which a process on this machine keeps open. Token and password are shown only with --show-secrets.",
  commands: [
    defineCommand({
      name: "sandbox browser start",
      summary: "start a session's browser, and keep its doors open",
      description:
        "Brings it up where it is not, and leaves a process in the background that keeps its doors open until it is stopped.",
      arguments: "",
      options: browserStartOptions,
      examples: [
        { command: "skillcrate sandbox browser start --agent main", meaning: "of the agent's main session" },
        {
          command: "skillcrate sandbox browser start --show-secrets --json",
          meaning: "for a script that drives it",
        },
      ],
      load: async () => (await import("./commands/sandbox-browser-start.ts")).sandboxBrowserStart,
    }),
    defineCommand({
      name: "sandbox browser serve",
      summary: "the same in the foreground, until it is stopped",
      description: "For a service manager. Ends with the browser; on a signal the browser runs on.",
      arguments: "",
      options: browserServeOptions,
      examples: [{ command: "skillcrate sandbox browser serve --agent main", meaning: "until Ctrl-C" }],
      load: async () => (await import("./commands/sandbox-browser-serve.ts")).sandboxBrowserServe,
    }),
    defineCommand({
      name: "sandbox browser stop",
      summary: "stop a session's browser; its sandbox goes on",
      description: "Its profile stays. Its next use starts it again.",
      arguments: "",
      options: browserStopOptions,
      examples: [{ command: "skillcrate sandbox browser stop --agent main", meaning: "and close its doors" }],
      load: async () => (await import("./commands/sandbox-browser-stop.ts")).sandboxBrowserStop,
    }),
    defineCommand({
      name: "sandbox browser status",
      summary: "say how a session's browser stands",
      description:
        "Whether it answers, who keeps its doors, and what is open in it. Starts nothing. Of one that has ended: the last lines that it printed.",
      arguments: "",
      options: browserStatusOptions,
      examples: [
        { command: "skillcrate sandbox browser status --show-secrets", meaning: "with a link to its screen" },
      ],
      load: async () => (await import("./commands/sandbox-browser-status.ts")).sandboxBrowserStatus,
    }),
    defineCommand({
      name: "sandbox browser open",
      summary: "open a page in a session's browser",
      description:
        "Starts the browser where it does not run, as start does, and waits until the page is there.",
      arguments: "<url>",
      options: browserOpenOptions,
      examples: [{ command: "skillcrate sandbox browser open https://example.com/", meaning: "a new page" }],
      load: async () => (await import("./commands/sandbox-browser-open.ts")).sandboxBrowserOpen,
    }),
    defineCommand({
      name: "sandbox browser screenshot",
      summary: "write a picture of a page of a session's browser",
      description: "A PNG file of the latest page, which replaces what FILE is.",
      arguments: "<file>",
      options: browserScreenshotOptions,
      examples: [
        { command: "skillcrate sandbox browser screenshot page.png", meaning: "what is seen of it" },
      ],
      load: async () => (await import("./commands/sandbox-browser-screenshot.ts")).sandboxBrowserScreenshot,
    }),
  ],
};
