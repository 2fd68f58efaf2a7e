import { isAbsolute } from "node:path";
import type { Scope } from "../scope.ts";
import { containerLabels } from "./container-plan.ts";

/** What the labels of a sandbox's container say: all there is to know of it beside the engine's own facts. */
export interface SandboxLabels {
  readonly role: "sandbox" | "browser";
  readonly owner: string;
  readonly scope: Scope;
  /** Null: not said. */
  readonly agent: string | null;
  readonly planHash: string;
  /** The image as configured. */
  readonly image: string;
  readonly imageId: string;
  /** 0: never, in this and the next. */
  readonly pruneIdleHours: number;
  readonly pruneMaxAgeDays: number;
  /** The scope's folder on the host. */
  readonly scopeDir: string;
  /** The id of the entry of the pool that it was made for; null: it was made for its scope. */
  readonly pool: string | null;
  /** The name of the network that it has for itself; null: it has none. */
  readonly network: string | null;
}

/** Null where a label is missing or says something that Skillcrate never writes: then the container is somebody else's. */
export function readContainerLabels(labels: Readonly<Record<string, string>>): SandboxLabels | null {
  const value = (key: keyof typeof containerLabels) => labels[containerLabels[key]] ?? "";
  const [role, kind] = [value("role"), value("scope")];
  if (role !== "sandbox" && role !== "browser") return null;
  if (kind !== "session" && kind !== "agent" && kind !== "shared") return null;
  if (value("owner") === "" || value("scopeKey") === "" || !isAbsolute(value("scopeDir"))) return null;
  return {
    role,
    owner: value("owner"),
    scope: { kind, key: value("scopeKey") },
    agent: value("agent") === "" ? null : value("agent"),
    planHash: value("planHash"),
    image: value("image"),
    imageId: value("imageId"),
    pruneIdleHours: readNumber(value("pruneIdleHours")),
    pruneMaxAgeDays: readNumber(value("pruneMaxAgeDays")),
    scopeDir: value("scopeDir"),
    pool: /^[0-9a-f]{32}$/.test(value("pool")) ? value("pool") : null,
    network: value("network") === "" ? null : value("network"),
  };
}

/** What is no number prunes nothing. */
function readNumber(text: string): number {
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : 0;
}
