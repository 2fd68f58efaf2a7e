/** Names in lists that stand for several tools. */
export const toolGroups: ReadonlyMap<string, readonly string[]> = new Map([
  ["group:fs", ["read", "write", "edit", "apply_patch"]],
  ["group:runtime", ["exec", "process"]],
  [
    "group:sessions",
    ["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"],
  ],
  ["group:memory", ["memory_search", "memory_get"]],
  ["group:web", ["web_search", "web_fetch"]],
  ["group:ui", ["browser", "canvas"]],
  ["group:automation", ["cron", "gateway"]],
  ["group:messaging", ["message"]],
  ["group:nodes", ["nodes"]],
  [
    // All tools of the gateway's own; reading, writing and running are not counted among them.
    "group:openclaw",
    [
      ...["browser", "canvas", "nodes", "cron", "message", "gateway", "agents_list", "image"],
      ...["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"],
      ...["memory_search", "memory_get", "web_search", "web_fetch"],
    ],
  ],
  // What plugins bring; only the gateway knows their names.
  ["group:plugins", []],
]);

/** What `tools.profile` can be, the narrowest first. Null: everything. */
export const toolProfiles: ReadonlyMap<string, readonly string[] | null> = new Map([
  ["minimal", ["session_status"]],
  ["messaging", ["message", "sessions_list", "sessions_history", "sessions_send", "session_status"]],
  ["coding", ["group:fs", "group:runtime", "group:sessions", "group:memory", "image"]],
  ["full", null],
]);

/** What a sandboxed session may use where nothing else is said. */
export const sandboxDefaultAllow: readonly string[] = [
  ...["exec", "process", "read", "write", "edit", "apply_patch", "image"],
  ...["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"],
];

/** What it may not; the name of every channel comes on top. */
export const sandboxDefaultDeny: readonly string[] = ["browser", "canvas", "nodes", "cron", "gateway"];

/** What a subagent may not: whoever started it coordinates. */
export const subagentDefaultDeny: readonly string[] = [
  ...["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"],
  ...["gateway", "cron", "agents_list", "memory_search", "memory_get", "whatsapp_login"],
];

/** What `workspaceAccess: "ro"` takes away. */
export const writingTools: readonly string[] = ["write", "edit", "apply_patch"];
