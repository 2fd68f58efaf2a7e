import type { SandboxEnvironment } from "../sandbox-environment.ts";

/** The values of an environment that nobody may see. */
export function secretValues(
  environment: Pick<SandboxEnvironment, "env" | "lines"> | undefined,
): readonly string[] {
  const secrets = (environment?.lines ?? []).filter(({ source }) => source === "secret");
  return secrets.flatMap(({ name }) => environment?.env[name] ?? []);
}
