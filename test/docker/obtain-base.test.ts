import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { type BaseProgress, type ObtainBaseOptions, obtainBase } from "../../src/engine/base/obtain-base.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { isOwnBase } from "../../src/engine/label/own-image.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { registryProgram, startRegistry } from "../support/start-registry.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let real: Engine;

beforeAll(async () => {
  real = await connectTestEngine();
});

/**
 * The real engine as if it had none of the images that these names stand for, and as if no registry could be reached:
 * what the machine of a test has and reaches differs. Tags go to a name of this run.
 */
function engineWithout(...names: readonly string[]): { engine: Engine; tags: Map<string, string> } {
  const tags = new Map<string, string>();
  const engine: Engine = {
    ...real,
    images: {
      ...real.images,
      inspect: async (reference, signal) => {
        const own = tags.get(reference);
        if (own !== undefined) return await real.images.inspect(own, signal);
        return names.includes(reference) ? null : await real.images.inspect(reference, signal);
      },
      tag: async (id, reference) => {
        const own = `${inject("tagPrefix")}base:${randomInt(2 ** 40)}`;
        tags.set(reference, own);
        await real.images.tag(id, own);
      },
    },
    registry: {
      ...real.registry,
      pull: async () => {
        throw new SkillcrateError("REGISTRY_FAILED", "no route to the registry", { hint: "none" });
      },
    },
  };
  return { engine, tags };
}

const bookworm = "debian:bookworm-slim";
const bootstrapped = "skillcrate-debian:bookworm-slim";

function optionsOf(
  changes: Partial<ObtainBaseOptions> = {},
): ObtainBaseOptions & { progress: BaseProgress[] } {
  const progress: BaseProgress[] = [];
  return {
    named: null,
    recorded: null,
    platform: process.arch === "arm64" ? "linux/arm64" : "linux/amd64",
    aptMirror: null,
    refresh: false,
    signal: new AbortController().signal,
    onProgress: (event) => progress.push(event),
    bootstrapScript: "/no/such/script",
    ...changes,
    progress,
  };
}

function scriptOf(text: string): string {
  const dir = tempFolder();
  const path = join(dir, "bootstrap.sh");
  mkdirSync(join(dir, "root", "etc"), { recursive: true });
  writeFileSync(join(dir, "root", "etc", "mark"), String(randomInt(2 ** 40)));
  writeFileSync(path, `cd ${dir}\n${text}\n`);
  return path;
}

describe("at hand", () => {
  test("a named image is taken as it is", async () => {
    const image = await real.images.inspect(inject("baseImage"));
    expect(await obtainBase(real, optionsOf({ named: inject("baseImage") }))).toEqual({
      reference: inject("baseImage"),
      digest: null,
      imageId: image?.id,
      origin: "named",
    });
  });

  test("what was recorded is asked for by what it is, not by its name", async () => {
    const image = await real.images.inspect(inject("baseImage"));
    const recorded = {
      reference: bootstrapped,
      digest: null,
      imageId: image?.id ?? "",
      origin: "bootstrapped",
    } as const;
    const { engine } = engineWithout(bookworm, bootstrapped);
    expect(await obtainBase(engine, optionsOf({ recorded }))).toEqual(recorded);
  });

  test("an image for another processor is not taken", async () => {
    const platform = process.arch === "arm64" ? "linux/amd64" : "linux/arm64";
    const { engine } = engineWithout();
    await expect(
      obtainBase(engine, optionsOf({ named: inject("baseImage"), platform })),
    ).rejects.toMatchObject({
      code: "BASE_UNAVAILABLE",
      message: expect.stringContaining(`not for ${platform}`),
    });
  });
});

