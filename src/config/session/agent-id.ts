import { lowerCase } from "./lower-case.ts";

/** The agent of a gateway that has configured none. */
export const fallbackAgentId = "main";

/** Whether an agent's id is written as gateways write it, but for its letter case. */
export function isAgentId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id);
}

/**
 * An agent's id as gateways make it of what people write: lower case, each run of other characters one dash, at most
 * 64 characters. `main` where nothing is left.
 */
export function normaliseAgentId(written: string): string {
  const id = lowerCase(written.trim());
  if (isAgentId(id)) return id;
  const made = id
    .slice(0, 10_000)
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64);
  return made === "" ? fallbackAgentId : made;
}
