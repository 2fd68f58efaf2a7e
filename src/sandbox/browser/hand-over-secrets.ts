import { randomBytes } from "node:crypto";
import type { Engine } from "../../engine/engine.ts";
import { waitForExit } from "../exec/wait-for-exit.ts";
import type { BrowserSecrets } from "./browser-record.ts";
import { browserPaths } from "./plan-browser.ts";

/** New ones for each run: who knew the last run's has nothing of this one. */
export function makeBrowserSecrets({ hasScreen }: { readonly hasScreen: boolean }): BrowserSecrets {
  return {
    cdpToken: randomBytes(32).toString("base64url"),
    // VNC reads eight characters of a password.
    vncPassword: hasScreen ? randomBytes(6).toString("base64url") : null,
    linkSecret: randomBytes(32).toString("base64url"),
  };
}

/**
 * Gives a container that has just been started its secrets, on the input of one command: they are in no argument, no
 * variable, no inspect answer and no log, and in memory only. Where they were not taken it does not answer with them.
 * Throws `CONTAINER_GONE` where it has ended already.
 */
export async function handOverSecrets(
  engine: Engine,
  containerId: string,
  { cdpToken, vncPassword }: BrowserSecrets,
  signal: AbortSignal | undefined,
): Promise<void> {
  const command = ["/bin/sh", "-c", script];
  const exec = await engine.execs.open(containerId, { command, stdin: true, tty: false }, signal);
  exec.stdin?.end(`${JSON.stringify({ cdpToken, vncPassword })}\n`);
  for await (const _ of exec.output);
  await waitForExit(engine, exec.id, signal);
}

const file = `${browserPaths.secrets}/secrets.json`;
/** In one step: whoever waits for the file finds it whole. */
const script = `umask 077 && cat > ${file}.new && mv ${file}.new ${file}`;
