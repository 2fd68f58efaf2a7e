import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { ContextFile, Rendering } from "../../src/dockerfile/build-context.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import { defaultBuildSettings } from "../../src/engine/build-settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { planSkillsImage } from "../../src/plan/plan-skills-image.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { sha256Of } from "../support/fetch-program.ts";
import { imageOf, runBuild } from "../support/run-build.ts";
import { type DownloadHost, openDownloadHost } from "../support/start-download-host.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";
import {
  download,
  downloadSkills,
  npmSkills,
  otherSkills,
  packHomebrew,
  type TestSkill,
} from "./download-skills.ts";
import { runInImage } from "./run-in-image.ts";
import { startTreeIndexes, type TreeIndexes } from "./tree-indexes.ts";

const canary = "canary-7f3a";
const folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-downloads-"));
const archives = join(folder, "archives");
const old = "20.20.2";

let engine: Engine;
let host: DownloadHost & { close(): void };
let indexes: TreeIndexes;
let network: NetworkSettings;
let leftOut: readonly string[];
/** Downloads, Python and Homebrew by both renderings; npm's, which take longest, by one. */
const images = new Map<Rendering | "npm", string>();

beforeAll(async () => {
  mkdirSync(archives);
  execFileSync("python3", [new URL("../support/make-archives.py", import.meta.url).pathname, archives]);
  packHomebrew(join(folder, "homebrew"), join(archives, "HEAD.tar.gz"));
  engine = await connectTestEngine();
  host = await openDownloadHost(folder, (request, response) => {
    if (request.url === "/moved") response.writeHead(302, { location: "https://b.example.com/tool" }).end();
    else response.end(readFileSync(join(archives, basename(request.url ?? ""))));
  });
  indexes = await startTreeIndexes(folder, inject("npmRegistry"));
  const address = new URL(inject("aptProxy")).hostname;
  network = {
    ...noNetworkSettings,
    npmRegistry: `http://user:${canary}@${address}:${indexes.npmPort}/`,
    pythonIndex: `http://${address}:${indexes.pythonPort}/simple`,
    httpProxy: inject("aptProxy"),
    httpsProxy: `http://user:${canary}@${address}:${host.port}`,
    noProxy: address,
    caPem: readFileSync(host.caFile, "utf8"),
  };
  const light = await planSkills("skills", { ...downloadSkills(archives), ...otherSkills });
  leftOut = light.leftOut;
  const heavy = await planSkills("npm-skills", npmSkills);
  const [buildkit, portable, npm] = await Promise.all([
    build(light.plan, "buildkit"),
    build(light.plan, "portable"),
    build(heavy.plan, "buildkit"),
  ]);
  images.set("buildkit", buildkit).set("portable", portable).set("npm", npm);
});

afterAll(() => {
  host?.close();
  indexes?.close();
  rmSync(folder, { recursive: true });
});

test("the hostile twins are left out, and hinder nobody", () => {
  expect(leftOut).toEqual(["hostile-digest", "hostile-host", "hostile-python", "hostile-target"]);
  expect(host.requests.filter((request) => request.includes("hostile"))).toEqual([]);
});

describe.each<Rendering>(["buildkit", "portable"])("%s", (rendering) => {
  test.each(["tar-gz", "tar-xz", "tar-bz2", "zip", "plain", "moved"])(
    "%s: its command runs",
    async (name) => {
      expect(await inside(rendering, `tool-${name}`)).toBe("tool 1.0");
    },
  );

  test("trees of downloads hold what was downloaded, root's, and nothing else", async () => {
    const files = await inside(
      rendering,
      "cd /opt/skills/small-zip-*; find . -mindepth 1 -printf '%P %y %m %U:%G %l\\n' | sort; ls /opt",
    );
    expect(files.split("\n").map((line) => line.trim())).toEqual([
      "bin d 755 0:0",
      "bin/tool-zip l 777 0:0 ../tree/bin/tool",
      "tree d 755 0:0",
      "tree/README f 644 0:0",
      "tree/bin d 755 0:0",
      "tree/bin/alias l 777 0:0 tool",
      "tree/bin/tool f 755 0:0",
      "tree/share d 755 0:0",
      "tree/share/program l 777 0:0 ../bin/tool",
      "skills",
    ]);
  });

  test("a Python tool has its extras and companions, at the newest version that fits", async () => {
    expect(await inside(rendering, "tiny-talk")).toBe("tiny-talk 1.5 tiny_loud tiny_plugin");
  });

  test("a formula runs from where Homebrew would have put it, without Homebrew", async () => {
    expect(await inside(rendering, "hello-brew")).toBe(
      "/home/linuxbrew/.linuxbrew/Cellar/hello by 1000, told: hello",
    );
    const prefix = "/home/linuxbrew/.linuxbrew";
    expect(await inside(rendering, `cd ${prefix}; ls -d * bin/*`)).toBe("Cellar\nbin\nbin/hello-brew\nvar");
  });

  test("nothing tells how it was reached", async () => {
    const history = JSON.stringify(await engine.images.history(images.get(rendering) ?? ""));
    expect(history).not.toMatch(new RegExp(`${canary}|:${host.port}`));
    const leaked = `grep -rlsF -e ${canary} -e :${host.port} -e :${indexes.npmPort} /etc /opt /usr/local /root /var`;
    expect(await inside(rendering, `${leaked} || true`)).toBe("");
  });
});

