import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ErrorCode, errorCodes } from "../diagnostic/error-codes.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { parseJson } from "../host/parse-json.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import type { Browser } from "../sandbox/browser/browser-request.ts";
import { readBrowserStatus } from "../sandbox/browser/read-browser-status.ts";
import { asObject, ownValue } from "../skill/own-value.ts";
import type { Surroundings } from "./command.ts";
import type { DetachedProgram } from "./start-detached.ts";
import type { SessionBrowser } from "./with-session-browser.ts";

/**
 * Gives a browser whose doors another process keeps open: one that does already, else a new one in the background, with
 * `words` behind `sandbox browser serve`. Throws what that failed with.
 */
export async function keepBrowser(
  { startDetached, signal }: Pick<Surroundings, "startDetached" | "signal">,
  browser: SessionBrowser,
  words: readonly string[],
): Promise<Browser> {
  if (!(await isKept(browser)) && startDetached !== undefined) {
    const dir = mkdtempSync(join(tmpdir(), "skillcrate-browser-"));
    const outputPath = join(dir, "output");
    try {
      const argv = ["sandbox", "browser", "serve", "--json", ...words];
      await untilKept(browser, startDetached(argv, outputPath), outputPath, signal);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return browser.manager.ensureBrowser(browser.request);
}

async function isKept({ gateway, request }: SessionBrowser): Promise<boolean> {
  const found = await readBrowserStatus({ ...gateway, scope: request.session.scope });
  return found !== null && found.status.doors !== null;
}

async function untilKept(
  browser: SessionBrowser,
  program: DetachedProgram,
  outputPath: string,
  signal: AbortSignal,
): Promise<void> {
  let exitCode: number | null | undefined;
  const noteEnd = (code: number | null): void => {
    exitCode = code;
  };
  void program.ended.then(noteEnd, () => noteEnd(null));
  try {
    while (!(await isKept(browser))) {
      throwIfCancelled(signal);
      if (exitCode !== undefined) throw failureIn(readFileSync(outputPath, "utf8"));
      await delay(lookMs);
    }
  } catch (error) {
    if (exitCode === undefined) process.kill(program.pid, "SIGTERM");
    throw error;
  }
}

const lookMs = 100;

/** What the other process said last, in the envelope of every command. */
function failureIn(output: string): SkillcrateError {
  const document =
    asObject(parseJson(output.slice(output.indexOf("\n{\n") + 1))) ?? asObject(parseJson(output));
  const diagnostics = ownValue(document, "diagnostics");
  const last = asObject(Array.isArray(diagnostics) ? diagnostics.at(-1) : null);
  const [code, message, hint] = ["code", "message", "hint"].map((key) => String(ownValue(last, key) ?? ""));
  return new SkillcrateError(
    isErrorCode(code) ? code : "BROWSER_ENDED",
    message === "" || message === undefined
      ? "The process that was to keep the browser's doors ended."
      : message,
    { hint: hint === "" || hint === undefined ? "See why: skillcrate sandbox browser serve" : hint },
  );
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(errorCodes, code);
}
