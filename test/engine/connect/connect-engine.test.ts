import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import { connectEngine } from "../../../src/engine/connect/connect-engine.ts";
import type { ConnectionStrategy } from "../../../src/engine/connect/connection-strategies.ts";
import { connectTo, sendJson, startFakeEngine, version } from "../../support/fake-engine.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const nowhere = { env: {}, homeDir: "/nonexistent" };

function at(path: string, chosen = false): ConnectionStrategy {
  return {
    name: path,
    propose: async () => ({ kind: "endpoint", name: path, endpoint: { kind: "unix", path }, chosen }),
  };
}

describe("what an engine is", () => {
  test("costs one request", async () => {
    const fake = await startFakeEngine({});
    const { info } = await connectTo(fake);
    expect(fake.requests).toEqual(["GET /version"]);
    expect(info).toEqual({
      strategy: "DOCKER_HOST",
      product: "docker",
      version: "99.0",
      apiVersion: "1.99",
      platform: "linux/amd64",
      buildkit: true,
    });
  });

  test.each([
    [{ ApiVersion: "1.38" }, {}, "docker", false],
    [{ ApiVersion: "1.39" }, {}, "docker", true],
    [{ ApiVersion: "2.0" }, {}, "docker", true],
    [{ Os: "windows" }, {}, "docker", false],
    [{}, { DOCKER_BUILDKIT: "0" }, "docker", false],
    [{}, { DOCKER_BUILDKIT: "1" }, "docker", true],
    [{ Components: [{ Name: "Podman Engine" }] }, {}, "podman", false],
  ])("%j with %j", async (fields, env, product, buildkit) => {
    const fake = await startFakeEngine({ "GET /version": sendJson({ ...version, ...fields }) });
    const engine = await connectEngine({ ...nowhere, env, strategies: [at(fake.socketPath)] });
    expect(engine.info).toMatchObject({ product, buildkit });
  });
});

describe("strategies", () => {
  test("the first that works is taken, and the others are not tried", async () => {
    const [first, second] = [await startFakeEngine({}), await startFakeEngine({})];
    const strategies = [at("/nonexistent/a.sock"), at(first.socketPath), at(second.socketPath)];
    const { info } = await connectEngine({ ...nowhere, strategies });
    expect(info.strategy).toBe(first.socketPath);
    expect(second.requests).toEqual([]);
  });

  test("where none works, the error names each and why", async () => {
    const absent: ConnectionStrategy = {
      name: "docker context",
      propose: async () => ({ kind: "absent", name: "docker context", reason: "none is chosen" }),
    };
    const strategies = [absent, at("/nonexistent/a.sock"), at("/etc/hostname/b.sock")];
    const error = await connectEngine({ ...nowhere, strategies }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SkillcrateError);
    expect(error).toMatchObject({
      code: "ENGINE_DOWN",
      message: [
        "no container engine was found",
        "  docker context: none is chosen",
        "  /nonexistent/a.sock: no such socket",
        "  /etc/hostname/b.sock: no such socket",
      ].join("\n"),
      hint: expect.stringContaining("systemctl start docker"),
    });
  });

  test("an engine that the user named is not replaced by another", async () => {
    const other = await startFakeEngine({});
    const strategies = [at("/nonexistent/a.sock", true), at(other.socketPath)];
    await expect(connectEngine({ ...nowhere, strategies })).rejects.toMatchObject({ code: "ENGINE_DOWN" });
    expect(other.requests).toEqual([]);
  });

  test("an engine that takes the connection but does not work is not replaced by another", async () => {
    const ill = await startFakeEngine({ "GET /version": sendJson({ message: "I am not well" }, 500) });
    const other = await startFakeEngine({});
    const strategies = [at(ill.socketPath), at(other.socketPath)];
    await expect(connectEngine({ ...nowhere, strategies })).rejects.toMatchObject({
      code: "ENGINE_REFUSED",
      message: expect.stringContaining("I am not well"),
    });
    expect(other.requests).toEqual([]);
  });

  test("what this process has in DOCKER_HOST does not leak into a connection", async () => {
    const fake = await startFakeEngine({});
    const before = process.env["DOCKER_HOST"];
    process.env["DOCKER_HOST"] = "tcp://192.0.2.1:2375";
    try {
      const { info } = await connectEngine({ ...nowhere, strategies: [at(fake.socketPath)] });
      expect(info.version).toBe("99.0");
    } finally {
      if (before === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = before;
    }
  });

  test("cancelling ends the search", async () => {
    const fake = await startFakeEngine({ "GET /version": () => {} });
    const strategies = [at(fake.socketPath)];
    const signal = AbortSignal.timeout(50);
    await expect(connectEngine({ ...nowhere, strategies, signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});

describe("TLS", () => {
  test("client and engine prove who they are", async () => {
    const folder = makeCertificates();
    const { port, clients } = await startTlsEngine(folder);
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
    const { info } = await connectEngine({ env, homeDir: "/nonexistent" });
    expect(info).toMatchObject({ strategy: "DOCKER_HOST", version: "99.0" });
    expect(clients).toEqual(["client"]);
  });

  test("an engine with a certificate of another authority is not spoken to", async () => {
    const { port, clients } = await startTlsEngine(makeCertificates());
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_CERT_PATH: makeCertificates() };
    await expect(connectEngine({ env, homeDir: "/nonexistent" })).rejects.toMatchObject({
      code: "ENGINE_DOWN",
    });
    expect(clients).toEqual([]);
  });

  test("certificates that are not there are named", async () => {
    const env = { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_CERT_PATH: "/nonexistent/certs" };
    await expect(connectEngine({ env, homeDir: "/nonexistent" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("/nonexistent/certs/ca.pem"),
    });
  });

  /** A folder as DOCKER_CERT_PATH takes it, with a server's key and certificate beside. */
  function makeCertificates(): string {
    const folder = tempFolder();
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl("req", "-x509", ...newKey, "-subj", "/CN=authority", "-keyout", "ca-key.pem", "-out", "ca.pem");
    for (const [subject, key, cert] of [
      ["client", "key.pem", "cert.pem"],
      ["engine", "server-key.pem", "server-cert.pem"],
    ] as const) {
      const names = ["-addext", "subjectAltName=IP:127.0.0.1"];
      openssl("req", ...newKey, "-subj", `/CN=${subject}`, ...names, "-keyout", key, "-out", "request.pem");
      const authority = [
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca-key.pem",
        "-CAcreateserial",
        "-copy_extensions",
        "copy",
      ];
      openssl("x509", "-req", "-in", "request.pem", ...authority, "-out", cert);
    }
    return folder;
  }

  async function startTlsEngine(folder: string): Promise<{ port: number; clients: string[] }> {
    const [ca, cert, key] = ["ca.pem", "server-cert.pem", "server-key.pem"].map((file) =>
      readFileSync(join(folder, file)),
    );
    const clients: string[] = [];
    const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
    const server = createServer(options, (request, response) => {
      const socket = request.socket as TLSSocket;
      clients.push(String(socket.getPeerCertificate().subject.CN));
      sendJson(version)(response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { port: (server.address() as AddressInfo).port, clients };
  }
});
