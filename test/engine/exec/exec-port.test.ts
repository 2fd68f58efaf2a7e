import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { OpenExec } from "../../../src/engine/exec/exec-port.ts";
import { connectTo, type FakeAnswers, sendJson, startFakeEngine } from "../../support/fake-engine.ts";

const container = "0123456789ab";
const execId = "fedcba987654";
const create = `POST /containers/${container}/exec`;
const start = `POST /exec/${execId}/start`;
const inspect = `GET /exec/${execId}/json`;
const spec = { command: ["true"], stdin: false, tty: false };
const created = { [create]: sendJson({ Id: execId }, 201) };

async function portOf(answers: FakeAnswers, deadlineMs?: number) {
  const fake = await startFakeEngine(answers);
  return { fake, execs: (await connectTo(fake, deadlineMs)).execs };
}

/** Opens the command's streams, as an engine does, and lets the test have the connection. */
const upgraded =
  (then: (socket: Socket) => void) => (_response: ServerResponse, request: IncomingMessage) => {
    request.socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    then(request.socket);
  };

function frame(stream: number, text: string): Buffer {
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]);
  return Buffer.concat([head, Buffer.from(text)]);
}

async function readAll({ output }: OpenExec): Promise<string> {
  let text = "";
  for await (const { stream, bytes } of output) text += `${stream}:${Buffer.from(bytes)} `;
  return text;
}

describe("a command is not made or started", () => {
  const say = (status: number, message: string) => sendJson({ message }, status);

  test.each([
    ["no container", say(404, "No such container"), "CONTAINER_GONE"],
    ["one that does not run", say(409, "Container is not running"), "CONTAINER_GONE"],
    [
      "one that is paused",
      say(409, "Container is paused, unpause the container before exec"),
      "ENGINE_REFUSED",
    ],
    ["500", say(500, "boom"), "ENGINE_REFUSED"],
    ["no space", say(500, "no space left on device"), "ENGINE_NO_SPACE"],
    ["a page", (response: ServerResponse) => void response.end("<html>"), "ENGINE_PROTOCOL"],
    ["an id that is a path", sendJson({ Id: "../../x" }, 201), "ENGINE_PROTOCOL"],
  ])("%s", async (_name, answer, code) => {
    const { execs } = await portOf({ [create]: answer });
    await expect(execs.open(container, spec)).rejects.toMatchObject({ code });
  });

  test.each([
    ["the container is gone by then", say(409, "Container is not running"), "CONTAINER_GONE"],
    ["500", say(500, "boom"), "ENGINE_REFUSED"],
    ["an answer without streams", sendJson({}), "ENGINE_PROTOCOL"],
    ["a connection that breaks", (response: ServerResponse) => void response.destroy(), "ENGINE_DOWN"],
  ])("%s", async (_name, answer, code) => {
    const { execs } = await portOf({ ...created, [start]: answer });
    await expect(execs.open(container, spec)).rejects.toMatchObject({ code });
  });

  test.each([create, start])("silence at %s", async (request) => {
    const silent = { "GET /_ping": () => {}, [request]: () => {} };
    const { execs } = await portOf({ ...created, ...silent }, 200);
    await expect(execs.open(container, spec)).rejects.toMatchObject({ code: "ENGINE_SILENT" });
  });

  test("by its caller's wish", async () => {
    const giveUp = new AbortController();
    const { execs } = await portOf({ ...created, [start]: () => giveUp.abort() });
    await expect(execs.open(container, spec, giveUp.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("an id that is no container's makes no request", async () => {
    const { execs, fake } = await portOf({});
    const before = fake.requests.length;
    await expect(execs.open("../images", spec)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(fake.requests).toHaveLength(before);
  });
});

describe("a command's streams", () => {
  const opened = async (then: (socket: Socket) => void, deadlineMs?: number, more: FakeAnswers = {}) => {
    const { execs } = await portOf({ ...created, [start]: upgraded(then), ...more }, deadlineMs);
    return { execs, exec: await execs.open(container, { ...spec, stdin: true }) };
  };

  test("come apart, wherever they are cut", async () => {
    const bytes = Buffer.concat([frame(1, "one"), frame(2, "two"), frame(1, "three")]);
    const { exec } = await opened((socket) => {
      for (const byte of bytes) socket.write(Buffer.from([byte]));
      socket.end();
    });
    expect((await readAll(exec)).replaceAll(/ std(?:out|err):/g, "")).toMatch(/^stdout:o.*e $/);
  });

  test("close one after the other", async () => {
    const { exec } = await opened((socket) => {
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk;
      });
      socket.on("end", () => socket.end(frame(1, heard)));
    });
    exec.stdin?.end("asked");
    expect(await readAll(exec)).toBe("stdout:asked ");
  });

  test("that are none", async () => {
    const { exec } = await opened((socket) => socket.end("HTTP/1.1 500 boom"));
    await expect(readAll(exec)).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  });

  test("of an engine that falls silent", async () => {
    const { exec } = await opened((socket) => void socket.write(frame(1, "x")), 200, {
      "GET /_ping": () => {},
    });
    await expect(readAll(exec)).rejects.toMatchObject({ code: "ENGINE_SILENT" });
  });

  test("of a quiet command in a living engine go on", async () => {
    const { exec } = await opened((socket) => void setTimeout(() => socket.end(frame(1, "late")), 500), 100);
    expect(await readAll(exec)).toBe("stdout:late ");
  });

  test("that are let go end for whoever reads", async () => {
    const { exec } = await opened(() => {});
    const reading = readAll(exec);
    exec.close();
    await expect(reading).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(readAll(exec)).resolves.toBe("");
  });
});

test("how a command stands", async () => {
  const answers = [
    sendJson({ Running: true, ExitCode: null }),
    sendJson({ Running: false, ExitCode: 137 }),
    sendJson({ Running: false }),
    sendJson({ message: "No such exec instance" }, 404),
  ];
  const { execs } = await portOf({ [inspect]: (response) => answers.shift()?.(response) });
  expect(await execs.inspect(execId)).toEqual({ running: true, exitCode: null });
  expect(await execs.inspect(execId)).toEqual({ running: false, exitCode: 137 });
  await expect(execs.inspect(execId)).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  await expect(execs.inspect(execId)).rejects.toMatchObject({ code: "CONTAINER_GONE" });
});
