import { isRunning, thisProcess } from "../../host/process-identity.ts";
import { askBrowser } from "./ask-browser.ts";
import type { BrowserRecord, RecordedDoors } from "./browser-record.ts";
import type { BrowserGround, KeptDoors } from "./browser-request.ts";
import type { BrowserDoorsRequest, ViewerLink } from "./doors/browser-doors.ts";

/** Ways to a browser, whoever keeps them open. */
export interface UsableDoors {
  readonly cdpUrl: string;
  readonly vncPort: number | null;
  /** Null: nobody can watch. */
  readonly createViewerLink: ((signal?: AbortSignal) => Promise<ViewerLink>) | null;
  /** Of clients, right now; null: another process keeps them. */
  readonly connections: () => number | null;
  readonly recorded: RecordedDoors;
}

/** The doors of this very run that are open: this process's, or those of another one that still answers. Null: none. */
export async function findOpenDoors(
  { doors: kept }: Pick<BrowserGround, "doors">,
  recordsDir: string,
  { containerId, runningSince, secrets, doors }: BrowserRecord,
): Promise<UsableDoors | null> {
  const own = kept.get(recordsDir);
  if (own?.containerId === containerId && own.runningSince === runningSince) {
    return describeOwn(own);
  }
  // Asked only while its keeper lives: another process could listen at its port by now, and would learn the token.
  if (doors === null || isRunning(doors.keeper) !== "yes") return null;
  const cdpUrl = urlOf(doors.cdpPort);
  if (!(await askBrowser(cdpUrl, secrets.cdpToken, answerMs)).ok) return null;
  const { viewerPort } = doors;
  return {
    cdpUrl,
    vncPort: doors.vncPort,
    createViewerLink:
      viewerPort === null
        ? null
        : async (signal) => {
            const { requestViewerLink } = await import("./doors/request-viewer-link.ts");
            const request = { viewerPort, linkSecret: secrets.linkSecret };
            return requestViewerLink(signal === undefined ? request : { ...request, signal });
          },
    connections: () => null,
    recorded: doors,
  };
}

/** Opens doors that this process keeps, in place of what it has kept of an earlier run. */
export async function openDoors(
  { doors: kept }: Pick<BrowserGround, "doors">,
  recordsDir: string,
  run: Pick<KeptDoors, "containerId" | "runningSince">,
  request: BrowserDoorsRequest,
): Promise<UsableDoors> {
  await closeDoors({ doors: kept }, recordsDir);
  const { openBrowserDoors } = await import("./doors/open-browser-doors.ts");
  const own = { ...run, doors: await openBrowserDoors(request) };
  kept.set(recordsDir, own);
  return describeOwn(own);
}

/**
 * Those that this process keeps; nothing where it keeps none. Whoever finds them on record sees that they are closed by
 * asking there.
 */
export async function closeDoors(
  { doors: kept }: Pick<BrowserGround, "doors">,
  recordsDir: string,
): Promise<void> {
  const own = kept.get(recordsDir);
  kept.delete(recordsDir);
  await own?.doors.close();
}

const answerMs = 2000;

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function describeOwn({ doors }: KeptDoors): UsableDoors {
  const { cdpUrl, cdpPort, vncPort, viewerPort } = doors;
  return {
    cdpUrl,
    vncPort,
    createViewerLink: viewerPort === null ? null : async () => doors.createViewerLink(),
    connections: () => {
      const { cdp, vnc, viewer } = doors.connections();
      return cdp + vnc + viewer;
    },
    recorded: { keeper: thisProcess(), cdpPort, vncPort, viewerPort },
  };
}
