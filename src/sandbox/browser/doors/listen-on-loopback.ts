import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import type { OpenDoor } from "./relay-door.ts";

/**
 * Lets a server listen at 127.0.0.1, and nowhere else. Closing ends its connections too. Throws `BROWSER_DOORS_FAILED`.
 */
export async function listenOnLoopback(
  server: Server,
  { port, beforeClose }: { readonly port: number; readonly beforeClose?: () => void },
): Promise<OpenDoor> {
  const clients = new Set<Socket>();
  server.on("connection", (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
  });
  try {
    server.listen({ host: "127.0.0.1", port, exclusive: true });
    await once(server, "listening");
  } catch (error) {
    throw new SkillcrateError(
      "BROWSER_DOORS_FAILED",
      `Port ${port} of 127.0.0.1 cannot be opened: ${error instanceof Error ? error.message : String(error)}.`,
      { hint: "Leave the port out, and a free one is taken.", cause: error },
    );
  }
  // A connection that could not be accepted (no descriptors are left) is nobody's.
  server.on("error", () => undefined);
  const address = server.address();
  let closing: Promise<void> | null = null;
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    connections: () => clients.size,
    close: () => {
      closing ??= new Promise((resolve) => {
        beforeClose?.();
        server.close(() => resolve());
        for (const client of clients) client.destroy();
      });
      return closing;
    },
  };
}
