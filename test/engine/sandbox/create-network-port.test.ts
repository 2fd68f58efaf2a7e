import { describe, expect, test } from "vitest";
import { connectTo, type FakeAnswers, sendJson, startFakeEngine } from "../../support/fake-engine.ts";

const id = "ab".repeat(32);

async function portOf(answers: FakeAnswers) {
  const fake = await startFakeEngine(answers);
  const { networks } = await connectTo(fake);
  const asked = () => fake.requests.filter((request) => !request.endsWith("/version"));
  return { port: networks, asked };
}

const answer = {
  Id: id,
  Name: "box",
  Driver: "bridge",
  Internal: false,
  EnableIPv6: false,
  Labels: { a: "b" },
  Options: { "com.docker.network.bridge.enable_icc": "false" },
  IPAM: { Driver: "default", Config: [{ Subnet: "172.20.0.0/16", Gateway: "172.20.0.1" }] },
  Containers: { [`c${id}`]: { Name: "two" }, [`b${id}`]: { Name: "one" } },
};

const details = {
  ...{ id, name: "box", driver: "bridge", internal: false, ipv6: false, labels: { a: "b" } },
  connectsContainers: false,
  subnets: [{ range: "172.20.0.0/16", gateway: "172.20.0.1" }],
  containerNames: ["one", "two"],
};

describe("create", () => {
  test("makes a bridge whose containers do not reach each other", async () => {
    let body = "";
    const { port } = await portOf({
      "POST /networks/create": (response, request) => {
        request.on("data", (chunk) => {
          body += chunk;
        });
        request.on("end", () => sendJson({ Id: id, Warning: "" }, 201)(response));
      },
    });
    expect(await port.create({ name: "box", labels: { a: "b" } })).toBe(id);
    expect(JSON.parse(body)).toEqual({
      Name: "box",
      CheckDuplicate: true,
      Driver: "bridge",
      Options: { "com.docker.network.bridge.enable_icc": "false" },
      Labels: { a: "b" },
    });
  });

  test.each([
    [
      "a name that is taken",
      409,
      "network with name box already exists",
      "NETWORK_NAME_TAKEN",
      "inspect box",
    ],
    [
      "a name that is taken, to Podman",
      500,
      "network name box already used: network already exists",
      "NETWORK_NAME_TAKEN",
      "inspect box",
    ],
    [
      "an engine without addresses",
      404,
      "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
      "ENGINE_REFUSED",
      "default-address-pools",
    ],
    ["anything else", 500, "boom", "ENGINE_REFUSED", "journalctl"],
  ])("%s has a code or a hint of its own", async (_, status, message, code, hint) => {
    const { port } = await portOf({ "POST /networks/create": sendJson({ message }, status) });
    await expect(port.create({ name: "box", labels: {} })).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    });
  });
});

describe("inspect", () => {
  test("reads what can be met in a network, and takes no id for its beginning", async () => {
    const { port, asked } = await portOf({
      "GET /networks/box": sendJson(answer),
      [`GET /networks/${id}`]: sendJson(answer),
      "GET /networks/ab": sendJson(answer),
    });
    expect(await port.inspect("box")).toEqual(details);
    expect(await port.inspect(id)).toEqual(details);
    expect([await port.inspect("ab"), await port.inspect("none-such"), await port.inspect("..")]).toEqual([
      null,
      null,
      null,
    ]);
    expect(asked()).toHaveLength(4);
  });

  test("takes what is not told as open", async () => {
    const { Options: _, Containers: __, ...rest } = answer;
    const { port } = await portOf({
      "GET /networks/box": sendJson({ ...rest, Options: null, Labels: null, IPAM: { Config: null } }),
    });
    expect(await port.inspect("box")).toEqual({
      ...{ ...details, connectsContainers: true, labels: {}, subnets: [], containerNames: [] },
    });
  });
});

test("list asks for all labels, and believes no engine that gives others too", async () => {
  const other = { ...answer, Name: "other", Labels: { a: "b" } };
  const { port, asked } = await portOf({
    "GET /networks": sendJson([{ ...answer, Labels: { a: "b", c: "d=e" } }, other]),
  });
  expect((await port.list(["a=b", "c=d=e"])).map(({ name }) => name)).toEqual(["box"]);
  expect((await port.list(["a"])).map(({ name }) => name)).toEqual(["box", "other"]);
  const filters = new URLSearchParams(asked()[0]?.split("?")[1]).get("filters");
  expect(JSON.parse(filters ?? "")).toEqual({ label: ["a=b", "c=d=e"] });
});

test.each([
  ["removed", 204, "", true],
  ["gone already", 404, "network box not found", true],
  ["in use", 403, "error while removing network: network box has active endpoints", false],
  ["in use, to Podman", 500, '"box" has associated containers with it: network is being used', false],
])("remove: %s", async (_, status, message, removed) => {
  const { port } = await portOf({
    "DELETE /networks/box":
      status === 204 ? (response) => void response.writeHead(204).end() : sendJson({ message }, status),
  });
  expect(await port.remove("box")).toBe(removed);
});

test("remove: what an engine refuses otherwise is an error", async () => {
  const { port } = await portOf({ "DELETE /networks/box": sendJson({ message: "boom" }, 500) });
  await expect(port.remove("box")).rejects.toMatchObject({ code: "ENGINE_REFUSED" });
});
