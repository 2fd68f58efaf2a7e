import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../../host/file-problem.ts";
import { closeFolder, openFolder } from "../../../host/open-folder.ts";
import { throwIfCancelled } from "../../../host/throw-if-cancelled.ts";
import { startWebProxy } from "../web-proxy/start-web-proxy.ts";
import type { BrowserDoors, BrowserDoorsRequest, DoorLimits, DoorsTarget } from "./browser-doors.ts";
import type { DoorAddress } from "./connect-door.ts";
import { relayDoor } from "./relay-door.ts";
import { startViewer } from "./start-viewer.ts";

/**
 * Opens the doors of a browser's container on this machine: ports of 127.0.0.1 for its control (CDP), for VNC and for a
 * person who watches, and its way to the web. They are open until they are closed; what a container does with its own
 * side (nothing there, links, silence) ends single connections and no door.
 *
 * Throws `BROWSER_DOORS_FAILED`, after which none is open, and `CANCELLED`.
 */
export async function openBrowserDoors(request: BrowserDoorsRequest): Promise<BrowserDoors> {
  const { target, screen, web, ports = {}, signal } = request;
  throwIfCancelled(signal);
  const limits = { ...usualLimits, ...request.limits };
  const tell = (event: Parameters<NonNullable<BrowserDoorsRequest["onEvent"]>>[0]): void =>
    request.onEvent?.(event);
  const addresses = findAddresses(target);
  const opened: { close(): Promise<void> }[] = [];
  const keep = async <Door extends { close(): Promise<void> }>(door: Promise<Door>): Promise<Door> => {
    opened.push(await door);
    return await door;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.map((door) => door.close()));
    addresses.letGo();
  };
  try {
    const shared = { limits, tell };
    const proxy =
      web === null
        ? null
        : await keep(startWebProxy({ ...web, onEvent: tell, ...(signal === undefined ? {} : { signal }) }));
    const cdp = await keep(
      relayDoor({ ...shared, door: "cdp", address: addresses.cdp, port: ports.cdp ?? 0 }),
    );
    const vnc =
      screen === null
        ? null
        : await keep(relayDoor({ ...shared, door: "vnc", address: addresses.vnc, port: ports.vnc ?? 0 }));
    const viewer =
      screen === null || !screen.noVnc
        ? null
        : await keep(
            startViewer({ ...shared, ...screen, address: addresses.noVnc, port: ports.viewer ?? 0 }),
          );
    throwIfCancelled(signal);
    let markClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      markClosed = resolve;
    });
    let closing: Promise<void> | null = null;
    const close = (): Promise<void> => {
      closing ??= closeAll().finally(markClosed);
      return closing;
    };
    signal?.addEventListener("abort", () => void close(), { once: true });
    return {
      cdpUrl: `http://127.0.0.1:${cdp.port}`,
      cdpPort: cdp.port,
      vncPort: vnc?.port ?? null,
      viewerPort: viewer?.port ?? null,
      connections: () => ({
        cdp: cdp.connections(),
        vnc: vnc?.connections() ?? 0,
        viewer: viewer?.connections() ?? 0,
        web: proxy?.connections() ?? 0,
      }),
      createViewerLink({ lifeMs } = {}) {
        if (viewer !== null && closing === null) return viewer.createLink(lifeMs);
        throw new SkillcrateError("BROWSER_VIEWER_ABSENT", "This browser cannot be watched in another one.", {
          hint: "Start it with a screen: browser.headless false and browser.enableNoVnc true.",
        });
      },
      close,
      closed,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const usualLimits: DoorLimits = {
  maxConnections: 64,
  connectTimeoutMs: 5000,
  idleTimeoutMs: 60 * 60_000,
};

interface DoorAddresses {
  readonly cdp: DoorAddress;
  readonly vnc: DoorAddress;
  readonly noVnc: DoorAddress;
  /** Nobody connects any more. */
  letGo(): void;
}

function findAddresses(target: DoorsTarget): DoorAddresses {
  if (target.kind === "address") {
    const { host } = target;
    const at = (port: number): DoorAddress => ({ kind: "address", host, port });
    return {
      cdp: at(target.cdpPort),
      vnc: at(target.vncPort),
      noVnc: at(target.noVncPort),
      letGo: () => undefined,
    };
  }
  const opened = openFolder(target.folder);
  if (!opened.ok) {
    const why = describeFileProblem(opened.problem);
    throw new SkillcrateError(
      "BROWSER_DOORS_FAILED",
      `The folder ${target.folder} of a browser's doors cannot be used: ${why}.`,
      {
        hint: "Start the browser again, so that its folders are made.",
      },
    );
  }
  const { folder } = opened;
  const at = (name: string): DoorAddress => ({ kind: "socket", folder, name });
  return {
    cdp: at("cdp.sock"),
    vnc: at("vnc.sock"),
    noVnc: at("novnc.sock"),
    letGo: () => closeFolder(folder),
  };
}
