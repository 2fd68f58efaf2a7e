import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildImages } from "../../../src/engine/build/build-images.ts";
import { withLock } from "../../../src/host/with-lock.ts";
import { acquireGeneration } from "../../../src/mirror/acquire-generation.ts";
import { publishSkills } from "../../../src/mirror/publish-skills.ts";
import type { ImagePlan } from "../../../src/plan/image-plan.ts";
import { browserFolder } from "../../../src/sandbox/browser/browser-folders.ts";
import { containerLabels } from "../../../src/sandbox/container/container-plan.ts";
import { containerLockName } from "../../../src/sandbox/container/container-records.ts";
import { makingName } from "../../../src/sandbox/container/making-name.ts";
import { collectSandboxGarbage } from "../../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../../src/sandbox/life/list-sandboxes.ts";
import { measureSandboxImages } from "../../../src/sandbox/life/measure-sandbox-images.ts";
import { measureSandboxes } from "../../../src/sandbox/life/measure-sandboxes.ts";
import { pruneSandboxes } from "../../../src/sandbox/life/prune-sandboxes.ts";
import { recreateSandboxes } from "../../../src/sandbox/life/recreate-sandboxes.ts";
import { stopSandbox } from "../../../src/sandbox/life/stop-sandbox.ts";
import type { Scope } from "../../../src/sandbox/scope.ts";
import { recordScopeUse } from "../../../src/sandbox/scope-record.ts";
import { handMadePlan, handMadeSettings } from "../../support/hand-made-plan.ts";
import { mirrorRequest, writeSkill } from "../../support/mirror-world.ts";
import { alice, type SandboxWorld, sandboxWorld } from "../../support/sandbox-world.ts";

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const bob: Scope = { kind: "session", key: "agent:main:telegram:dm:bob" };
const family: Scope = { kind: "agent", key: "family" };
const shared: Scope = { kind: "shared", key: "shared" };

/** A sandbox of a scope; gives its release. */
async function make(world: SandboxWorld, scope: Scope, agentId: string | null = "main") {
  const plan = world.plan({}, { scope, agentId });
  const { recordsDir } = world.folder(scope);
  const { release, id } = await world.ensure(plan, { recordsDir });
  return { plan, release, id };
}

/** A scope that was used so long ago, with a workspace and a home. */
function used(world: SandboxWorld, scope: Scope, agoMs: number, sessions: readonly string[] = []) {
  const folder = world.folder(scope);
  for (const dir of [folder.workspaceDir, folder.homeDir]) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "file"), Buffer.alloc(5000, 1));
  }
  const nowMs = Date.now() - agoMs;
  for (const session of [null, ...sessions]) recordScopeUse(folder, { agent: null, session, nowMs });
  return folder;
}

describe("list", () => {
  test("a thousand sandboxes take one request", async () => {
    const world = sandboxWorld();
    const { body } = world.plan();
    for (let index = 0; index < 1000; index += 1) {
      const Labels = { ...body.Labels, [containerLabels.scopeKey]: `session ${index}` };
      await world.memory.engine.sandboxes.create(`box-${index}`, { ...body, Labels });
    }
    const before = world.memory.calls.length;
    expect(await listSandboxes(world.gateway)).toHaveLength(1000);
    expect(world.memory.calls.slice(before)).toEqual(["sandboxes.list"]);
  });

  test("labels that nobody of us wrote are nobody's sandbox", async () => {
    const world = sandboxWorld();
    const { body } = world.plan();
    const odd: readonly Record<string, string>[] = [
      { [containerLabels.scope]: "galaxy" },
      { [containerLabels.role]: "__proto__" },
      { [containerLabels.scopeKey]: "" },
      { [containerLabels.scopeDir]: "../../etc" },
      { [containerLabels.owner]: "another" },
    ];
    for (const [index, labels] of odd.entries()) {
      await world.memory.engine.sandboxes.create(`odd-${index}`, {
        ...body,
        Labels: { ...body.Labels, ...labels },
      });
    }
    expect(await listSandboxes(world.gateway)).toEqual([]);
    await collectSandboxGarbage({ ...world.gateway, graceMs: 0 });
    expect(await world.containers()).toHaveLength(odd.length);
  });

  test("a label's folder counts only if it has the scope's own name: nothing is made elsewhere", async () => {
    const world = sandboxWorld();
    const { body } = world.plan();
    const elsewhere = join(world.gateway.workspaceRoot, "..", "elsewhere");
    mkdirSync(elsewhere);
    const Labels = { ...body.Labels, [containerLabels.scopeDir]: elsewhere };
    await world.memory.engine.sandboxes.create("box", { ...body, Labels });
    await pruneSandboxes({ ...world.gateway, nowMs: Date.now() + 100 * dayMs });
    expect(existsSync(join(elsewhere, "records"))).toBe(false);
  });
});

