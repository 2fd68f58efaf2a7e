import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { BuildRequest, BuildStepEvent, Engine } from "../../src/engine/engine.ts";
import { encodeBuildStatus } from "../support/encode-build-status.ts";
import {
  connectTo,
  type FakeAnswers,
  sendChunks,
  sendJson,
  startFakeEngine,
  version,
} from "../support/fake-engine.ts";
import { tempFolder } from "../support/temp-folder.ts";

const image = "team/image:1";
const imagePath = `/images/${image}/json`;
const never = new AbortController().signal;

/** Takes the request and says nothing. */
const silence = () => {};
const endless = (text: string) => (response: ServerResponse) => {
  const chunk = text.repeat(Math.ceil(65_536 / text.length));
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
};

async function engineWith(answers: FakeAnswers, deadlineMs?: number): Promise<Engine> {
  return connectTo(await startFakeEngine(answers), deadlineMs);
}

describe("the first answer", () => {
  const connect = (answer: FakeAnswers[string]) => engineWith({ "GET /version": answer });

  test.each([
    ["cut JSON", sendChunks('{"Version": "2'), "ENGINE_PROTOCOL"],
    ["nothing", sendChunks(), "ENGINE_PROTOCOL"],
    ["a list", sendJson([]), "ENGINE_PROTOCOL"],
    ["a number for a text", sendJson({ ...version, Version: 1 }), "ENGINE_PROTOCOL"],
    ["a web page", sendChunks("<html>"), "ENGINE_PROTOCOL"],
    ["chunks without end", endless("x"), "ENGINE_PROTOCOL"],
    ["500", sendJson({ message: "boom" }, 500), "ENGINE_REFUSED"],
    ["403", sendJson({ message: "not you" }, 403), "ENGINE_DENIED"],
    ["no space", sendJson({ message: "write /x: no space left on device" }, 500), "ENGINE_NO_SPACE"],
  ])("%s", async (_name, answer, code) => {
    await expect(connect(answer)).rejects.toMatchObject({ code });
  });

  test.each([
    ["silence", silence],
    ["a head and then silence", (response: ServerResponse) => void response.write('{"Ver')],
  ])("%s", async (_name, answer) => {
    const connecting = engineWith({ "GET /version": answer }, 100);
    await expect(connecting).rejects.toMatchObject({ code: "ENGINE_SILENT" });
  });

  test("a broken connection, the engine still being there", async () => {
    const breaking = (response: ServerResponse) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write('{"Version":', () => response.destroy());
    };
    await expect(connect(breaking)).rejects.toMatchObject({
      code: "ENGINE_PROTOCOL",
      message: expect.stringContaining("broke off"),
    });
  });

  test("something that does not speak HTTP", async () => {
    const path = join(tempFolder(), "other.sock");
    const server = createServer((socket) => socket.end("220 mail.corp ESMTP\r\n"));
    server.listen(path);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const env = { DOCKER_HOST: `unix://${path}` };
    await expect(connectEngine({ env, homeDir: "/nonexistent" })).rejects.toMatchObject({
      code: "ENGINE_PROTOCOL",
    });
  });

  test("what the engine says is shown escaped and cut", async () => {
    const said = `\u001b[2J\u202e${"x".repeat(100_000)}`;
    const error = await connect(sendJson({ message: said }, 500)).catch((thrown: unknown) => thrown);
    const { message } = error as Error;
    expect(message).toContain("\\u001b[2J\\u202e");
    expect(message.length).toBeLessThan(3000);
  });
});

