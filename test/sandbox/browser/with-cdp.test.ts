import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { withCdp } from "../../../src/sandbox/browser/with-cdp.ts";

/** A browser that does this with every question. */
async function startBrowser(answer: (socket: WebSocket, question: { readonly id: number }) => void) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, "listening");
  const asked = new Promise((resolve) => {
    server.on("connection", (socket) =>
      socket.on("message", (data) => {
        answer(socket, JSON.parse(String(data)));
        resolve(undefined);
      }),
    );
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { endpoint: `ws://127.0.0.1:${port}`, asked };
}

it("gives each question its own answer, whatever their order", async () => {
  const kept: number[] = [];
  const { endpoint } = await startBrowser((socket, { id }) => {
    kept.push(id);
    if (kept.length < 2) return;
    for (const each of kept.reverse()) socket.send(JSON.stringify({ id: each, result: { each } }));
  });
  const answers = await withCdp(endpoint, undefined, (cdp) => Promise.all([cdp.send("a"), cdp.send("b")]));
  expect(answers).toEqual([{ each: 1 }, { each: 2 }]);
});

it("tells what the browser refuses", async () => {
  const { endpoint } = await startBrowser((socket, { id }) =>
    socket.send(JSON.stringify({ id, error: { message: "no such page" } })),
  );
  await expect(withCdp(endpoint, undefined, (cdp) => cdp.send("Page.close"))).rejects.toMatchObject({
    code: "BROWSER_ANSWER_INVALID",
    message: expect.stringContaining("no such page"),
  });
});

it("ends whoever waits when the connection is lost, and whoever asks after that", async () => {
  const { endpoint } = await startBrowser((socket) => socket.terminate());
  const codes = await withCdp(endpoint, undefined, async (cdp) => {
    const codeOf = (error: { code: string }) => error.code;
    return [await cdp.send("a").catch(codeOf), await cdp.send("b").catch(codeOf)];
  });
  expect(codes).toEqual(["BROWSER_ENDED", "BROWSER_ENDED"]);
  await expect(withCdp("ws://127.0.0.1:1", undefined, async () => 1)).rejects.toMatchObject({
    code: "BROWSER_ENDED",
  });
});

it("is cancelled while it waits for an answer, and before it has connected", async () => {
  const { endpoint, asked } = await startBrowser(() => undefined);
  const controller = new AbortController();
  const waiting = withCdp(endpoint, controller.signal, (cdp) => cdp.send("a"));
  void asked.then(() => controller.abort());
  await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
  const early = new AbortController();
  const connecting = withCdp(endpoint, early.signal, (cdp) => cdp.send("a"));
  early.abort();
  await expect(connecting).rejects.toMatchObject({ code: "CANCELLED" });
});
