import { join } from "node:path/posix";
import { hostPathKind } from "../kinds/path-kinds.ts";
import { choiceKind, truthKind } from "../kinds/plain-kinds.ts";
import { type SandboxConfig, sandboxModes, scopeKinds, workspaceAccesses } from "../sandbox-config.ts";
import type { SettingsTable } from "./setting.ts";

/** What stands in `sandbox` itself. */
export type SandboxFields = Pick<SandboxConfig, "mode" | "scope" | "workspaceAccess" | "workspaceRoot">;

export const sandboxSettings: SettingsTable<SandboxFields> = {
  mode: {
    key: "mode",
    doc: "Which sessions run in a sandbox: none, all but an agent's main one, or all. Groups and channels have sessions of their own.",
    merge: "replace",
    kind: choiceKind(sandboxModes),
    unset: { rule: "reference", value: "off" },
  },
  scope: {
    key: "scope",
    doc: "Who shares a sandbox: one for each session, for each agent, or one for all. The gateway's documentation says `session`, its code `agent`; the documented one is taken.",
    merge: "replace",
    kind: choiceKind(scopeKinds),
    unset: { rule: "reference", value: "session" },
    oldForm: {
      key: "perSession",
      kind: truthKind,
      convert: (value) => (value === true ? "session" : "shared"),
      doc: "`true` means `session`, `false` means `shared`.",
    },
  },
  workspaceAccess: {
    key: "workspaceAccess",
    doc: "What a sandbox sees of the agent's workspace: nothing, all of it read-only at /agent, or all of it at /workspace. With `ro` the tools that write are off.",
    merge: "replace",
    kind: choiceKind(workspaceAccesses),
    unset: { rule: "reference", value: "none" },
  },
  workspaceRoot: {
    key: "workspaceRoot",
    doc: "The folder on the host below which each sandbox has its own.",
    merge: "replace",
    kind: hostPathKind,
    unset: {
      rule: "derived",
      words: "`sandboxes` in the gateway's state folder",
      derive: ({ ground }) => join(ground.stateDir, "sandboxes"),
    },
  },
};
