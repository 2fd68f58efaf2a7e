import type { Engine } from "../../src/engine/engine.ts";

/** What `sh -c SCRIPT` prints in a container. */
export async function execShell({ containers }: Engine, id: string, script: string): Promise<string> {
  const command = ["sh", "-c", script];
  return (await containers.exec(id, { command, outputLimitBytes: 10_000, timeoutMs: 60_000 })).stdout;
}