describe("stop", () => {
  test("by name, id, key, and the beginning of a name; never one of several", async () => {
    const world = sandboxWorld();
    const { plan, release, id } = await make(world, alice);
    release();
    (await make(world, bob)).release();
    for (const name of [plan.name, id, alice.key, plan.name.slice(0, -3)]) {
      expect(await stopSandbox({ ...world.gateway, name })).toMatchObject([
        { name: plan.name, state: "exited" },
      ]);
    }
    for (const name of ["skillcrate-test-", "nobody", ""]) {
      await expect(stopSandbox({ ...world.gateway, name })).rejects.toMatchObject({
        code: "SANDBOX_NOT_FOUND",
      });
    }
  });
});

describe("recreate", () => {
  test.each([
    [{ kind: "all" }, 4],
    [{ kind: "agent", agent: "main" }, 2],
    [{ kind: "agent", agent: "family" }, 1],
    [{ kind: "session", session: alice.key }, 1],
    // It uses its agent's.
    [{ kind: "session", session: "agent:family:main" }, 1],
    [{ kind: "session", session: "agent:main:nobody" }, 0],
    [{ kind: "shared" }, 1],
  ] as const)("%o takes %i, and leaves the others", async (selection, count) => {
    const world = sandboxWorld();
    used(world, family, 0, ["agent:family:main"]);
    for (const scope of [alice, bob]) (await make(world, scope)).release();
    (await make(world, family, null)).release();
    (await make(world, shared, null)).release();
    await world.memory.engine.sandboxes.create(makingName("half"), world.plan().body);
    const { removed, kept } = await recreateSandboxes({ ...world.gateway, selection });
    expect(removed).toHaveLength(count);
    expect(kept).toEqual([]);
    expect(await world.containers()).toHaveLength(5 - count);
  });

  test("leaves what is in use, unless it is forced", async () => {
    const world = sandboxWorld();
    await make(world, alice);
    const request = { ...world.gateway, selection: { kind: "all" } as const };
    expect(await recreateSandboxes(request)).toMatchObject({ removed: [], kept: [{ scope: alice }] });
    expect(await recreateSandboxes({ ...request, force: true })).toMatchObject({ kept: [] });
    expect(await world.containers()).toEqual([]);
  });

  test("the mismatched: whose image's tag moved, and whose plan is another; each image is asked for once", async () => {
    const world = sandboxWorld();
    for (const scope of [alice, bob]) (await make(world, scope)).release();
    const request = {
      ...world.gateway,
      selection: { kind: "all" } as const,
      mismatched: true,
      plannedHash: async ({ scope }: { scope: Scope }) => (scope.key === bob.key ? "another" : null),
    };
    const before = world.memory.calls.length;
    expect(await recreateSandboxes(request)).toMatchObject({
      removed: [{ scope: bob, mismatch: "plan" }],
    });
    expect(world.memory.calls.slice(before).filter((call) => call.startsWith("images.inspect"))).toHaveLength(
      1,
    );
    const [debian] = [...world.memory.images.values()];
    world.memory.tags.set("openclaw-sandbox:bookworm-slim", debian?.id ?? "");
    expect(await recreateSandboxes(request)).toMatchObject({
      removed: [{ scope: alice, mismatch: "image" }],
    });
  });
});

