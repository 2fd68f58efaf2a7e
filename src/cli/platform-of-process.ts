import type { Platform } from "../plan/image-plan.ts";

/** What plans stand on where nothing is known of this machine's engine: the platform of this process. */
export function platformOfProcess(): Platform {
  return process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
}
