import { describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../src/engine/engine.ts";
import { withThrowawayContainer } from "../../src/engine/throwaway-container.ts";
import { connectTo, type FakeAnswers, sendJson, startFakeEngine, version } from "../support/fake-engine.ts";

const spec: ContainerSpec = {
  image: "team/image:1",
  command: ["sleep"],
  user: null,
  env: {},
  labels: {},
  network: "none",
  readOnlyRoot: true,
  tmpfs: {},
  memoryBytes: 1,
  pids: 1,
};

const limits =
  "runc: container_linux.go: error setting rlimits for ready process: error setting rlimit type 6";

/** A fake Podman that notes the `HostConfig` of every container that is asked for. */
async function podmanWith(create: (init: boolean) => object, answers: FakeAnswers = {}, podman = true) {
  const asked: { Init: boolean; Ulimits: { Name: string }[] }[] = [];
  const fake = await startFakeEngine({
    "GET /version": sendJson(podman ? { ...version, Components: [{ Name: "Podman Engine" }] } : version),
    "POST /containers/create": (response, request) => {
      let text = "";
      request.on("data", (piece) => (text += piece));
      request.on("end", () => {
        const { HostConfig } = JSON.parse(text);
        asked.push(HostConfig);
        const answer = create(HostConfig.Init);
        sendJson(answer, "Id" in answer ? 201 : 500)(response);
      });
    },
    ...answers,
  });
  return { engine: await connectTo(fake), asked };
}

describe("Podman", () => {
  const initMissing = { message: "container create: container-init binary not found on the host: stat x" };

  test("without its init gives a container without one", async () => {
    const { engine, asked } = await podmanWith((init) => (init ? initMissing : { Id: "c1" }));
    expect(await engine.containers.create(spec)).toBe("c1");
    expect(asked.map(({ Init }) => Init)).toEqual([true, false]);
  });

  test("that refuses for another reason is not asked again", async () => {
    const { engine, asked } = await podmanWith(() => ({ message: "no" }));
    await expect(engine.containers.create(spec)).rejects.toMatchObject({ code: "ENGINE_REFUSED" });
    expect(asked).toHaveLength(1);
  });

  test("is told every limit that it would else raise; Docker is not", async () => {
    const limitsOf = async (podman: boolean) => {
      const { engine, asked } = await podmanWith(() => ({ Id: "c1" }), {}, podman);
      await engine.containers.create(spec);
      return asked.flatMap(({ Ulimits }) => Ulimits.map(({ Name }) => Name));
    };
    expect(await limitsOf(true)).toEqual(["core", "nofile", "nproc"]);
    expect(await limitsOf(false)).toEqual(["core", "nofile"]);
  });

  test("that may not set limits: the error says what to write where", async () => {
    const { engine } = await podmanWith(() => ({ Id: "c1" }), {
      "POST /containers/c1/start": sendJson({ message: limits }, 500),
      "DELETE /containers/c1": (response) => response.writeHead(204).end(),
    });
    await expect(engine.containers.start("c1")).rejects.toMatchObject({
      hint: expect.stringContaining("containers.conf"),
    });
    const never = new AbortController().signal;
    await expect(withThrowawayContainer(engine, spec, never, async () => {})).rejects.toMatchObject({
      code: "IMAGE_CANNOT_RUN",
      hint: expect.stringContaining("default_ulimits"),
    });
  });
});

test("when the engine was started is read off its default bridge", async () => {
  const startedMs = async (answer: FakeAnswers[string]) => {
    const { engine } = await podmanWith(() => ({}), { "GET /networks/bridge": answer });
    return await engine.containers.engineStartedMs();
  };
  expect(await startedMs(sendJson({ Created: "2026-11-22T01:29:58.348790359Z" }))).toBe(
    Date.UTC(2026, 10, 22, 1, 29, 58, 348),
  );
  expect(await startedMs(sendJson({ message: "no such network" }, 404))).toBeNull();
  expect(await startedMs(sendJson({}))).toBeNull();
});

test("an image is removed with what it alone stood on, unless that is to stay", async () => {
  const removed: string[] = [];
  const { engine } = await podmanWith(() => ({}), {
    "DELETE /images/team/image:1": (response, request) => {
      removed.push(request.url ?? "");
      sendJson([])(response);
    },
  });
  await engine.images.remove("team/image:1");
  await engine.images.remove("team/image:1", { keepParents: true });
  expect(removed.map((url) => url.includes("noprune=true"))).toEqual([false, true]);
});