describe("npm", () => {
  test("npm packages run their scripts only where they are allowed, with a compiler, and without settings or a proxy's login", async () => {
    // The one proxy without a login is there, the other one's login nowhere.
    expect(await inside("npm", "tiny-native")).toBe('42 [65534,"ca.pem",true,false] false');
    expect(await inside("npm", "find /opt/skills -perm /6000 -o ! -user root")).toBe("");
    expect(await inside("npm", "command -v gcc make g++ || echo none")).toBe("none");
  });

  test("a package that needs another Node runs on it, and nobody else does", async () => {
    expect(await inside("npm", "tiny-old")).toBe(`old v${old}`);
    expect(await inside("npm", "node --version")).not.toContain(old);
  });
});

test("what another content was declared for is not built, and the step says why", async () => {
  const sha256 = "0".repeat(64);
  const { plan } = await planSkills("wrong", {
    wrong: download("tool", "https://a.example.com/tool", { sha256 }),
  });
  const run = buildImages(engine, [plan], {
    ...defaultBuildSettings,
    builder: "buildkit",
    render: (each, rendering) => renderImage(each, { rendering, network, contents: {} }),
    network,
    signal: AbortSignal.timeout(120_000),
    storeFacts: async () => {},
  });
  for await (const _event of run);
  expect(await run.outcomes).toMatchObject([
    {
      status: "failed",
      code: "DOWNLOAD_REFUSED",
      message: expect.stringContaining(
        `has the sha256 ${sha256Of(readFileSync(join(archives, "tool")))}, not ${sha256}`,
      ),
      places: [{ file: join(folder, "wrong", "wrong", "SKILL.md") }],
    },
  ]);
});

/** Writes the skills, reads them as anybody's, and plans their image with what the operator allows. */
async function planSkills(name: string, wanted: Readonly<Record<string, TestSkill>>) {
  const target = join(folder, name);
  for (const [name, { bins, install }] of Object.entries(wanted)) {
    mkdirSync(join(target, name), { recursive: true });
    const metadata = JSON.stringify({ openclaw: { requires: { bins }, install } });
    const text = `---\nname: ${name}\ndescription: A skill of a test.\nmetadata: ${metadata}\n---\n`;
    writeFileSync(join(target, name, "SKILL.md"), text);
  }
  const platform = engine.info.platform === "linux/arm64" ? "linux/arm64" : "linux/amd64";
  const { skills } = await readSkillFolders([target]);
  const resolved = resolveRequirements(skills, { platform, below: new Map(), homebrew: true });
  const resolutions = resolved.resolutions.map((row) =>
    // Which Node a package needs is known of pinned packages only.
    row.bin === "tiny-old" && row.recipe?.kind === "npm"
      ? { ...row, recipe: { ...row.recipe, node: old } }
      : row,
  );
  const planned = planSkillsImage({
    name,
    below: {
      kind: "external",
      base: { reference: inject("baseImage"), digest: null, imageId: null },
      known: new Set(),
      user: null,
    },
    skills,
    resolutions,
    npmScripts: ["tiny-native"],
    tagPrefix: inject("tagPrefix"),
    platform,
    aptEpoch: inject("testRun").slice(0, 16),
  });
  if (planned.plan === null) throw new Error(JSON.stringify(planned));
  return { plan: planned.plan, leftOut: planned.leftOut.map(({ skill }) => skill) };
}

async function build(plan: ImagePlan, rendering: Rendering): Promise<string> {
  const { image, diagnostics } = renderImage(plan, { rendering, network, contents: {} });
  if (image === null) throw new Error(JSON.stringify(diagnostics));
  const run = await runBuild(engine, { ...requestFor(image.context, rendering), buildArgs: image.buildArgs });
  const failed = run.events.find((event) => event.type === "step-failed");
  if (failed !== undefined) throw new Error(JSON.stringify(failed, null, 1));
  return imageOf(run);
}

function requestFor(context: readonly ContextFile[], rendering: Rendering) {
  // A label by which the image is found and removed at the end of the run.
  const label = Buffer.from(`LABEL ${testLabel}=${inject("testRun")}\n`);
  return {
    context: context.map((file) =>
      file.path === "Dockerfile" ? { ...file, content: Buffer.concat([file.content, label]) } : file,
    ),
    buildArgs: {},
    platform: null,
    builder: rendering === "buildkit" ? ("buildkit" as const) : ("classic" as const),
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal: AbortSignal.timeout(500_000),
  };
}

function inside(key: Rendering | "npm", script: string): Promise<string> {
  return runInImage(engine, images.get(key) ?? "", script, "1234:1234");
}