describe("bootstrapped", () => {
  const archs: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

  test("the script's output becomes an image with the label that clean looks for", async () => {
    const { engine, tags } = engineWithout(bookworm, bootstrapped);
    const bootstrapScript = scriptOf(
      'echo "args: $*" >&2; echo "mirror: $SKILLCRATE_APT_MIRROR" >&2; tar -C root -c .',
    );
    const options = optionsOf({ bootstrapScript, aptMirror: "http://mirror.example/debian" });
    const base = await obtainBase(engine, options);
    expect(base).toMatchObject({ reference: bootstrapped, digest: null, origin: "bootstrapped" });
    const image = await real.images.inspect(tags.get(bootstrapped) ?? "");
    expect(image).toMatchObject({ id: base.imageId, labels: { "dev.skillcrate.made": "base" } });
    expect(image?.env).toEqual([expect.stringMatching(/^PATH=.*\/usr\/bin/)]);
    expect(image !== null && (await isOwnBase(real, image))).toBe(true);
    expect(options.progress).toEqual([
      { type: "bootstrapping", line: `args: --output - --arch ${archs[process.arch]}` },
      { type: "bootstrapping", line: "mirror: http://mirror.example/debian" },
    ]);

    // It is there now: nothing more is tried.
    expect(await obtainBase(engine, optionsOf())).toEqual(base);
  });

  test.each([
    [
      "before it wrote anything",
      'echo "bootstrap-base.sh: no mirror answers" >&2; exit 1',
      "no mirror answers",
    ],
    ["in the middle of its output", "tar -C root -c . ; echo cut off >&2; exit 1", "cut off"],
    ["without a word", "exit 3", "exit code 3"],
  ])("where the script fails %s, every way that was tried is named", async (_when, text, reason) => {
    const { engine, tags } = engineWithout(bookworm, bootstrapped);
    const before = await real.images.list("dev.skillcrate.made=base");
    await expect(obtainBase(engine, optionsOf({ bootstrapScript: scriptOf(text) }))).rejects.toMatchObject({
      code: "BASE_UNAVAILABLE",
      message: [
        "no base image could be had",
        `  ${bookworm}: the engine does not have it`,
        `  ${bootstrapped}: the engine does not have it`,
        `  ${bookworm}: no route to the registry`,
        `  bootstrap from a Debian mirror: ${reason}`,
      ].join("\n"),
    });
    expect(tags.size).toBe(0);
    const after = await real.images.list("dev.skillcrate.made=base");
    expect(after.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
  });

  test("a signal ends the script soon, whatever it ignores", async () => {
    const { engine } = engineWithout(bookworm, bootstrapped);
    const caller = new AbortController();
    const bootstrapScript = scriptOf("trap '' TERM; echo started >&2; while :; do sleep 1; done");
    const options = optionsOf({ bootstrapScript, signal: caller.signal });
    let stoppedAt = 0;
    const obtaining = obtainBase(engine, {
      ...options,
      onProgress: () => {
        stoppedAt = performance.now();
        caller.abort("SIGINT");
      },
    });
    await expect(obtaining).rejects.toMatchObject({ code: "CANCELLED" });
    expect(performance.now() - stoppedAt).toBeLessThan(5000);
  });
});

if (!existsSync(registryProgram)) console.info(`${registryProgram} is not there: pulled bases are left out`);
describe.runIf(existsSync(registryProgram))("from a registry", () => {
  test("the digest is recorded, and from then on names what is pulled and built upon", async () => {
    const registry = await startRegistry();
    onTestFinished(registry.stop);
    const named = `${registry.address}/debian:slim`;
    const source = await real.images.inspect(inject("baseImage"));
    await real.images.tag(source?.id ?? "", named);
    const digest = await real.registry.push(named, () => {}, AbortSignal.timeout(60_000));
    await real.images.remove(named);

    const base = await obtainBase(real, optionsOf({ named }));
    expect(base).toEqual({ reference: named, digest, imageId: source?.id, origin: "named" });
    // The tag moves on; what was recorded stays what it was.
    await real.images.remove(named);
    const recorded = { ...base, origin: "pulled" } as const;
    expect(await obtainBase(real, optionsOf({ recorded }))).toEqual(recorded);
    expect(await real.images.inspect(named)).toBeNull();

    const plan = handMadePlan({
      name: "on-digest",
      tag: `${inject("tagPrefix")}on-digest:1`,
      below: `${named}@${digest}`,
      steps: [`LABEL ${testLabel}=${inject("testRun")}`, "RUN true"],
    });
    for (const builder of ["buildkit", "classic"] as const) {
      const { outcomes } = buildImages(real, [plan], handMadeSettings({ builder, noCache: () => true }));
      expect(await outcomes).toMatchObject([{ status: "built" }]);
    }
    await real.images.remove(`${named}@${digest}`);
  });
});

test("what has nothing to do with the way is no reason to try another one", async () => {
  const { engine } = engineWithout(bookworm, bootstrapped);
  const down = new SkillcrateError("ENGINE_NO_SPACE", "full", { hint: "none" });
  const full: Engine = { ...engine, registry: { ...engine.registry, pull: () => Promise.reject(down) } };
  await expect(obtainBase(full, optionsOf())).rejects.toBe(down);
});
