import { describe, expect, test } from "vitest";
import {
  connectTo,
  type FakeAnswers,
  sendChunks,
  sendJson,
  startFakeEngine,
} from "../../support/fake-engine.ts";

const id = "ab".repeat(32);

async function portOf(answers: FakeAnswers, deadlineMs?: number) {
  const fake = await startFakeEngine(answers);
  const { sandboxes } = await connectTo(fake, deadlineMs);
  const asked = () => fake.requests.filter((request) => !request.endsWith("/version"));
  return { port: sandboxes, asked };
}

const inspected = {
  Id: id,
  Name: "/box",
  Created: "2026-01-02T03:04:05.678Z",
  Image: `sha256:${"cd".repeat(32)}`,
  State: { Status: "running" },
  Config: { Labels: { a: "b" } },
};

describe("create", () => {
  test("sends the body as it is, under the name", async () => {
    let body = "";
    const { port, asked } = await portOf({
      "POST /containers/create": (response, request) => {
        request.on("data", (chunk) => {
          body += chunk;
        });
        request.on("end", () => sendJson({ Id: id }, 201)(response));
      },
    });
    expect(await port.create("box", { Image: "base", HostConfig: { Memory: 5 } })).toBe(id);
    expect(asked()).toEqual(["POST /containers/create?name=box"]);
    expect(JSON.parse(body)).toEqual({ Image: "base", HostConfig: { Memory: 5 } });
  });

  const docker = `Conflict. The container name "/box" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`;
  const podman = `creating container storage: the container name "box" is already in use by ${id}. You have to remove that container to be able to reuse that name: that name is already in use`;
  test.each([
    ["a name that is taken", 409, docker, "CONTAINER_NAME_TAKEN", id],
    ["a name that is taken, to Podman", 500, podman, "CONTAINER_NAME_TAKEN", id],
    ["an image that is gone", 404, "No such image: base", "IMAGE_NOT_FOUND", '"base"'],
    ["a full disk", 500, "write /var/lib/docker/x: no space left on device", "ENGINE_NO_SPACE", "no space"],
    [
      "a mount without its source",
      400,
      "invalid mount config: bind source path does not exist: /x",
      "ENGINE_REFUSED",
      "/x",
    ],
    ["anything else", 500, "boom\u001b[31m", "ENGINE_REFUSED", "boom\\u001b[31m"],
    ["a socket that is not for us", 403, "authz", "ENGINE_DENIED", "authz"],
  ])("%s has a code of its own", async (_, status, message, code, part) => {
    const { port } = await portOf({ "POST /containers/create": sendJson({ message }, status) });
    await expect(port.create("box", { Image: "base" })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part),
    });
  });

  test("names that no engine finds again are not sent", async () => {
    const { port, asked } = await portOf({});
    await expect(port.create("../x", {})).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(port.rename(id, "a b")).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(port.inspect("a/b")).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(asked()).toEqual([]);
  });
});

describe("start, stop and rename", () => {
  test("a paused container goes on", async () => {
    const { port, asked } = await portOf({
      [`POST /containers/${id}/start`]: sendJson({ message: "cannot start a paused container" }, 409),
      [`POST /containers/${id}/unpause`]: (response) => response.writeHead(204).end(),
    });
    await port.start(id);
    expect(asked()).toEqual([`POST /containers/${id}/start`, `POST /containers/${id}/unpause`]);
  });

  test.each([404, 409])("a container that is gone, or on its way (%i), is told as such", async (status) => {
    const { port } = await portOf({
      [`POST /containers/${id}/start`]: sendJson({ message: "it is marked for removal" }, status),
      [`POST /containers/${id}/rename`]: sendJson({ message: "No such container" }, 404),
    });
    await expect(port.start(id)).rejects.toMatchObject({ code: "CONTAINER_GONE" });
    await expect(port.rename(id, "box")).rejects.toMatchObject({ code: "CONTAINER_GONE" });
  });

  test("stopping what is stopped or gone is no error", async () => {
    let status = 304;
    const { port, asked } = await portOf({
      [`POST /containers/${id}/stop`]: (response) => response.writeHead(status).end(),
    });
    await port.stop(id, 7);
    status = 404;
    await port.stop(id, 7);
    expect(asked()[0]).toBe(`POST /containers/${id}/stop?t=7`);
  });

  test("a name that is taken", async () => {
    const message = `Error when allocating new name: Conflict. The container name "/box" is already in use by container "${id}"`;
    const { port } = await portOf({ [`POST /containers/${id}/rename`]: sendJson({ message }, 409) });
    await expect(port.rename(id, "box")).rejects.toMatchObject({ code: "CONTAINER_NAME_TAKEN" });
  });
});

