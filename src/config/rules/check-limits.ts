import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { problemOf } from "../problem.ts";
import type { SandboxConfig } from "../sandbox-config.ts";

/** Memory and swap together cannot be less than memory alone. */
export function checkLimits({ docker }: SandboxConfig): readonly Diagnostic[] {
  const { memoryBytes: memory, memorySwapBytes: swap } = docker;
  if (swap.value === null || (memory.value !== null && swap.value >= memory.value)) return [];
  return [
    problemOf(swap.origin, {
      code: "CONFIG_VALUE_INVALID",
      severity: "error",
      what: "is less than memory alone: it stands for memory and swap together",
      hint: "Leave it out for no swap at all, or write memory and the swap that comes on top.",
    }),
  ];
}
