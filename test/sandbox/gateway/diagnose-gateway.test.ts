import { describe, expect, it } from "vitest";
import { diagnoseGateway } from "../../../src/sandbox/gateway/diagnose-gateway.ts";
import type { GatewayAnswer } from "../../../src/sandbox/gateway/gateway-handshake.ts";
import type { GatewayObservation } from "../../../src/sandbox/gateway/gateway-observation.ts";

const welcome: GatewayAnswer = {
  spoke: "http",
  status: 101,
  connect: { ok: true, code: "", message: "" },
  close: null,
};

const fine: GatewayObservation = {
  network: "bridge",
  client: {
    program: "/usr/bin/openclaw",
    configPath: "/workspace/home/.openclaw/openclaw.json",
    configState: "read",
    mode: "remote",
    hasToken: true,
    tlsVerificationOff: false,
    insecureWsAllowed: true,
  },
  target: { scheme: "ws", host: "host.docker.internal", port: 18789, from: "config" },
  attempt: { address: "172.17.0.1", connection: "open", answer: welcome },
  hostLoopbackAnswers: true,
  hostAddressAnswers: true,
};

const refused = (code: string, message: string): GatewayObservation => ({
  ...fine,
  attempt: {
    address: "172.17.0.1",
    connection: "open",
    answer: { ...welcome, connect: { ok: false, code, message } },
  },
});

const closed = (connection: "refused" | "timeout" | "unreachable", loopback: boolean, address: boolean) => ({
  ...fine,
  attempt: { address: "172.17.0.1", connection, answer: null },
  hostLoopbackAnswers: loopback,
  hostAddressAnswers: address,
});

const answered = (answer: Partial<GatewayAnswer>, scheme: "ws" | "wss" = "ws"): GatewayObservation => ({
  ...fine,
  target: { ...fine.target, scheme },
  attempt: {
    address: "172.17.0.1",
    connection: "open",
    answer: { ...welcome, connect: null, status: null, ...answer },
  },
});

const errorsOf = (seen: GatewayObservation) =>
  diagnoseGateway(seen)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ code }) => code);

describe("diagnoseGateway", () => {
  it("finds nothing where a client gets in", () => {
    expect(diagnoseGateway(fine)).toMatchObject({ reachable: true });
    expect(errorsOf(fine)).toEqual([]);
  });

  it.each<readonly [string, GatewayObservation, string]>([
    ["no network", { ...fine, network: "none", attempt: { untried: "" } }, "GATEWAY_NO_NETWORK"],
    [
      "a name without an address",
      { ...fine, attempt: { address: null, connection: "unresolved", answer: null } },
      "GATEWAY_NAME_UNKNOWN",
    ],
    ["a gateway on loopback", closed("refused", true, false), "GATEWAY_LOOPBACK_ONLY"],
    ["a gateway that is down", closed("refused", false, false), "GATEWAY_NOT_RUNNING"],
    ["a firewall between", closed("timeout", true, true), "GATEWAY_UNREACHABLE"],
    ["wss to a plain port", answered({ spoke: "http", status: 400 }, "wss"), "GATEWAY_PLAIN_PORT"],
    ["ws to a TLS port", answered({ spoke: "tls" }), "GATEWAY_SPEAKS_TLS"],
    ["another server", answered({ spoke: "http", status: 404 }), "GATEWAY_NOT_A_GATEWAY"],
    ["a server of another kind", answered({ spoke: "other" }), "GATEWAY_NOT_A_GATEWAY"],
    ["silence", answered({ spoke: "none" }), "GATEWAY_NOT_A_GATEWAY"],
    [
      "a wrong token",
      refused("INVALID_REQUEST", "unauthorized: gateway token mismatch"),
      "GATEWAY_TOKEN_WRONG",
    ],
    [
      "no token",
      {
        ...refused("INVALID_REQUEST", "unauthorized: gateway token missing"),
        client: { ...fine.client, hasToken: false },
      },
      "GATEWAY_TOKEN_MISSING",
    ],
    ["an unpaired client", refused("NOT_PAIRED", "device identity required"), "GATEWAY_PAIRING_NEEDED"],
    ["a policy against ws", refused("FORBIDDEN", "insecure connection"), "GATEWAY_WS_REFUSED"],
    ["another reason", refused("BUSY", "draining"), "GATEWAY_REFUSED"],
    [
      "a client that asks itself by its variable",
      { ...fine, target: { ...fine.target, host: "localhost", from: "env" } },
      "GATEWAY_CLIENT_LOCALHOST",
    ],
    [
      "a client whose configuration is not there",
      {
        ...fine,
        client: { ...fine.client, configState: "missing", mode: null },
        target: { scheme: "ws", host: "127.0.0.1", port: 18789, from: "default" },
      },
      "GATEWAY_CLIENT_CONFIG_UNREAD",
    ],
  ])("tells %s", (_, seen, code) => {
    expect(errorsOf(seen)).toEqual([code]);
    expect(diagnoseGateway(seen).reachable).toBe(false);
  });

  it("names the first thing in the way, not what it hides", () => {
    const seen = { ...closed("refused", true, false), network: "none" };
    expect(errorsOf(seen)).toEqual(["GATEWAY_NO_NETWORK"]);
  });

  it("does not say that what it could not try works", () => {
    const { reachable, findings } = diagnoseGateway({ ...fine, attempt: { untried: "bash cannot be run" } });
    expect(reachable).toBeNull();
    expect(findings).toContainEqual(expect.objectContaining({ code: "GATEWAY_UNTRIED" }));
    expect(diagnoseGateway(answered({ spoke: "tls" }, "wss")).reachable).toBeNull();
  });

  it("warns of what will stand in a client's way, and of what only looks like a cure", () => {
    const { findings } = diagnoseGateway({
      ...fine,
      client: { ...fine.client, program: null, insecureWsAllowed: false, tlsVerificationOff: true },
    });
    expect(findings.map(({ code }) => code)).toEqual([
      "GATEWAY_CLIENT_MISSING",
      "GATEWAY_WS_POLICY",
      "GATEWAY_TLS_UNVERIFIED",
      "GATEWAY_PROBE_LOCALHOST",
    ]);
  });

  it("shows a gateway's words escaped", () => {
    const [found] = diagnoseGateway(refused("X", "bad\u001b[31m\nword")).findings;
    expect(found?.message).toContain("bad\\u001b[31m\\nword");
  });
});
