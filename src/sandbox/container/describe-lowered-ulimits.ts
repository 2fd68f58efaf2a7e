import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { readHardUlimits } from "./lower-ulimits.ts";

/** What of a container's limits is lower than its settings ask for, by its labels; nothing where none is. */
export function describeLoweredUlimits(labels: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const lowered = Object.entries(readHardUlimits(labels));
  if (lowered.length === 0) return [];
  const what = lowered.map(([name, limit]) => `${name} ${limit}`).join(", ");
  const names = lowered.map(([name]) => `docker.ulimits.${name}`).join(", ");
  return [
    {
      code: "SANDBOX_ULIMITS_LOWERED",
      severity: "warning",
      message: `The engine may give its containers no more than ${what}: that is what the sandbox has.`,
      hint: `Lower ${names}; or raise the engine's own limits, restart it, and make the sandbox anew: skillcrate sandbox recreate`,
    },
  ];
}
