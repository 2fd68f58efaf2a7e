import { matchesPattern } from "../../skill/matches-pattern.ts";
import { lowerCase } from "../session/lower-case.ts";
import { toolGroups } from "./tool-groups.ts";

/** A tool's name as policies compare it: lower case, without blanks around it, older names replaced. */
export function canonicalToolName(written: string): string {
  const name = lowerCase(written.trim());
  return olderNames.get(name) ?? name;
}

/** Whether an entry of a list, in its canonical form, means a tool: by its name, by `*` in it, or by a group. */
export function coversTool(entry: string, tool: string): boolean {
  const members = toolGroups.get(entry);
  if (members !== undefined) return members.includes(tool);
  // A question mark means itself here, and no tool has one in its name.
  return !entry.includes("?") && matchesPattern(tool, entry);
}

const olderNames: ReadonlyMap<string, string> = new Map([
  ["bash", "exec"],
  ["apply-patch", "apply_patch"],
]);
