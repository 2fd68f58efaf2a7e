import { setTimeout as delay } from "node:timers/promises";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { createRedactor } from "../secrets/create-redactor.ts";
import { askBrowser } from "./ask-browser.ts";
import type { BrowserSecrets } from "./browser-record.ts";
import { unsandboxedVariable } from "./plan-browser.ts";
import { readLastLines } from "./read-last-lines.ts";

export interface AwaitedBrowser {
  readonly engine: Engine;
  readonly name: string;
  readonly containerId: string;
  readonly cdpUrl: string;
  readonly secrets: BrowserSecrets;
  /** From the call. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until a browser answers at its door with its own token. Throws `BROWSER_ENDED` once its container has, and
 * `BROWSER_TIMEOUT`, both with the last lines that it printed.
 */
export async function awaitBrowser(awaited: AwaitedBrowser): Promise<void> {
  const { engine, containerId, cdpUrl, secrets, timeoutMs, signal } = awaited;
  const endMs = performance.now() + timeoutMs;
  for (let attempt = 0; !(await askBrowser(cdpUrl, secrets.cdpToken, answerMs)).ok; attempt += 1) {
    throwIfCancelled(signal);
    if (performance.now() > endMs) {
      throw await failure(awaited, "BROWSER_TIMEOUT", `did not answer within ${timeoutMs} ms`);
    }
    if (attempt % looksPerQuestion === 0) {
      const state = (await engine.sandboxes.inspect(containerId, signal))?.state ?? "removed";
      if (state !== "running") throw await failure(awaited, "BROWSER_ENDED", "ended before it answered");
    }
    await delay(pauseMs);
  }
  throwIfCancelled(signal);
}

const pauseMs = 20;
const answerMs = 2000;
/** The engine is asked now and then only. */
const looksPerQuestion = 12;

/** What was printed is foreign text, and may hold what only the browser's user should see. */
async function failure(
  { engine, name, containerId, secrets }: AwaitedBrowser,
  code: "BROWSER_ENDED" | "BROWSER_TIMEOUT",
  how: string,
): Promise<SkillcrateError> {
  const lines = await readLastLines(engine, containerId);
  const { redact } = createRedactor([secrets.cdpToken, secrets.vncPassword ?? "", secrets.linkSecret]);
  const said = lines.map((line) => `\n  ${escapeText(redact(line))}`).join("");
  return new SkillcrateError(code, `The browser ${quoteValue(name)} ${how}.${said}`, {
    hint:
      code === "BROWSER_TIMEOUT"
        ? "Where the machine is slow, let it have longer: browser.autoStartTimeoutMs"
        : lines.some((line) => line.includes(unsandboxedVariable))
          ? `Allow user namespaces on the engine's host. Or let Chromium run without its own sandbox, where only the container confines it: ${unsandboxedVariable}=1 for the command line, unsandboxedBrowsers for createSandboxManager.`
          : "What it printed says why.",
  });
}
