import { isRunning } from "../../host/process-identity.ts";
import type { GatewaySandboxes } from "../life/find-sandboxes.ts";
import { type SandboxSummary, summarize } from "../life/list-sandboxes.ts";
import type { Scope } from "../scope.ts";
import { askBrowser } from "./ask-browser.ts";
import { type BrowserSecrets, readBrowserRecord } from "./browser-record.ts";
import { findBrowser } from "./find-browser.ts";
import { readLastLines } from "./read-last-lines.ts";

export interface BrowserStatus {
  readonly container: SandboxSummary;
  /** What it says of itself at its door; null: it does not answer, or nobody keeps its doors open. */
  readonly product: string | null;
  /** Null: nobody keeps them open; the next who asks for the browser does. */
  readonly doors: {
    readonly keeperPid: number;
    readonly cdpUrl: string;
    readonly vncPort: number | null;
    readonly viewerPort: number | null;
  } | null;
  /** The last lines that it printed, where it has ended. Foreign text. */
  readonly said: readonly string[];
}

export interface StatusRequest extends GatewaySandboxes {
  readonly scope: Scope;
  readonly signal?: AbortSignal;
}

/** How a scope's browser stands, and what opens its doors; null: it has none. Starts nothing. */
export async function readBrowserStatus(
  request: StatusRequest,
): Promise<{ readonly status: BrowserStatus; readonly secrets: BrowserSecrets | null } | null> {
  const { engine, scope, signal } = request;
  const found = await findBrowser(request, scope, signal);
  if (found === null) return null;
  const container = summarize(found);
  const record = found.recordsDir === null ? null : readBrowserRecord(found.recordsDir);
  const isOwn = record?.containerId === container.id && container.state === "running";
  const recorded =
    isOwn && record.doors !== null && isRunning(record.doors.keeper) === "yes" ? record.doors : null;
  const cdpUrl = `http://127.0.0.1:${recorded?.cdpPort}`;
  const answer =
    recorded === null || record === null ? null : await askBrowser(cdpUrl, record.secrets.cdpToken, answerMs);
  const doors =
    recorded === null || answer?.ok !== true
      ? null
      : {
          keeperPid: recorded.keeper.pid,
          cdpUrl,
          vncPort: recorded.vncPort,
          viewerPort: recorded.viewerPort,
        };
  const said = container.state === "running" ? [] : await readLastLines(engine, container.id);
  return {
    status: { container, product: answer?.ok === true ? answer.product : null, doors, said },
    secrets: doors === null ? null : (record?.secrets ?? null),
  };
}

const answerMs = 2000;
