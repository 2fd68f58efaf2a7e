import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { ContextFile, Rendering } from "../../src/dockerfile/build-context.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { imageSpecSchema } from "../../src/plan/image-spec.ts";
import { planBuiltInImages } from "../../src/plan/plan-built-in-images.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { imageOf, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";
import { listImageFiles } from "./list-image-files.ts";
import { type PythonIndex, startPythonIndex } from "./python-index.ts";
import { runInImage } from "./run-in-image.ts";

const canary = "canary-7f3a";

/** Everything that a plan can hold, as small as it gets. */
const everything = imageSpecSchema.parse({
  name: "everything",
  tag: "sandbox-everything:x",
  description: "",
  packages: { "ca-certificates": [], "fd-find": ["fd"], fontconfig: ["fc-list"], python3: ["python3"] },
  links: { fd: "/usr/bin/fdfind" },
  tools: [
    { kind: "node", version: nodeRuntime.version, npm: nodeRuntime.npmVersion, bins: ["node", "npm"] },
    {
      kind: "npm",
      package: "semver",
      version: "7.7.1",
      bins: ["semver", "sv"],
      links: { sv: "bin/semver.js" },
    },
    { kind: "python", package: "tiny-tool", version: "1.0", bins: ["tiny-tool"] },
  ],
  user: { name: "sandbox", uid: 1000, gid: 1000, home: "/home/sandbox" },
  writable: ["/home/sandbox/.cache"],
  files: [{ source: "hello.sh", target: "/usr/local/bin/hello", mode: "0755" }],
  env: { HOME: "/home/sandbox", ODD: 'a "b" $HOME \\ c' },
  workdir: "/home/sandbox",
  cmd: ["hello", "$HOME"],
});
const contents = { "hello.sh": Buffer.from('#!/bin/sh\necho "hello $*"\n') };

let engine: Engine;
let index: PythonIndex;
let plan: ImagePlan;
let network: NetworkSettings;
const images = new Map<Rendering, string>();

beforeAll(async () => {
  engine = await connectTestEngine();
  index = await startPythonIndex();
  const host = new URL(inject("aptProxy")).hostname;
  const bundle = process.env["NODE_EXTRA_CA_CERTS"];
  network = {
    ...noNetworkSettings,
    httpProxy: inject("aptProxy").replace("//", `//user:${canary}@`),
    noProxy: host,
    pythonIndex: `http://user:${canary}@${host}:${index.port}/simple`,
    // Where npm only works with an extra certificate, this is what makes it work inside.
    caPem: bundle === undefined ? null : readFileSync(bundle, "utf8"),
  };
  const base = { reference: inject("baseImage"), digest: null, imageId: null };
  const planned = planBuiltInImages({
    specs: [{ spec: everything, contents }],
    tagPrefix: inject("tagPrefix"),
    platform: engine.info.platform === "linux/arm64" ? "linux/arm64" : "linux/amd64",
    base,
    aptEpoch: inject("testRun").slice(0, 16),
  });
  expect(planned.diagnostics).toEqual([]);
  const [first] = planned.plans;
  if (first === undefined) throw new Error("no plan");
  plan = first;
  const built = await Promise.all([build("buildkit"), build("portable")]);
  images.set("buildkit", built[0]);
  images.set("portable", built[1]);
});

afterAll(async () => {
  await index?.close();
});

test("both renderings make the same files, without exception", async () => {
  const [left, right] = await Promise.all([files("buildkit"), files("portable")]);
  expect(left.size).toBeGreaterThan(5000);
  expect(differences(left, right)).toEqual([]);
});

describe.each<Rendering>(["buildkit", "portable"])("%s", (rendering) => {
  test("leaves no lists, caches, logs, nor anything of how it was reached", async () => {
    const paths = [...(await files(rendering)).keys()];
    const leftovers =
      /^\/(var\/log\/.*\.log|var\/lib\/apt\/lists\/.*_|var\/cache\/apt\/.*\.(deb|bin)|var\/cache\/(npm|pip|debconf\/.*-old)|var\/lib\/dpkg\/.*-old|tmp\/.|mnt\/.|root\/\.(npm|cache))/;
    expect(paths.filter((path) => leftovers.test(path))).toEqual([]);
    const history = await engine.images.history(image(rendering));
    expect(JSON.stringify(history)).not.toMatch(new RegExp(`${canary}|${index.port}|BEGIN CERTIFICATE`));
    expect(
      await inside(
        rendering,
        `grep -rlsF -e ${canary} -e :${index.port} /etc /opt /usr/local /home /root /var || true`,
      ),
    ).toBe("");
  });

  test("every layer works, as the user, read-only, without a network", async () => {
    const answers = await inside(
      rendering,
      'fd --version; fc-list --version 2>&1; node --version; npm --version; semver 1.2.3; sv 1.2.4; tiny-tool; hello "$ODD"; id -un; touch "$HOME/.cache/x" || echo read-only',
    );
    expect(answers.split("\n")).toEqual([
      expect.stringMatching(/^fdfind /),
      expect.stringMatching(/^fontconfig version/),
      `v${nodeRuntime.version}`,
      nodeRuntime.npmVersion,
      "1.2.3",
      "1.2.4",
      "tiny-tool 1.0",
      'hello a "b" $HOME \\ c',
      "sandbox",
      "read-only",
    ]);
  });

  test("a Python tool is compiled once, by hash, whatever its files' times", async () => {
    // PEP 552: the second word of the head is 1 for a file that is never checked against its source.
    const heads = await inside(
      rendering,
      "find /opt/skills/tiny-tool-* -name 'tiny_tool*.pyc' -exec od -An -tu4 -j4 -N4 {} +",
    );
    expect(heads.trim()).toBe("1");
  });
});

async function build(rendering: Rendering): Promise<string> {
  const rendered = renderImage(plan, { rendering, network, contents });
  expect(rendered.diagnostics).toEqual([]);
  if (rendered.image === null) throw new Error("not rendered");
  const request = {
    context: labelled(rendered.image.context),
    buildArgs: rendered.image.buildArgs,
    platform: null,
    builder: rendering === "buildkit" ? "buildkit" : "classic",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal: AbortSignal.timeout(500_000),
  } as const;
  const run = await runBuild(engine, request);
  const failed = run.events.find((event) => event.type === "step-failed");
  if (failed !== undefined) throw new Error(JSON.stringify(failed, null, 1));
  return imageOf(run);
}

/** With a label by which this image is found and removed at the end of the run. */
function labelled(context: readonly ContextFile[]): ContextFile[] {
  const label = Buffer.from(`LABEL ${testLabel}=${inject("testRun")}\n`);
  return context.map((file) =>
    file.path === "Dockerfile" ? { ...file, content: Buffer.concat([file.content, label]) } : file,
  );
}

function image(rendering: Rendering): string {
  return images.get(rendering) ?? "";
}

function files(rendering: Rendering): Promise<Map<string, string>> {
  return listImageFiles(engine, image(rendering));
}

function differences(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>) {
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths]
    .filter((path) => left.get(path) !== right.get(path))
    .map((path) => [path, left.get(path), right.get(path)]);
}

function inside(rendering: Rendering, script: string): Promise<string> {
  return runInImage(engine, image(rendering), script);
}
