/** What a gateway's own tool is for, and the command that it stands for inside a sandbox. */
export interface KnownTool {
  readonly name: string;
  readonly purpose: string;
  /** Null: no command does the same. */
  readonly insteadOf: string | null;
}

/** The tools that a gateway brings along. Plugins add others, which nobody but the gateway knows. */
export const knownTools: readonly KnownTool[] = [
  tool("read", "read files"),
  tool("write", "write files"),
  tool("edit", "change files"),
  tool("apply_patch", "change several files"),
  tool("exec", "run commands"),
  tool("process", "watch and end commands that run on"),
  tool("sessions_list", "list sessions", "sessions"),
  tool("sessions_history", "read another session", "sessions"),
  tool("sessions_send", "write to another session", "agent"),
  tool("sessions_spawn", "start another session", "agent"),
  tool("session_status", "tell of this session", "status"),
  tool("memory_search", "search memories", "memory search"),
  tool("memory_get", "read memories"),
  tool("web_search", "search the web", "curl"),
  tool("web_fetch", "read a web page", "curl"),
  tool("browser", "drive a browser", "browser"),
  tool("canvas", "show a page to the user", "canvas"),
  tool("cron", "schedule jobs", "cron"),
  tool("gateway", "call the gateway itself: best kept denied", "gateway call"),
  tool("message", "send messages", "message"),
  tool("nodes", "use paired devices", "nodes"),
  tool("image", "look at pictures"),
  tool("agents_list", "list the agents that can be started", "agents list"),
];

/** Channels that gateways come with; a channel's name is also the name of its tool. */
export const channelNames: readonly string[] = [
  "telegram",
  "whatsapp",
  "discord",
  "irc",
  "googlechat",
  "slack",
  "signal",
  "imessage",
  "bluebubbles",
  "feishu",
  "line",
  "matrix",
  "mattermost",
  "msteams",
  "nextcloud-talk",
  "nostr",
  "tlon",
  "twitch",
  "zalo",
  "zalouser",
];

/** Commands that change the gateway itself: a model that may call them has the operator's powers. */
export const operatorCommands: readonly string[] = [
  "config",
  "gateway restart",
  "doctor",
  "update",
  "plugins",
];

function tool(name: string, purpose: string, insteadOf: string | null = null): KnownTool {
  return { name, purpose, insteadOf };
}
