import type { NetworkSettings } from "../../dockerfile/network-settings.ts";
import type { Engine } from "../../engine/engine.ts";
import type { State } from "../../source/open-state.ts";
import type { CommandContext } from "../command.ts";
import type { doctorOptions } from "../command-options.ts";

/** One thing that doctor has looked at. */
export interface Check {
  readonly name: string;
  /** `unknown`: it could not be looked at, since something else is wrong first. */
  readonly status: "ok" | "warning" | "problem" | "unknown";
  readonly detail: string;
  /** What to do, one command or instruction a line; null where nothing needs doing. */
  readonly fix: string | null;
}

/** What checks look at. */
export interface Patient {
  readonly context: CommandContext<typeof doctorOptions>;
  readonly engine: Engine;
  readonly state: State;
  readonly network: NetworkSettings;
}

export function ok(name: string, detail: string): Check {
  return { name, status: "ok", detail, fix: null };
}
