import {
  homeGcOptions,
  homeRemoveOptions,
  networkOptions,
  notEmpty,
  scopeOptions,
  skillSourceOptions,
} from "./command-options.ts";
import { flag, text } from "./option.ts";

export const sandboxListOptions = { workspaceRoot: scopeOptions.workspaceRoot };

const agentOptions = {
  agent: text("--agent <id>", "the agent, where the key does not name it", notEmpty),
  bundled: skillSourceOptions.bundled,
  buildMissing: flag("--build-missing", "build the image where it is not there, if it is one of ours"),
};

export const sandboxRunOptions = {
  session: text("--session <key>", "the session, by its whole key (default: the agent's main one)", notEmpty),
  ...agentOptions,
};

export const sandboxWarmOptions = {
  size: text("--size <number>", "how many wait then (default: 1)", {
    accepts: (word) => /^[1-9][0-9]{0,2}$/.test(word),
    expected: "a number, 1 to 999",
  }),
  ...agentOptions,
  agent: text("--agent <id>", "whose sessions (default: the agent that the gateway takes)", notEmpty),
};

const secrets = {
  secrets: flag("--secrets", "give it the secrets that the scope's skills may see"),
};

export const sandboxShellOptions = { ...secrets, ...sandboxRunOptions };

export const sandboxExecOptions = {
  ...secrets,
  tty: flag("--tty", "give the command this terminal, so that a person can type at it"),
  workdir: text("--workdir <dir>", "the folder inside that it begins in (default: /workspace)", {
    accepts: (word) => word.startsWith("/"),
    expected: "an absolute path inside the sandbox",
  }),
  timeout: text("--timeout <seconds>", "end the command after so long (default: 60; with --tty: a day)", {
    accepts: (word) => /^[1-9][0-9]{0,5}$/.test(word),
    expected: "a number of seconds, 1 or more",
  }),
  ...sandboxRunOptions,
};

export const sandboxStopOptions = homeRemoveOptions;

export const sandboxLogsOptions = {
  lines: text("--lines <number>", "the last so many lines (default: 100)", {
    accepts: (word) => /^[1-9][0-9]{0,5}$/.test(word),
    expected: "a number of lines, 1 or more",
  }),
  workspaceRoot: scopeOptions.workspaceRoot,
};

export const sandboxRecreateOptions = {
  all: flag("--all", "every sandbox"),
  mismatched: flag(
    "--mismatched",
    "only those that would be made otherwise now: another image, other settings",
  ),
  browser: flag("--browser", "only browsers, not the sandboxes that they belong to"),
  force: homeRemoveOptions.force,
  ...scopeOptions,
};

export const sandboxPruneOptions = {
  dryRun: homeGcOptions.dryRun,
  workspaceRoot: scopeOptions.workspaceRoot,
};

export const sandboxGcOptions = {
  ...homeGcOptions,
  olderThan: {
    ...homeGcOptions.olderThan,
    summary:
      "days without use after which a workspace or home goes, and days after which an image does (default: 30)",
  },
};

export const sandboxToLayerOptions = {
  agent: text("--agent <id>", "whose setupCommand (default: the agent that the gateway takes)", notEmpty),
  tag: text("--tag <image>", "what the new image is called (required)", notEmpty),
  ...networkOptions,
};
