import fs, { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { thisProcess } from "../../src/host/process-identity.ts";
import { acquireGeneration } from "../../src/mirror/acquire-generation.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { mirrorRequest, mirrorWorld, writeSkill } from "../support/mirror-world.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A mirror whose skill is changed and published again by `next`. */
async function movingMirror() {
  const world = mirrorWorld(tempFolder());
  const skill = writeSkill(world.sourcesDir, "one", { "data.txt": "0" });
  const request = { ...mirrorRequest(world, [skill]), keepGenerations: 0 };
  let version = 0;
  const next = async () => {
    version += 1;
    writeFileSync(join(skill.dir, "data.txt"), String(version));
    return (await publishSkills(request)).generation.id;
  };
  await publishSkills(request);
  const generations = () => readdirSync(join(world.targetDir, ".generations"));
  return { ...world, next, generations };
}

test("a leased generation stays whole while others come and go, and goes when it is released", async () => {
  const { targetDir, recordsDir, next, generations } = await movingMirror();
  const lease = acquireGeneration(targetDir, recordsDir);
  const ids = [await next(), await next()];
  expect(readFileSync(join(lease.path, "one", "data.txt"), "utf8")).toBe("0");
  expect(readFileSync(join(targetDir, "one", "data.txt"), "utf8")).toBe("2");
  expect(generations().toSorted()).toEqual([lease.generation, ids[1]].toSorted());
  lease.release();
  lease.release();
  const last = await next();
  expect(generations()).toEqual([last]);
  expect(readdirSync(join(targetDir, ".versions"))).toHaveLength(1);
  expect(readdirSync(join(recordsDir, "leases"))).toEqual([]);
});

test("one that is leased between the collector's look and its claim stays", async () => {
  const { targetDir, recordsDir, next } = await movingMirror();
  const { writeFileSync: write } = fs;
  const leases: { readonly path: string; release(): void }[] = [];
  fs.writeFileSync = (...args: Parameters<typeof write>) => {
    const [, old] = /\/leases\/removal\.([0-9a-f]{32})\./.exec(String(args[0])) ?? [];
    if (old !== undefined && leases.length === 0) leases.push(acquireGeneration(targetDir, recordsDir, old));
    write(...args);
  };
  syncBuiltinESMExports();
  try {
    await next();
  } finally {
    fs.writeFileSync = write;
    syncBuiltinESMExports();
  }
  expect(leases).toHaveLength(1);
  for (const { path, release } of leases) {
    expect(readFileSync(join(path, "one", "data.txt"), "utf8")).toBe("0");
    release();
  }
});

test("a process that has ended holds nothing", async () => {
  const { targetDir, recordsDir, next, generations } = await movingMirror();
  const lease = acquireGeneration(targetDir, recordsDir);
  lease.release();
  const { space, startTicks } = thisProcess();
  const dead = `lease.${lease.generation}.${space}.4194305.${startTicks}.000000000000`;
  writeFileSync(join(recordsDir, "leases", dead), "");
  const live = await next();
  expect(generations()).toEqual([live]);
  expect(existsSync(join(recordsDir, "leases", dead))).toBe(false);
});

test("what is not there cannot be leased, whatever it is called", async () => {
  const { targetDir, recordsDir, next } = await movingMirror();
  const first = acquireGeneration(targetDir, recordsDir);
  first.release();
  await next();
  for (const id of [first.generation, "f".repeat(32), "../../x", ""]) {
    expect(() => acquireGeneration(targetDir, recordsDir, id)).toThrow(
      expect.objectContaining({ code: "MIRROR_GENERATION_MISSING" }),
    );
  }
  expect(() => acquireGeneration(join(targetDir, "nothing"), recordsDir)).toThrow(
    expect.objectContaining({ code: "MIRROR_GENERATION_MISSING" }),
  );
  expect(readdirSync(join(recordsDir, "leases"))).toEqual([]);
});

test("as many old generations stay as were asked for", async () => {
  const { targetDir, recordsDir, next, generations, ...world } = await movingMirror();
  await next();
  expect(generations()).toHaveLength(1);
  const skill = { name: "one", dir: join(world.sourcesDir, "one"), source: "workspace" } as const;
  for (const text of ["a", "b", "c", "d"]) {
    writeFileSync(join(skill.dir, "data.txt"), text);
    await publishSkills({
      ...mirrorRequest({ ...world, targetDir, recordsDir }, [skill]),
      keepGenerations: 2,
    });
  }
  expect(generations()).toHaveLength(3);
});
