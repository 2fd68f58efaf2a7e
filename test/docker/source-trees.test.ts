import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { ContextFile, Rendering } from "../../src/dockerfile/build-context.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { removeUnlessInUse } from "../../src/engine/sweep-leftovers.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { planSkillsImage } from "../../src/plan/plan-skills-image.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { imageOf, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";
import { runInImage } from "./run-in-image.ts";
import { type SourceRegistries, startSourceRegistries } from "./source-registries.ts";

const canary = "canary-7f3a";
const folder = fileURLToPath(new URL("../fixtures/source-skills", import.meta.url));

let engine: Engine;
let registries: SourceRegistries;
let network: NetworkSettings;
let plan: ImagePlan;
let leftOut: readonly string[];
const images = new Map<Rendering, string>();

beforeAll(async () => {
  engine = await connectTestEngine();
  const platform = engine.info.platform === "linux/arm64" ? "linux/arm64" : "linux/amd64";
  const host = new URL(inject("aptProxy")).hostname;
  registries = await startSourceRegistries(host, platform);
  const bundle = process.env["NODE_EXTRA_CA_CERTS"];
  network = {
    ...noNetworkSettings,
    goProxy: registries.goProxy,
    goSumDb: "off",
    cargoRegistry: registries.cargoRegistry,
    httpProxy: inject("aptProxy").replace("//", `//user:${canary}@`),
    noProxy: host,
    caPem: bundle === undefined ? null : readFileSync(bundle, "utf8"),
  };
  const { skills } = await readSkillFolders([folder]);
  const { resolutions } = resolveRequirements(skills, { platform, below: new Map() });
  const base = { reference: inject("baseImage"), digest: null, imageId: null };
  const planned = planSkillsImage({
    name: "sources",
    below: { kind: "external", base, known: new Set(), user: null },
    skills,
    resolutions,
    tagPrefix: inject("tagPrefix"),
    platform,
    aptEpoch: inject("testRun").slice(0, 16),
  });
  if (planned.plan === null) throw new Error(JSON.stringify(planned));
  plan = planned.plan;
  leftOut = planned.leftOut.map(({ skill }) => skill);
  const built = await Promise.all([build("buildkit"), build("portable")]);
  images.set("buildkit", built[0]);
  images.set("portable", built[1]);
});

afterAll(async () => {
  await registries?.close();
});

test("the hostile twins are left out, and hinder nobody", () => {
  expect(leftOut).toEqual(["hostile-crate-tool", "hostile-go-tool"]);
  expect(plan.promises.map(({ name }) => name)).toEqual(["tiny", "tiny-crate"]);
});

test("a crate is built from what its lock file names, and only that is fetched", () => {
  expect(registries.requests).toContain("/crates/store/tiny-dep/1.0.0/download");
  expect(
    registries.requests.filter((path) =>
      /tiny-dep\/1\.0\.1|tiny-crate\/0\.3\.1|windows.*download/.test(path),
    ),
  ).toEqual([]);
});

describe.each<Rendering>(["buildkit", "portable"])("%s", (rendering) => {
  test("commands run as any user, read-only and without a network, and no compiler came along", async () => {
    expect(await inside(image(rendering), "tiny 2>&1")).toBe(
      "tiny 1.1.0 by the Go that was brought with settings: false",
    );
    expect(await inside(image(rendering), "command -v go gcc cargo rustc || echo none")).toBe("none");
    const traces = "/opt/go /opt/cargo /opt/record /var/cache/go /var/cache/cargo /tmp/built";
    expect(await inside(image(rendering), `ls -d ${traces} 2>/dev/null || echo none`)).toBe("none");
  });

  test("build scripts find no settings, proxies, caches, rights or network", async () => {
    expect(await inside(image(rendering), "tiny-crate")).toBe(`tiny-crate 0.3.0 with tiny-dep 1.0.0, found:`);
  });

  test("of what build scripts left, programs are taken: root's, without other rights", async () => {
    const tree = treeOf("cargo");
    const files = await inside(
      image(rendering),
      `find ${tree} -mindepth 1 -printf '%P %y %m %U:%G\\n' | sort`,
    );
    expect(files.split("\n")).toEqual(["bin d 755 0:0", "bin/raised f 755 0:0", "bin/tiny-crate f 755 0:0"]);
  });

  test("nothing tells how it was reached", async () => {
    const history = await engine.images.history(image(rendering));
    const port = new URL(registries.goProxy).port;
    expect(JSON.stringify(history)).not.toMatch(new RegExp(`${canary}|:${port}`));
    const leaked = `grep -rlsF -e ${canary} -e :${port} /etc /opt /usr/local /root /var || true`;
    expect(await inside(image(rendering), leaked)).toBe("");
  });
});

