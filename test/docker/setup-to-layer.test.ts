import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { sandboxLimits, withThrowawayContainer } from "../../src/engine/throwaway-container.ts";
import { setupToLayer } from "../../src/sandbox/ensure/setup-to-layer.ts";
import { callCli } from "../support/call-cli.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
let homeDir: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  homeDir = mkdtempSync(join(tmpdir(), "skillcrate-to-layer-"));
  mkdirSync(join(homeDir, ".openclaw"));
});

afterAll(() => rmSync(homeDir, { recursive: true }));

/** Everything that a shell and a Dockerfile read in ways of their own. */
const script = `cat > /opt/made <<'END'
$HOME \${x} \\ "quoted"
END
id -u >> /opt/made`;

async function readInside(image: string, command: readonly string[]): Promise<string> {
  const spec = { ...sandboxLimits, image, user: null, env: {}, network: "none" };
  return await withThrowawayContainer(engine, spec, AbortSignal.timeout(60_000), async (container) => {
    const { stdout } = await container.exec({ command, outputLimitBytes: 10_000, timeoutMs: 10_000 });
    return stdout;
  });
}

it("a setupCommand becomes a layer: run as root, letter by letter, with the image's user put back", async () => {
  const tag = `${inject("tagPrefix")}to-layer:tools`;
  const config = {
    agents: { defaults: { sandbox: { docker: { image: inject("baseImage"), setupCommand: script } } } },
  };
  writeFileSync(join(homeDir, ".openclaw/openclaw.json"), JSON.stringify(config));
  const { exitCode, stdout, stderr } = await callCli(["sandbox", "to-layer", "--tag", tag, "--json"], {
    cwd: homeDir,
    homeDir,
    env: process.env,
  });
  expect(exitCode, stderr).toBe(0);
  const { result } = JSON.parse(stdout);
  const [below, image] = [await engine.images.inspect(inject("baseImage")), await engine.images.inspect(tag)];
  expect(image?.id).toBe(result.id);
  expect(image?.user).toBe(below?.user);
  expect(image?.layers.slice(0, below?.layers.length)).toEqual(below?.layers);
  expect(await readInside(tag, ["cat", "/opt/made"])).toBe(`$HOME \${x} \\ "quoted"\n0\n`);
});

it("a setupCommand that fails leaves no image of that name", async () => {
  const tag = `${inject("tagPrefix")}to-layer:broken`;
  const request = { engine, reference: inject("baseImage"), script: "echo no; exit 3", tag, buildArgs: {} };
  await expect(setupToLayer({ ...request, signal: AbortSignal.timeout(60_000) })).rejects.toMatchObject({
    code: "BUILD_FAILED",
  });
  expect(await engine.images.inspect(tag)).toBeNull();
});
