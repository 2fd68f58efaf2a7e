import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { expect, vi } from "vitest";

const totalBytes = 100_000_000;

export interface Flood {
  readonly server: Server;
  readonly writtenBytes: () => number;
}

/** Writes 100 MB to whoever connects, as fast as it is taken, and ends. */
export function flood(): Flood {
  let writtenBytes = 0;
  const server = createServer((socket) => {
    const block = Buffer.alloc(100_000, 7);
    const write = (): void => {
      while (writtenBytes < totalBytes) {
        writtenBytes += block.length;
        if (!socket.write(block)) return;
      }
      socket.end();
    };
    socket.on("drain", write);
    write();
  });
  return { server, writtenBytes: () => writtenBytes };
}

/** While a client does not read, the flood stands still before it fills memory; then all of it arrives. */
export async function expectHeldBack({ writtenBytes }: Flood, client: Socket): Promise<void> {
  let before = -1;
  await vi.waitUntil(
    () => {
      const stands = writtenBytes() === before && before > 0;
      before = writtenBytes();
      return stands;
    },
    { timeout: 20_000, interval: 300 },
  );
  // Buffers of two sockets and of Node, and no more, however long nobody reads.
  expect(before).toBeLessThan(20_000_000);
  let readBytes = 0;
  client.on("data", (part) => {
    readBytes += part.length;
  });
  client.resume();
  await once(client, "close");
  expect(readBytes).toBe(totalBytes);
}