describe("inspect and list", () => {
  test("say what is there, in one request each", async () => {
    const entry = {
      Id: id,
      Names: ["/other/link", "/box"],
      State: "exited",
      Labels: { a: "b" },
      ImageID: "cd".repeat(32),
      Created: 5,
      SizeRw: 77,
    };
    const { port, asked } = await portOf({
      "GET /containers/box/json": sendJson(inspected),
      "GET /containers/json": sendJson([entry]),
    });
    expect(await port.inspect("box")).toEqual({
      id,
      name: "box",
      state: "running",
      labels: { a: "b" },
      imageId: inspected.Image,
      createdMs: Date.parse(inspected.Created),
      startedAt: "",
      inspected,
    });
    expect(await port.list(["a=b", "c"], { sizes: true })).toEqual([
      {
        id,
        name: "box",
        state: "exited",
        labels: { a: "b" },
        imageId: inspected.Image,
        createdMs: 5000,
        ownBytes: 77,
      },
    ]);
    const { searchParams } = new URL(asked()[1]?.split(" ")[1] ?? "", "http://engine");
    expect(JSON.parse(searchParams.get("filters") ?? "")).toEqual({ label: ["a=b", "c"] });
    expect(searchParams.get("all")).toBe("true");
  });

  test("what is not there is null", async () => {
    const { port } = await portOf({ "GET /containers/box/json": sendJson({ message: "No such" }, 404) });
    expect(await port.inspect("box")).toBe(null);
  });

  test.each([
    ["cut", sendChunks('{"Id": "ab')],
    ["no object", sendJson([])],
    ["without an id", sendJson({ ...inspected, Id: 5 })],
    ["with labels that are none", sendJson({ ...inspected, Config: { Labels: { a: {} } } })],
  ])("an answer that is %s is no answer", async (_, answer) => {
    const { port } = await portOf({ "GET /containers/box/json": answer });
    await expect(port.inspect("box")).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  });

  test("an engine that says nothing is given up, whatever it is asked", async () => {
    const silent = () => undefined;
    const { port } = await portOf(
      {
        "GET /_ping": silent,
        "GET /containers/box/json": silent,
        "GET /containers/json": silent,
        "POST /containers/create": silent,
        [`POST /containers/${id}/start`]: silent,
        [`POST /containers/${id}/stop`]: silent,
        [`POST /containers/${id}/rename`]: silent,
        [`GET /containers/${id}/logs`]: silent,
      },
      200,
    );
    const asked = [
      port.inspect("box"),
      port.list(["a"]),
      port.list(["a"], { sizes: true }),
      port.create("box", {}),
      port.start(id),
      port.stop(id, 1),
      port.rename(id, "box"),
      port.logs(id, 10),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: "rejected", reason: { code: "ENGINE_SILENT" } });
    }
  });
});

describe("logs", () => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.alloc(8);
    head[0] = stream;
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };

  test("come apart, the last lines of them", async () => {
    const { port, asked } = await portOf({
      [`GET /containers/${id}/logs`]: sendChunks(frame(1, "out\n"), frame(2, "err\n")),
    });
    expect(await port.logs(id, 3)).toEqual({ stdout: "out\n", stderr: "err\n", truncated: false });
    expect(asked()).toEqual([`GET /containers/${id}/logs?stdout=true&stderr=true&tail=3`]);
  });

  test("of a container that is gone, or that are none", async () => {
    const { port } = await portOf({
      "GET /containers/gone/logs": sendJson({ message: "No such container: gone" }, 404),
      "GET /containers/odd/logs": sendChunks("this is a terminal's output"),
    });
    await expect(port.logs("gone", 3)).rejects.toMatchObject({ code: "CONTAINER_GONE" });
    await expect(port.logs("odd", 3)).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  });
});
