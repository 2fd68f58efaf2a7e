import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../../host/package-dir.ts";
import type { SeccompProfile } from "./container-request.ts";

/** The built-in profile. */
export function readSeccompProfile(role: "sandbox" | "browser"): SeccompProfile {
  const path = join(packageDir(), "data", "seccomp", `${role}.json`);
  return { json: JSON.stringify(JSON.parse(readFileSync(path, "utf8"))), path };
}
