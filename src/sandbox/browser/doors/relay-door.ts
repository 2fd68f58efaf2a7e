import { createServer, type Socket } from "node:net";
import type { BrowserDoorEvent, DoorLimits, DoorName } from "./browser-doors.ts";
import { connectDoor, type DoorAddress } from "./connect-door.ts";
import { describeFault } from "./describe-fault.ts";
import { listenOnLoopback } from "./listen-on-loopback.ts";
import { spliceSockets } from "./splice-sockets.ts";

export interface RelayRequest {
  readonly door: DoorName;
  readonly address: DoorAddress;
  /** Of 127.0.0.1; 0: a free one. */
  readonly port: number;
  readonly limits: DoorLimits;
  readonly tell: (event: BrowserDoorEvent) => void;
}

/** A port of this machine's own loopback that is open. */
export interface OpenDoor {
  readonly port: number;
  /** Right now. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * Passes the bytes of every connection to a port of 127.0.0.1 on to the container, and looks at none of them: who may come
 * in is asked behind the door. Throws `BROWSER_DOORS_FAILED`.
 */
export async function relayDoor({ door, address, port, limits, tell }: RelayRequest): Promise<OpenDoor> {
  const closing = new AbortController();
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    client.on("error", () => client.destroy());
    passOn(client).catch((error: unknown) => {
      client.destroy();
      tell({ type: "door-refused", door, reason: describeFault(error) });
    });
  });
  const passOn = async (client: Socket): Promise<void> => {
    const connected = await connectDoor(address, {
      timeoutMs: limits.connectTimeoutMs,
      signal: closing.signal,
    });
    if (connected.ok) return spliceSockets(client, connected.socket, limits.idleTimeoutMs);
    client.destroy();
    tell({ type: "door-refused", door, reason: connected.reason });
  };
  server.maxConnections = limits.maxConnections;
  server.on("drop", () => tell({ type: "door-refused", door, reason: "too many connections are open" }));
  return await listenOnLoopback(server, { port, beforeClose: () => closing.abort() });
}