test("both renderings build the same program from Go, without the path of a build", async () => {
  const sum = `sha256sum ${treeOf("go")}/bin/tiny`;
  expect(await inside(image("buildkit"), sum)).toBe(await inside(image("portable"), sum));
  expect(await inside(image("portable"), `grep -c /var/cache/go ${treeOf("go")}/bin/tiny || true`)).toBe("0");
});

test("stages leave a record of what their trees were made from", async () => {
  const [goRecord, cargoRecord] = [await recordOf("go"), await recordOf("cargo")];
  expect(goRecord).toEqual([
    expect.stringMatching(/^example\.com\/dep v1\.2\.0 h1:[A-Za-z0-9+/]{43}=$/),
    expect.stringMatching(/^example\.com\/tiny v1\.1\.0 h1:[A-Za-z0-9+/]{43}=$/),
    expect.stringMatching(/^golang\.org\/toolchain v0\.0\.1-go\S+ h1:[A-Za-z0-9+/]{43}=$/),
  ]);
  const [sums, told] = [cargoRecord.slice(0, 2), cargoRecord.slice(2)];
  expect(
    told.map((line) => /"name":"([^"]+)","vers":"([^"]+)"/.exec(line)?.slice(1).join(" ") ?? line),
  ).toEqual([
    "tiny-crate 0.3.0",
    "tiny-dep 1.0.0",
    "tiny-windows 1.0.0",
    `store ${registries.cargoRegistry}store`,
  ]);
  expect(sums).toEqual([
    expect.stringMatching(/^[0-9a-f]{64} {2}tiny-crate-0\.3\.0\.crate$/),
    expect.stringMatching(/^[0-9a-f]{64} {2}tiny-dep-1\.0\.0\.crate$/),
  ]);
});

async function recordOf(ecosystem: string): Promise<string[]> {
  const stage = plan.stages.find((one) => one.kind === "tree" && one.ecosystem === ecosystem);
  const built = await build("buildkit", stage?.id);
  try {
    return (await inside(built, "cat /opt/record")).split("\n");
  } finally {
    await removeUnlessInUse(engine, built);
  }
}

async function build(rendering: Rendering, target: string | null = null): Promise<string> {
  const rendered = renderImage(plan, { rendering, network, contents: {} });
  expect(rendered.diagnostics).toEqual([]);
  if (rendered.image === null) throw new Error("not rendered");
  const run = await runBuild(engine, {
    context: adapted(rendered.image.context),
    buildArgs: rendered.image.buildArgs,
    platform: null,
    builder: rendering === "buildkit" ? "buildkit" : "classic",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target,
    signal: AbortSignal.timeout(500_000),
  });
  const failed = run.events.find((event) => event.type === "step-failed");
  if (failed !== undefined) throw new Error(JSON.stringify(failed, null, 1));
  return imageOf(run);
}

/**
 * With a label by which this image is found and removed at the end of the run, and with caches that no real build is
 * given: the modules here are not what their names promise.
 */
function adapted(context: readonly ContextFile[]): ContextFile[] {
  const label = `LABEL ${testLabel}=${inject("testRun")}\n`;
  return context.map((file) => {
    if (file.path !== "Dockerfile") return file;
    const text = new TextDecoder().decode(file.content).replaceAll("id=skillcrate-", "id=skillcrate-test-");
    return { ...file, content: Buffer.from(text + label) };
  });
}

function image(rendering: Rendering): string {
  return images.get(rendering) ?? "";
}

function treeOf(ecosystem: string): string {
  const stage = plan.stages.find((one) => one.kind === "tree" && one.ecosystem === ecosystem);
  return stage?.kind === "tree" ? stage.output : "";
}

function inside(imageId: string, script: string): Promise<string> {
  return runInImage(engine, imageId, script, "1234:1234");
}