describe("prune", () => {
  test("leaves one that is being looked at or made", async () => {
    const world = sandboxWorld();
    const { release } = await make(world, alice);
    release();
    let free = (): void => undefined;
    const held = withLock(
      world.folder().recordsDir,
      containerLockName,
      () => new Promise<void>((resolve) => (free = resolve)),
    );
    const request = { ...world.gateway, nowMs: Date.now() + 100 * dayMs };
    expect(await pruneSandboxes(request)).toMatchObject({ removed: [], kept: [{ scope: alice }] });
    free();
    await held;
    expect(await pruneSandboxes(request)).toMatchObject({ removed: [{ scope: alice }], kept: [] });
  });

  test("takes by id: what took the place of the one it looked at stays", async () => {
    const world = sandboxWorld();
    const { release, id, plan } = await make(world, alice);
    release();
    world.memory.before = async (call) => {
      if (call !== "containers.remove") return;
      world.memory.before = () => {};
      world.memory.containers.delete(id);
      await make(world, bob);
      await world.memory.engine.sandboxes.create(plan.name, plan.body);
    };
    await pruneSandboxes({ ...world.gateway, nowMs: Date.now() + 100 * dayMs });
    expect(await world.containers()).toContain(`${plan.name} created`);
  });
});

describe("garbage", () => {
  const collect = (world: SandboxWorld, dryRun = false) =>
    collectSandboxGarbage({ ...world.gateway, graceMs: 30 * dayMs, dryRun });
  const slugs = (some: readonly { readonly slug: string }[]) => some.map(({ slug }) => slug);

  test("workspaces and homes that nobody has used for long, and has no container, go; secrets stay", async () => {
    const world = sandboxWorld();
    const old = used(world, bob, 40 * dayMs);
    writeFileSync(old.envFile, "A=b\n");
    const recent = used(world, family, dayMs);
    const standing = used(world, alice, 40 * dayMs);
    (await make(world, alice)).release();
    const dry = await collect(world, true);
    expect(existsSync(old.workspaceDir)).toBe(true);
    const garbage = await collect(world);
    const { workspaces, homes, containers } = garbage;
    expect(dry).toEqual(garbage);
    expect(containers).toEqual({ removed: [], kept: [] });
    for (const { removed, kept } of [workspaces, homes]) {
      expect(slugs(removed)).toEqual([old.slug]);
      expect(slugs(kept)).toEqual([standing.slug]);
    }
    expect([old.workspaceDir, old.homeDir].some(existsSync)).toBe(false);
    expect([old.envFile, recent.workspaceDir, recent.homeDir, standing.workspaceDir].every(existsSync)).toBe(
      true,
    );
  });

  test("what browsers keep goes by the same rule", async () => {
    const world = sandboxWorld();
    const [old, recent, standing] = [
      used(world, bob, 40 * dayMs),
      used(world, family, dayMs),
      used(world, alice, 40 * dayMs),
    ];
    for (const folder of [old, recent, standing]) {
      mkdirSync(browserFolder(folder).profileDir, { recursive: true });
      writeFileSync(join(browserFolder(folder).profileDir, "Cookies"), "login");
    }
    const browser = world.plan({}, { scope: alice, role: "browser" });
    await world.memory.engine.sandboxes.create(browser.name, browser.body);
    const dry = await collect(world, true);
    expect(existsSync(browserFolder(old).dir)).toBe(true);
    const garbage = await collect(world);
    expect(dry).toEqual(garbage);
    expect(slugs(garbage.browsers.removed)).toEqual([old.slug]);
    expect(slugs(garbage.browsers.kept)).toEqual([standing.slug]);
    expect(existsSync(browserFolder(old).dir)).toBe(false);
    expect([recent, standing].every((folder) => existsSync(browserFolder(folder).profileDir))).toBe(true);
    // Its home may have gone before.
    rmSync(recent.homeDir, { recursive: true });
    const { browsers } = await collectSandboxGarbage({ ...world.gateway, graceMs: 0 });
    expect(slugs(browsers.removed)).toEqual([recent.slug]);
  });

  test("half-made: of a dead process, or of one that has lost it; not of one that is at it", async () => {
    const world = sandboxWorld();
    const { body, name } = world.plan();
    const mine = makingName(name);
    const dead = mine.replace(/\.making\.([0-9a-f]+)\.[0-9a-f]+\./, `.making.$1.${"0".repeat(16)}.`);
    for (const half of [mine, dead]) await world.memory.engine.sandboxes.create(half, body);
    let finish = (): void => undefined;
    const making = withLock(
      world.folder().recordsDir,
      containerLockName,
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    expect((await collect(world)).containers).toMatchObject({ removed: [], kept: [{}, {}] });
    finish();
    await making;
    // Ready between the look and the lock.
    const [half] = await world.memory.engine.sandboxes.list([]);
    world.memory.before = async (call) => {
      if (!call.startsWith("sandboxes.inspect")) return;
      world.memory.before = () => {};
      await world.memory.engine.sandboxes.rename(half?.id ?? "", name);
    };
    expect((await collect(world)).containers).toMatchObject({ removed: [{ name: dead }], kept: [] });
    expect(await world.containers()).toEqual([`${name} created`]);
    await world.memory.engine.sandboxes.rename(half?.id ?? "", mine);
    expect((await collect(world)).containers).toMatchObject({ removed: [{ name: mine }], kept: [] });
  });

  test("a workspace root that is not there, as on a disk that is not mounted, makes nothing garbage", async () => {
    const world = sandboxWorld();
    (await make(world, alice)).release();
    const { workspaceRoot } = world.gateway;
    renameSync(workspaceRoot, `${workspaceRoot}.away`);
    expect((await collect(world)).containers.removed).toEqual([]);
    renameSync(`${workspaceRoot}.away`, workspaceRoot);
    rmSync(world.folder().dir, { recursive: true });
    expect((await collect(world)).containers.removed).toMatchObject([{ why: "no folder" }]);
  });
});

describe("garbage of skills and images", () => {
  /** Shows a first generation in a scope's mirror, then a second one; gives their ids. */
  async function showTwo(world: SandboxWorld, targetDir: string) {
    const { dir } = world.folder(alice);
    const sourcesDir = join(world.gateway.workspaceRoot, "..", "sources");
    const mirror = {
      ...{ dir, sourcesDir, targetDir },
      recordsDir: join(dir, "records"),
      storeDir: join(world.gateway.workspaceRoot, ".store"),
    };
    const show = async (text: string) => {
      const skill = writeSkill(sourcesDir, "moving", { "text.md": text });
      return (await publishSkills(mirrorRequest(mirror, [skill]))).generation.id;
    };
    const [first, second] = [await show("one"), await show("two")];
    return { first, second, mirror, there: () => readdirSync(join(targetDir, ".generations")).sort() };
  }

  test.each([
    ["none", "workspace/skills"],
    ["rw", "skills"],
  ])("%s: a generation that is not shown goes once nobody holds it", async (_access, path) => {
    const world = sandboxWorld();
    const { first, second, mirror, there } = await showTwo(world, join(world.folder(alice).dir, path));
    const { slug } = world.folder(alice);
    const collect = (over = {}) => collectSandboxGarbage({ ...world.gateway, graceMs: dayMs, ...over });
    // Who began to read before the change may be at it still.
    expect((await collect()).generations).toEqual({ removed: [], kept: [] });
    const nowMs = Date.now() + 2 * hourMs;
    const lease = acquireGeneration(mirror.targetDir, mirror.recordsDir, first);
    expect((await collect({ nowMs })).generations).toEqual({ removed: [], kept: [{ slug, id: first }] });
    lease.release();
    const removed = [{ slug, id: first }];
    expect((await collect({ nowMs, dryRun: true })).generations).toEqual({ removed, kept: [] });
    expect(there()).toEqual([first, second].sort());
    const [usage] = await measureSandboxes(world.gateway);
    expect(usage).toMatchObject({ workspaceBytes: 0, homeBytes: 0 });
    expect(usage?.generationsBytes).toBeGreaterThan(0);
    expect((await collect({ nowMs })).generations).toEqual({ removed, kept: [] });
    expect(there()).toEqual([second]);
    expect(readFileSync(join(mirror.targetDir, "moving", "text.md"), "utf8")).toBe("two");
    expect((await collect({ nowMs })).generations).toEqual({ removed: [], kept: [] });
  });

  test("what stands in a mirror's place is left alone", async () => {
    const world = sandboxWorld();
    const { workspaceDir } = world.folder(alice);
    mkdirSync(join(workspaceDir, "skills", ".generations", "0".repeat(32)), { recursive: true });
    const nowMs = Date.now() + 2 * hourMs;
    const { generations } = await collectSandboxGarbage({ ...world.gateway, graceMs: dayMs, nowMs });
    expect(generations).toEqual({ removed: [], kept: [] });
  });

  test("images: neither configured ones, nor what those stand on, nor a container's, nor others'", async () => {
    const world = sandboxWorld();
    const { memory, gateway } = world;
    const build = async (name: string, tag: string, below: ImagePlan | string, step: string) => {
      const plan = handMadePlan({ name, tag, below, steps: [`RUN ${step}`] });
      await buildImages(memory.engine, [plan], handMadeSettings()).outcomes;
      return plan;
    };
    const base = await build("base", "openclaw-sandbox:1", "debian:test", "base");
    await build("used", "openclaw-sandbox-skills:used", base, "used");
    await build("running", "openclaw-sandbox-skills:running", base, "running");
    await build("idle", "openclaw-sandbox-skills:idle", base, "idle");
    await build("named", "openclaw-sandbox-skills:named", base, "named");
    await build("theirs", "theirs-sandbox-skills:idle", "debian:test", "theirs");
    await build("replaced", "openclaw-sandbox-skills:replaced", base, "replaced");
    for (const [id, image] of memory.images) {
      memory.images.set(id, { ...image, created: new Date(Date.now() - 40 * dayMs).toISOString() });
    }
    const idOf = (tag: string) => memory.tags.get(tag) ?? "";
    // As where a container ran on it while it was built anew.
    memory.tags.delete("openclaw-sandbox-skills:replaced");
    memory.tags.set("my:name", idOf("openclaw-sandbox-skills:named"));
    const running = idOf("openclaw-sandbox-skills:running");
    await memory.engine.sandboxes.create("somebody's", { Image: running, Labels: {} });
    const references = ["openclaw-sandbox-skills:used", "openclaw-sandbox-browser:never-built"];
    const collect = (over = {}) =>
      collectSandboxGarbage({
        ...gateway,
        graceMs: 30 * dayMs,
        configuredImages: { references, aliases: () => [] },
        ...over,
      });
    expect((await collect({ configuredImages: undefined })).images.removed).toEqual([]);
    expect((await collect({ graceMs: 50 * dayMs })).images.removed).toMatchObject([{ tags: [] }]);
    const dry = (await collect({ dryRun: true })).images;
    expect(idOf("openclaw-sandbox-skills:idle")).not.toBe("");
    const { images } = await collect();
    expect(dry).toEqual(images);
    expect(images.removed.map(({ tags }) => tags)).toEqual([["openclaw-sandbox-skills:idle"]]);
    expect(images.kept.map(({ reason }) => reason).sort()).toEqual([
      "a container is made of it",
      "it is also tagged my:name",
      "openclaw-sandbox-skills:used stands on it",
    ]);
    expect([...memory.tags.keys()].filter((tag) => /sandbox/.test(tag)).sort()).toEqual([
      "openclaw-sandbox-skills:named",
      "openclaw-sandbox-skills:running",
      "openclaw-sandbox-skills:used",
      "openclaw-sandbox:1",
      "theirs-sandbox-skills:idle",
    ]);
    expect(await measureSandboxImages(memory.engine)).toContainEqual({
      ...{ id: running, tags: ["openclaw-sandbox-skills:running"], containers: 1 },
      ownBytes: expect.any(Number),
    });
  });
});

test("du: what each takes, the largest first", async () => {
  const world = sandboxWorld();
  used(world, bob, 0);
  const { profileDir } = browserFolder(world.folder(alice));
  mkdirSync(profileDir, { recursive: true });
  writeFileSync(join(profileDir, "Cookies"), Buffer.alloc(7000, 1));
  const usages = await measureSandboxes(world.gateway);
  expect(usages.map(({ scope }) => scope)).toEqual([bob, null]);
  expect(usages[0]).toMatchObject({ containerBytes: 0, browserBytes: 0 });
  const [, { browserBytes = 0, totalBytes = 0 } = {}] = usages;
  expect(browserBytes).toBeGreaterThanOrEqual(7000);
  expect(totalBytes).toBe(browserBytes);
  expect(usages[0]?.workspaceBytes).toBeGreaterThanOrEqual(5000);
  expect(usages[0]?.homeBytes).toBeGreaterThanOrEqual(5000);
});