describe("later answers", () => {
  test("an image that is not there is null; one that cannot be read is an error", async () => {
    const engine = await engineWith({});
    expect(await engine.images.inspect(image)).toBeNull();
    const cut = await engineWith({ [`GET ${imagePath}`]: sendChunks('{"Id":"sha') });
    await expect(cut.images.inspect(image)).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
    const odd = await engineWith({ [`GET ${imagePath}`]: sendJson({ Id: "sha256:1", Size: "big" }) });
    await expect(odd.images.inspect(image)).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  });

  test("silence after the connection was made", async () => {
    const engine = await engineWith({ [`GET ${imagePath}`]: silence }, 800);
    await expect(engine.images.inspect(image)).rejects.toMatchObject({ code: "ENGINE_SILENT" });
  });

  test("a slow change is waited for while the engine answers pings, and given up when it does not", async () => {
    const slow = await engineWith(
      {
        "DELETE /containers/c1": (response) => void setTimeout(() => response.writeHead(204).end(), 1500),
      },
      800,
    );
    await slow.containers.remove("c1");
    const dead = await engineWith({ "DELETE /containers/c1": silence, "GET /_ping": silence }, 800);
    await expect(dead.containers.remove("c1")).rejects.toMatchObject({ code: "ENGINE_SILENT" });
  });

  test("an engine that goes away between two requests is down", async () => {
    const fake = await startFakeEngine({ [`GET ${imagePath}`]: (response) => response.destroy() });
    const engine = await connectTo(fake);
    await expect(engine.images.inspect(image)).rejects.toMatchObject({ code: "ENGINE_DOWN" });
  });

  test("races: what is already gone is no error, who else removes it is waited for", async () => {
    const conflicts = [409, 409, 404];
    const engine = await engineWith({
      "DELETE /containers/c1": (response) =>
        sendJson({ message: "removal is already in progress" }, conflicts.shift() ?? 500)(response),
    });
    await engine.containers.remove("c1");
    await engine.containers.remove("gone");
    await engine.images.remove("gone:1");
    expect(conflicts).toEqual([]);
  });

  test("an image in use says so", async () => {
    const engine = await engineWith({
      [`DELETE /images/${image}`]: sendJson({ message: "conflict: container c1 uses it" }, 409),
    });
    await expect(engine.images.remove(image)).rejects.toMatchObject({
      code: "IMAGE_IN_USE",
      message: expect.stringContaining("container c1 uses it"),
    });
  });

  test("an image that goes away while images are listed is left out", async () => {
    const engine = await engineWith({ "GET /images/json": sendJson([{ Id: `sha256:${"0".repeat(64)}` }]) });
    expect(await engine.images.list("label")).toEqual([]);
  });

  test("a container that is gone or stopped", async () => {
    const engine = await engineWith({
      "POST /containers/stopped/exec": sendJson({ message: "container is not running" }, 409),
    });
    const spec = { command: ["true"], outputLimitBytes: 10, timeoutMs: 1000 };
    await expect(engine.containers.exec("gone", spec)).rejects.toMatchObject({ code: "CONTAINER_GONE" });
    await expect(engine.containers.exec("stopped", spec)).rejects.toMatchObject({ code: "CONTAINER_GONE" });
    await expect(engine.containers.start("gone")).rejects.toMatchObject({ code: "CONTAINER_GONE" });
  });

  test("exec output that is not multiplexed", async () => {
    const engine = await engineWith({
      "POST /containers/c1/exec": sendJson({ Id: "e1" }, 201),
      "POST /exec/e1/start": sendChunks("hello, this is plain text"),
    });
    const spec = { command: ["true"], outputLimitBytes: 10, timeoutMs: 1000 };
    await expect(engine.containers.exec("c1", spec)).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  });

  test.each(["../../version", "a/b", "x?all=1", "-v", ""])("%j never becomes part of a URL", async (id) => {
    const fake = await startFakeEngine({});
    const engine = await connectTo(fake);
    await expect(engine.containers.remove(id)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(engine.images.inspect(`${id}?`)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(fake.requests).toEqual(["GET /version"]);
  });
});

describe.each(["buildkit", "classic"] as const)("a build by %s", (builder) => {
  const request = (fields: Partial<BuildRequest> = {}): BuildRequest => ({
    context: [{ path: "Dockerfile", mode: 0o644, content: Buffer.from("FROM base\n") }],
    buildArgs: {},
    platform: null,
    builder,
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal: never,
    ...fields,
  });
  const line = (message: object) => `${JSON.stringify(message)}\r\n`;
  const done = line({ aux: { ID: "sha256:1" } });
  const vertex = { digest: "v", name: "[1/1] RUN x", cached: false, started: 1, completed: null, error: "" };
  const running =
    builder === "buildkit"
      ? line({ id: "moby.buildkit.trace", aux: encodeBuildStatus({ vertexes: [vertex] }) })
      : line({ stream: "Step 1/1 : RUN x" });
  const printed = (text: string) =>
    builder === "buildkit"
      ? line({
          id: "moby.buildkit.trace",
          aux: encodeBuildStatus({
            vertexes: [{ ...vertex, completed: 2, error: "exit code: 1" }],
            logs: [{ vertex: "v", text: Buffer.from(text) }],
          }),
        })
      : line({ stream: text });
  const failed = (message: string) => line({ errorDetail: { message }, error: message });

  async function runBuild(
    engine: Engine,
    fields: Partial<BuildRequest> = {},
  ): Promise<{ events: BuildStepEvent[]; error: unknown }> {
    const events: BuildStepEvent[] = [];
    try {
      for await (const event of engine.builds.build(request(fields))) events.push(event);
    } catch (error) {
      return { events, error };
    }
    return { events, error: null };
  }
  const buildWith = async (answer: FakeAnswers[string], others: FakeAnswers = {}, deadlineMs?: number) =>
    runBuild(await engineWith({ ...others, "POST /build": answer }, deadlineMs));

  test("that ends well gives the image's id last", async () => {
    const { events, error } = await buildWith(sendChunks(running, done));
    expect(error).toBeNull();
    expect(events.at(-1)).toEqual({ type: "image-id", id: "sha256:1", stages: [] });
  });

  test("is the same wherever its stream is cut", async () => {
    const bytes = Buffer.from(running + printed("héllo\n") + done);
    const { events } = await buildWith((response) => {
      for (const byte of bytes) response.write(Uint8Array.of(byte));
      response.end();
    });
    expect(events.map((event) => (event.type === "step-log" ? event.text : event.type))).toContain("héllo");
    expect(events.at(-1)).toEqual({ type: "image-id", id: "sha256:1", stages: [] });
  });

  test.each([
    ["cut JSON", sendChunks(running, '{"aux":{"I'), "ENGINE_PROTOCOL"],
    ["no image and no error", sendChunks(running), "ENGINE_PROTOCOL"],
    ["a message without end", endless("x"), "ENGINE_PROTOCOL"],
    ["500", sendJson({ message: "boom" }, 500), "ENGINE_REFUSED"],
    ["500 for want of space", sendJson({ message: "no space left on device" }, 500), "ENGINE_NO_SPACE"],
    [
      "an error for want of space",
      sendChunks(running, failed("mkdir /x: no space left on device")),
      "ENGINE_NO_SPACE",
    ],
    ["a failed step", sendChunks(running, failed("exit code: 7")), "BUILD_FAILED"],
    [
      "a step that found no space",
      sendChunks(running, printed("dpkg: error: No space left on device\n"), failed("exit code: 1")),
      "ENGINE_NO_SPACE",
    ],
  ])("%s", async (_name, answer, code) => {
    const { error } = await buildWith(answer);
    expect(error).toMatchObject({ code });
  });

  test("that fails tells the step before it throws", async () => {
    const { events, error } = await buildWith(sendChunks(running, printed("why\n"), failed("exit code: 1")));
    expect(events.at(-1)).toMatchObject({ type: "step-failed", title: "[1/1] RUN x", log: ["why"] });
    expect(error).toMatchObject({ code: "BUILD_FAILED", message: expect.stringContaining("[1/1] RUN x") });
  });

  test("whose Dockerfile the engine cannot read", async () => {
    const { events, error } = await buildWith(sendJson({ message: "dockerfile parse error line 2" }, 400));
    expect(events).toMatchObject([{ type: "step-failed", message: "dockerfile parse error line 2" }]);
    expect(error).toMatchObject({ code: "BUILD_FAILED" });
  });

  test("that is quiet for long is left alone while the engine answers pings", async () => {
    const { error } = await buildWith(
      (response) => {
        response.write(running);
        setTimeout(() => response.end(done), 1500);
      },
      {},
      800,
    );
    expect(error).toBeNull();
  });

  test("that is quiet because the engine hangs", async () => {
    const { error } = await buildWith(
      (response) => void response.write(running),
      { "GET /_ping": silence },
      800,
    );
    expect(error).toMatchObject({ code: "ENGINE_SILENT" });
  });

  test("whose engine goes away", async () => {
    const { error } = await buildWith((response) => void response.write(running, () => response.destroy()), {
      "GET /_ping": (response) => response.destroy(),
    });
    expect(error).toMatchObject({ code: "ENGINE_DOWN" });
  });

  test("cancelled before, and in the middle", async () => {
    const fake = await startFakeEngine({ "POST /build": (response) => void response.write(running) });
    const engine = await connectTo(fake);
    const before = await runBuild(engine, { signal: AbortSignal.abort() });
    expect(before).toMatchObject({ events: [], error: { code: "CANCELLED" } });
    expect(fake.requests).toEqual(["GET /version"]);
    const middle = await runBuild(engine, { signal: AbortSignal.timeout(100) });
    expect(middle).toMatchObject({ events: [{ type: "step-started" }], error: { code: "CANCELLED" } });
  });

  test("whose caller stops listening calls the request off", async () => {
    const closed = new Promise<void>((resolve) => {
      void engineWith({
        "POST /build": (response) => {
          response.on("close", resolve);
          response.write(running);
        },
      }).then(async (engine) => {
        for await (const _event of engine.builds.build(request())) break;
      });
    });
    await closed;
  });

  test("sends what was asked for, and neither a tag nor a session nor credentials", async () => {
    const asked: { url: URL; auth: unknown }[] = [];
    const engine = await engineWith({
      "POST /build": (response, { url = "", headers }) => {
        asked.push({
          url: new URL(url, "http://engine"),
          auth: headers["x-registry-config"] ?? headers["x-registry-auth"],
        });
        response.end(done);
      },
    });
    const buildArgs = { http_proxy: "http://proxy:3128/?a=b&c" };
    await runBuild(engine, {
      buildArgs,
      platform: "linux/arm64",
      cacheFrom: ["a:1", "b:2"],
      target: "tool",
      noCache: true,
    });
    const [{ url, auth } = { url: new URL("http://none"), auth: "" }] = asked;
    const query = Object.fromEntries(url.searchParams);
    expect(JSON.parse(query["buildargs"] ?? "")).toEqual(buildArgs);
    expect(JSON.parse(query["cachefrom"] ?? "")).toEqual(["a:1", "b:2"]);
    expect(query).toMatchObject({
      platform: "linux/arm64",
      target: "tool",
      nocache: "true",
      forcerm: "true",
    });
    expect(query["version"]).toBe(builder === "buildkit" ? "2" : undefined);
    expect([query["t"], query["session"], auth]).toEqual([undefined, undefined, undefined]);
  });
});

test("a trace that is no protobuf message", async () => {
  const engine = await engineWith({
    "POST /build": sendChunks('{"id":"moby.buildkit.trace","aux":"/////w=="}\n'),
  });
  const events = engine.builds.build({
    context: [],
    buildArgs: {},
    platform: null,
    builder: "buildkit",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal: never,
  });
  await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
});

describe("an import", () => {
  const id = `sha256:${"a".repeat(64)}`;

  test("gives the id", async () => {
    const fake = await startFakeEngine({ "POST /images/create": sendChunks(`{"status":"${id}"}\n`) });
    const engine = await connectTo(fake);
    expect(await engine.images.importRoot(Readable.from(["tar"]), ['CMD ["bash"]', "ENV A=b c"])).toBe(id);
    const query = new URL(fake.requests.at(-1)?.split(" ")[1] ?? "", "http://engine").searchParams;
    expect(query.getAll("changes")).toEqual(['CMD ["bash"]', "ENV A=b c"]);
    expect(query.get("fromSrc")).toBe("-");
  });

  test("whose source breaks throws the source's own error", async () => {
    const engine = await engineWith({ "POST /images/create": silence });
    const broken = new Readable({
      read() {
        this.destroy(new Error("mmdebstrap failed"));
      },
    });
    await expect(engine.images.importRoot(broken, [])).rejects.toThrow("mmdebstrap failed");
    const cut = new Readable({
      read() {
        this.destroy();
      },
    });
    await expect(engine.images.importRoot(cut, [])).rejects.toThrow("Premature close");
  });

  test.each([
    ['{"errorDetail":{"message":"write: no space left on device"}}\n', "ENGINE_NO_SPACE"],
    ['{"error":"archive/tar: invalid tar header"}\n', "ENGINE_REFUSED"],
    ['{"status":"Importing"}\n', "ENGINE_PROTOCOL"],
  ])("%s", async (answer, code) => {
    const engine = await engineWith({ "POST /images/create": sendChunks(answer) });
    await expect(engine.images.importRoot(Readable.from(["tar"]), [])).rejects.toMatchObject({ code });
  });

  test("can be cancelled, and closes its source", async () => {
    const engine = await engineWith({ "POST /images/create": silence });
    const source = new Readable({ read() {} });
    const signal = AbortSignal.timeout(50);
    await expect(engine.images.importRoot(source, [], signal)).rejects.toMatchObject({ code: "CANCELLED" });
    expect(source.destroyed).toBe(true);
  });
});
