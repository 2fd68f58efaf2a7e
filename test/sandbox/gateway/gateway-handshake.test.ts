import { describe, expect, it } from "vitest";
import { readGatewayAnswer } from "../../../src/sandbox/gateway/gateway-handshake.ts";

/** What is said to the key that is always sent: fixed by RFC 6455. */
const upgraded = "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: ACCEPT\r\n\r\n";

describe("readGatewayAnswer", () => {
  it.each([
    ["nothing", Buffer.alloc(0), "none"],
    ["a TLS alert", Buffer.from([21, 3, 1, 0, 2, 2, 70]), "tls"],
    ["a greeting of another protocol", Buffer.from("SSH-2.0-OpenSSH_9\r\n"), "other"],
    ["a page", Buffer.from("HTTP/1.1 200 OK\r\n\r\nhello"), "http"],
  ])("tells %s apart", (_, bytes, spoke) => {
    expect(readGatewayAnswer(bytes)).toMatchObject({ spoke, connect: null, close: null });
  });

  it("takes a 101 that is not an answer to this upgrade for none", () => {
    expect(readGatewayAnswer(Buffer.from(upgraded)).status).toBe(200);
  });

  it("never throws, wherever an answer is cut and whatever is in it", () => {
    const whole = Buffer.concat([
      Buffer.from(upgraded),
      Buffer.from([0x81, 126, 0, 200]),
      Buffer.alloc(200, 123),
    ]);
    for (let end = 0; end <= whole.length; end += 1) {
      expect(() => readGatewayAnswer(whole.subarray(0, end))).not.toThrow();
    }
  });
});
