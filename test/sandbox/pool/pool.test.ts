import { existsSync, lstatSync, readdirSync, readlinkSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { containerLabels } from "../../../src/sandbox/container/container-plan.ts";
import { collectSandboxGarbage } from "../../../src/sandbox/life/collect-sandbox-garbage.ts";
import { findSandbox } from "../../../src/sandbox/life/find-sandbox.ts";
import { listSandboxes } from "../../../src/sandbox/life/list-sandboxes.ts";
import { pruneSandboxes } from "../../../src/sandbox/life/prune-sandboxes.ts";
import { claimEntry } from "../../../src/sandbox/pool/claim-entry.ts";
import { findPoolClaim, writePoolClaim } from "../../../src/sandbox/pool/pool-claim.ts";
import {
  announceEntry,
  listWaiting,
  poolDir,
  poolFolder,
  poolScope,
} from "../../../src/sandbox/pool/pool-entry.ts";
import { scopeFolder } from "../../../src/sandbox/scope-folder.ts";
import { alice, type SandboxWorld, sandboxWorld } from "../../support/sandbox-world.ts";

const id = "1".repeat(32);
const key = "a".repeat(64);
const dayMs = 24 * 60 * 60 * 1000;
/** What is younger may have a container that was not listed yet. */
const tickMs = 50;
/** Of a process that nobody finds any more. */
const deadRun = "0123456789abcdef.0123456789abcdef.1.1.1";

/** A container of the pool, ready unless said otherwise; gives its plan. */
async function prepare(world: SandboxWorld, { ready = true } = {}) {
  const plan = world.plan({}, { scope: poolScope(id), pool: id, agentId: "main" });
  const folder = world.folder(poolScope(id));
  const { release } = await world.ensure(plan, { recordsDir: folder.recordsDir });
  // The world makes a folder for who is not meant, too.
  rmSync(scopeFolder(world.gateway.workspaceRoot, alice).dir, { recursive: true, force: true });
  if (ready) announceEntry(world.gateway.workspaceRoot, { key, id });
  return { plan, folder, release };
}

/** A world with an entry that waits for a session. */
async function readyWorld() {
  const world = sandboxWorld();
  const { plan, folder, release } = await prepare(world);
  release();
  return { world, root: world.gateway.workspaceRoot, plan, folder };
}

/** Claims it for Alice; gives the folder of her session. */
function claimForAlice(root: string) {
  const folder = scopeFolder(root, alice);
  expect(claimEntry(root, folder, key)).toBe(true);
  return folder;
}

async function removeContainer({ gateway, memory }: SandboxWorld): Promise<void> {
  const [found] = await listSandboxes(gateway);
  await memory.engine.containers.remove(found?.id ?? "");
}

/** As a session would have it that has claimed the entry. */
async function ensureClaimed(world: SandboxWorld, waitingName: string) {
  const root = world.gateway.workspaceRoot;
  const folder = scopeFolder(root, alice);
  const claim = findPoolClaim(root, folder);
  if (claim === null) throw new Error("not claimed");
  const plan = world.plan();
  const made = world.plan({}, { scope: poolScope(id), pool: id, agentId: "main" });
  const pooled = { id, waitingName, plan: { ...made, name: plan.name } };
  return world.ensure(plan, { pooled, recordsDir: folder.recordsDir });
}

describe("an entry of the pool", () => {
  test("is one scope's, whoever else wants it: its folder is moved, and its name leads there", async () => {
    const { world, root, plan } = await readyWorld();
    const claims = ["alice", "bob"].map((who) =>
      claimEntry(root, scopeFolder(root, { kind: "session", key: `agent:main:dm:${who}` }), key),
    );
    expect(claims).toEqual([true, false]);
    expect(listWaiting(root)).toEqual([]);
    const { slug } = scopeFolder(root, { kind: "session", key: "agent:main:dm:alice" });
    expect(readlinkSync(poolFolder(root, id).dir)).toBe(slug);
    expect(await listSandboxes(world.gateway)).toMatchObject([
      { name: plan.name, pool: "claimed", scope: { key: "agent:main:dm:alice" } },
    ]);
    expect(await findSandbox(world.gateway, "agent:main:dm:alice")).toHaveLength(1);
  });

  test("of other settings is nobody's; nor is one given to a scope that has a folder", async () => {
    const { world, root } = await readyWorld();
    const folder = scopeFolder(root, alice);
    expect(claimEntry(root, folder, "b".repeat(64))).toBe(false);
    world.folder(alice);
    expect(claimEntry(root, folder, key)).toBe(false);
    expect(await listSandboxes(world.gateway)).toMatchObject([{ pool: "waiting" }]);
  });

  test("has its container renamed, compared with what it was made from, and reused from then on", async () => {
    const { world, root, plan } = await readyWorld();
    claimForAlice(root);
    const claimed = await ensureClaimed(world, plan.name);
    expect(claimed).toMatchObject({ action: "claimed", outdated: [] });
    expect(await world.containers()).toEqual([`${world.plan().name} running`]);
    claimed.release();
    expect(await ensureClaimed(world, plan.name)).toMatchObject({ id: claimed.id, action: "reused" });
  });

  test("whose claim is lost while it is in use is given to nobody; then it is made anew", async () => {
    const { world, root, plan } = await readyWorld();
    const folder = claimForAlice(root);
    const claimed = await ensureClaimed(world, plan.name);
    rmSync(join(folder.recordsDir, "pool-claim.json"));
    await expect(world.ensure(world.plan())).rejects.toMatchObject({ code: "CONTAINER_NAME_TAKEN" });
    claimed.release();
    expect(await world.ensure(world.plan())).toMatchObject({
      action: "recreated",
      outdated: [{ kind: "plan" }],
    });
  });

  test("whose container is gone costs the session nothing but time", async () => {
    const { world, root, plan } = await readyWorld();
    await removeContainer(world);
    claimForAlice(root);
    const made = await ensureClaimed(world, plan.name);
    expect(made).toMatchObject({ action: "created" });
    expect(made.plan.body.Labels[containerLabels.pool]).toBeUndefined();
  });

  test("that waits too long is pruned by its own settings", async () => {
    const { world } = await readyWorld();
    const later = { ...world.gateway, nowMs: Date.now() + 30 * dayMs };
    expect((await pruneSandboxes(later)).removed).toMatchObject([{ pool: "waiting" }]);
  });
});

describe("killed", () => {
  const collect = (world: SandboxWorld) => collectSandboxGarbage({ ...world.gateway, graceMs: dayMs });

  test("while it was prepared: nobody claims it, and gc removes it, folder and all; not while its maker lives", async () => {
    const world = sandboxWorld();
    const { folder, release } = await prepare(world, { ready: false });
    const root = world.gateway.workspaceRoot;
    expect(claimEntry(root, scopeFolder(root, alice), key)).toBe(false);
    expect((await collect(world)).containers.removed).toEqual([]);
    release();
    expect((await collect(world)).containers.removed).toMatchObject([{ why: "half-made", pool: "making" }]);
    expect(existsSync(folder.dir)).toBe(false);
  });

  test("between the claim and the move: nobody has it, and gc removes it", async () => {
    const { world, root, folder } = await readyWorld();
    writePoolClaim(folder.recordsDir, id, alice);
    const path = join(folder.recordsDir, "pool-claim.json");
    expect((await collect(world)).containers.removed).toEqual([]);
    const claim = { format: "skillcrate/pool-claim@1", id, ...alice, run: deadRun };
    writeFileSync(path, JSON.stringify(claim));
    expect(claimEntry(root, scopeFolder(root, alice), key)).toBe(false);
    expect((await collect(world)).containers.removed).toMatchObject([{ why: "no claim", pool: "lost" }]);
    expect(existsSync(folder.dir)).toBe(false);
    expect(await world.containers()).toEqual([]);
  });

  test("between the move and the link, or before the container has its name: the next use goes on there", async () => {
    const { world, root, plan } = await readyWorld();
    claimForAlice(root);
    unlinkSync(poolFolder(root, id).dir);
    const claimed = await ensureClaimed(world, plan.name);
    expect(claimed.action).toBe("claimed");
    expect(lstatSync(poolFolder(root, id).dir).isSymbolicLink()).toBe(true);
    expect((await collect(world)).containers.removed).toEqual([]);
  });

  test("once it was claimed: what is left without its container goes, and the session's folder stays", async () => {
    const { world, root } = await readyWorld();
    const folder = claimForAlice(root);
    await removeContainer(world);
    await delay(tickMs);
    await collect(world);
    expect(lstatSync(poolFolder(root, id).dir, { throwIfNoEntry: false })).toBeUndefined();
    expect(existsSync(folder.recordsDir)).toBe(true);
  });

  test("a container of the pool whose claim is lost is nobody's", async () => {
    const { world, root } = await readyWorld();
    const folder = claimForAlice(root);
    rmSync(join(folder.recordsDir, "pool-claim.json"));
    expect((await collect(world)).containers.removed).toMatchObject([{ why: "no claim", pool: "lost" }]);
    expect(existsSync(folder.recordsDir)).toBe(true);
  });

  test("an entry that is ready and has no container is withdrawn, with its folder", async () => {
    const { world, root, folder } = await readyWorld();
    await removeContainer(world);
    await delay(tickMs);
    await collect(world);
    expect(existsSync(folder.dir)).toBe(false);
    expect(readdirSync(poolDir(root))).toEqual([]);
  });
});
