import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../../../host/throw-if-cancelled.ts";
import { startWebProxy, type WebProxy } from "../web-proxy/start-web-proxy.ts";
import type { BrowserDoorEvent, BrowserDoors, BrowserDoorsRequest, DoorLimits } from "./browser-doors.ts";
import { type DoorAddresses, findDoorAddresses } from "./find-door-addresses.ts";
import { type OpenDoor, relayDoor } from "./relay-door.ts";
import { startViewer, type Viewer } from "./start-viewer.ts";

/**
 * Opens the doors of a browser's container on this machine: ports of 127.0.0.1 for its control (CDP), for VNC and for a
 * person who watches, and its way to the web. They are open until they are closed; what a container does with its own
 * side (nothing there, links, silence) ends single connections and no door.
 *
 * Throws `BROWSER_DOORS_FAILED`, after which none is open, and `CANCELLED`.
 */
export async function openBrowserDoors(request: BrowserDoorsRequest): Promise<BrowserDoors> {
  const { target, signal } = request;
  throwIfCancelled(signal);
  const addresses = findDoorAddresses(target);
  const opened: Closable[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.map((door) => door.close()));
    addresses.letGo();
  };
  try {
    const doors = await openEach(request, addresses, opened);
    throwIfCancelled(signal);
    return describeDoors(doors, closeAll, signal);
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

interface Closable {
  close(): Promise<void>;
}

interface OpenDoors {
  readonly web: WebProxy | null;
  readonly cdp: OpenDoor;
  readonly vnc: OpenDoor | null;
  readonly viewer: Viewer | null;
}

/** One after the other; whatever is open is in `opened`, also where the next one fails. */
async function openEach(
  { screen, web, ports = {}, limits: given, onEvent }: BrowserDoorsRequest,
  addresses: DoorAddresses,
  opened: Closable[],
): Promise<OpenDoors> {
  const keep = <Door extends Closable>(door: Door): Door => {
    opened.push(door);
    return door;
  };
  const limits = { ...usualLimits, ...given };
  const tell = (event: BrowserDoorEvent): void => onEvent?.(event);
  const relay = async (door: "cdp" | "vnc"): Promise<OpenDoor> =>
    keep(await relayDoor({ door, address: addresses[door], port: ports[door] ?? 0, limits, tell }));
  return {
    web: web === null ? null : keep(await startWebProxy({ ...web, onEvent: tell })),
    cdp: await relay("cdp"),
    vnc: screen === null ? null : await relay("vnc"),
    viewer:
      screen === null || !screen.noVnc
        ? null
        : keep(
            await startViewer({
              ...{ address: addresses.noVnc, port: ports.viewer ?? 0, limits, tell },
              ...screen,
            }),
          ),
  };
}

function describeDoors(
  { web, cdp, vnc, viewer }: OpenDoors,
  closeAll: () => Promise<void>,
  signal: AbortSignal | undefined,
): BrowserDoors {
  let markClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    markClosed = resolve;
  });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    signal?.removeEventListener("abort", close);
    closing ??= closeAll().finally(markClosed);
    return closing;
  };
  signal?.addEventListener("abort", close, { once: true });
  return {
    cdpUrl: `http://127.0.0.1:${cdp.port}`,
    cdpPort: cdp.port,
    vncPort: vnc?.port ?? null,
    viewerPort: viewer?.port ?? null,
    connections: () => ({
      cdp: cdp.connections(),
      vnc: vnc?.connections() ?? 0,
      viewer: viewer?.connections() ?? 0,
      web: web?.connections() ?? 0,
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
}
