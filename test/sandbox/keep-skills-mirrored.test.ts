import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type KeptSkillsEvent, keepSkillsMirrored } from "../../src/sandbox/keep-skills-mirrored.ts";
import type { MirrorSkillsRequest } from "../../src/sandbox/mirror-skills-request.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { type GatewayGround, gatewayGround, writeSkill } from "../support/gateway-ground.ts";
import { tempFolder } from "../support/temp-folder.ts";

const user = { uid: process.geteuid?.() ?? 1000, gid: process.getegid?.() ?? 1000 };

function requestFor(
  { ground, workspaceRoot }: GatewayGround,
  key = "main",
  parts: Partial<MirrorSkillsRequest> = {},
): MirrorSkillsRequest {
  return {
    scope: { kind: "session", key },
    workspaceRoot,
    workspaceAccess: "none",
    sources: ground,
    choice: { names: null, facts: null },
    sandboxUser: user,
    ...parts,
  };
}

type SkillsEvent = Extract<KeptSkillsEvent, { kind: "skills" }>;

function keep(options: { readonly signal?: AbortSignal } = {}) {
  const events: KeptSkillsEvent[] = [];
  let wake = () => {};
  const keeper = keepSkillsMirrored({
    quietMs: 40,
    ...options,
    onEvent: (event) => {
      events.push(event);
      wake();
    },
  });
  onTestFinished(() => keeper.close());
  /** The first `count` events, as soon as there are so many. */
  const first = async (count: number): Promise<readonly KeptSkillsEvent[]> => {
    while (events.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return events.slice(0, count);
  };
  return { keeper, events, first };
}

const settle = () => delay(25);

function seenFile(gateway: GatewayGround, key: string, path: string): string {
  const { workspaceDir } = scopeFolder(gateway.workspaceRoot, { kind: "session", key });
  return join(workspaceDir, "skills", path);
}

test("a change is mirrored when it happens, and told with what it was", async () => {
  const gateway = gatewayGround(tempFolder());
  for (const name of ["goes", "moves", "stays"]) writeSkill(gateway.folders.managed, name);
  await settle();
  const { keeper, first } = keep();
  const before = await keeper.mirror(requestFor(gateway));
  writeSkill(gateway.folders.bundled, "comes");
  rmSync(join(gateway.folders.managed, "goes"), { recursive: true });
  writeFileSync(join(gateway.folders.managed, "moves/scripts/run.sh"), "#!/bin/sh\necho new\n");
  const [event] = await first(1);
  expect(event).toMatchObject({
    kind: "skills",
    scope: { kind: "session", key: "main" },
    added: ["comes"],
    removed: ["goes"],
    changed: ["moves"],
  });
  const { generation, mirrored } = event as SkillsEvent;
  expect(generation.id).not.toBe(before.generation.id);
  expect(mirrored.skills.map(({ name }) => name)).toEqual(["comes", "moves", "stays"]);
  expect(readFileSync(seenFile(gateway, "main", "moves/scripts/run.sh"), "utf8")).toContain("echo new");
  expect(await keeper.mirror(requestFor(gateway))).toMatchObject({ generation, changed: false });
});

test("between changes a call does not look at the disk", async () => {
  const gateway = gatewayGround(tempFolder());
  writeSkill(gateway.folders.managed, "one");
  const { keeper } = keep();
  const before = await keeper.mirror(requestFor(gateway));
  expect(before.changed).toBe(true);
  // Whoever looked now would find nothing, and could make nothing.
  renameSync(gateway.workspaceRoot, `${gateway.workspaceRoot}.away`);
  writeFileSync(gateway.workspaceRoot, "");
  const again = await keeper.mirror(requestFor(gateway));
  expect(again).toEqual({ ...before, changed: false, copied: { files: 0, bytes: 0 } });
});

test("a call that asks for something else is answered with that, and the new sources are watched", async () => {
  const gateway = gatewayGround(tempFolder());
  writeSkill(gateway.folders.managed, "one");
  writeSkill(gateway.folders.managed, "two");
  const { keeper, first } = keep();
  expect((await keeper.mirror(requestFor(gateway))).skills).toHaveLength(2);
  const choice = { names: ["two"], facts: null };
  expect((await keeper.mirror(requestFor(gateway, "main", { choice }))).skills).toHaveLength(1);
  const other = join(gateway.ground.homeDir, "more");
  const sources = { ...gateway.ground, config: { skills: { load: { extraDirs: [other] } } } };
  await keeper.mirror(requestFor(gateway, "main", { sources }));
  mkdirSync(other);
  writeSkill(other, "three");
  const events = await first(3);
  expect(events.at(-1)).toMatchObject({ added: ["three"], removed: [], changed: [] });
});

test("many scopes are told of one change, each once; one that left is not", async () => {
  const gateway = gatewayGround(tempFolder());
  writeSkill(gateway.folders.managed, "one");
  await settle();
  const { keeper, first, events } = keep();
  const keys = Array.from({ length: 8 }, (_, index) => `user:${index}`);
  const mirrored = await Promise.all(keys.map((key) => keeper.mirror(requestFor(gateway, key))));
  expect(new Set(mirrored.map(({ generation }) => generation.id)).size).toBe(1);
  await keeper.unregister(gateway.workspaceRoot, { kind: "session", key: "user:5" });
  writeFileSync(join(gateway.folders.managed, "one/new.txt"), "new");
  await first(7);
  await delay(150);
  const told = events.map((event) => (event as SkillsEvent).scope.key);
  expect(new Set(told)).toEqual(new Set(keys.filter((key) => key !== "user:5")));
  expect(told).toHaveLength(7);
  expect(readFileSync(seenFile(gateway, "user:6", "one/new.txt"), "utf8")).toBe("new");
  expect(() => readFileSync(seenFile(gateway, "user:5", "one/new.txt"))).toThrow("ENOENT");
});

test("rw: a skill in the agent's own workspace is told although nothing of it is copied", async () => {
  const gateway = gatewayGround(tempFolder());
  writeSkill(gateway.folders.managed, "one");
  await settle();
  const { keeper, first } = keep();
  const before = await keeper.mirror(requestFor(gateway, "main", { workspaceAccess: "rw" }));
  writeSkill(gateway.folders.workspace, "mine");
  const [event] = await first(1);
  expect(event).toMatchObject({ added: ["mine"], removed: [], changed: [], generation: before.generation });
});

test("what cannot be mirrored is told; the old stays, and the next call tries again", async () => {
  const gateway = gatewayGround(tempFolder());
  writeSkill(gateway.folders.managed, "one");
  await settle();
  const { keeper, first } = keep();
  await keeper.mirror(requestFor(gateway));
  const skills = seenFile(gateway, "main", "");
  renameSync(skills, `${gateway.workspaceRoot}/away`);
  writeFileSync(skills.replace(/\/$/, ""), "in the way");
  writeFileSync(join(gateway.folders.managed, "one/new.txt"), "new");
  const [event] = await first(1);
  expect(event).toMatchObject({ kind: "failed", error: { code: "MIRROR_TARGET_FOREIGN" } });
  await expect(keeper.mirror(requestFor(gateway))).rejects.toMatchObject({ code: "MIRROR_TARGET_FOREIGN" });
  rmSync(skills.replace(/\/$/, ""));
  renameSync(`${gateway.workspaceRoot}/away`, skills);
  await keeper.mirror(requestFor(gateway));
  expect(readFileSync(seenFile(gateway, "main", "one/new.txt"), "utf8")).toBe("new");
});

test("a signal ends it: one call's that call, the keeper's everything", async () => {
  const gateway = gatewayGround(tempFolder());
  writeSkill(gateway.folders.managed, "one");
  const stop = new AbortController();
  const { keeper, events } = keep({ signal: stop.signal });
  const cancelled = { ...requestFor(gateway), signal: AbortSignal.abort() };
  await expect(keeper.mirror(cancelled)).rejects.toMatchObject({ code: "CANCELLED" });
  expect((await keeper.mirror(requestFor(gateway))).skills).toHaveLength(1);
  stop.abort();
  await expect(keeper.mirror(requestFor(gateway))).rejects.toMatchObject({ code: "CANCELLED" });
  writeSkill(gateway.folders.managed, "two");
  await keeper.close();
  await delay(100);
  expect(events).toEqual([]);
});
