import type { BuildFollower } from "./build-follower.ts";
import { formatJson } from "./format-json.ts";

/** For programs: every event as one line of JSON, as it happens. */
export function followBuildsAsJson(write: (text: string) => void): BuildFollower {
  return {
    event: (event) => write(`${formatJson(event, 0)}\n`),
    end: () => undefined,
  };
}
