import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { countingListener, watchEvents } from "../support/watch-events.ts";

function makeSkills(...names: readonly string[]): string {
  const dir = tempFolder();
  for (const name of names) {
    mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, name, "SKILL.md"), "first");
  }
  return dir;
}

describe("the system's limits", () => {
  test("are told with the way out, once for all roots, and listening begins again by itself", async () => {
    const dir = makeSkills("mine/one", "yours/two");
    const counting = countingListener();
    counting.allow(false);
    const roots = ["mine", "yours"].map((name) => join(dir, name));
    const { next, skillsUntil, events } = await watchEvents(roots, { pollIntervalMs: 20 }, counting.listenTo);
    const { diagnostic, roots: polled } = await next("polling");
    expect(polled.map(({ path }) => path)).toEqual(roots);
    expect(diagnostic).toMatchObject({ code: "WATCH_LIMIT", severity: "warning" });
    expect(diagnostic.message).toContain("ENOSPC");
    expect(diagnostic.hint).toContain("sysctl fs.inotify.max_user_watches=");
    writeFileSync(join(dir, "mine/one/SKILL.md"), "second");
    await skillsUntil(join(dir, "mine/one"));
    expect(counting.open.size).toBe(0);

    counting.allow(true);
    const heard = new Set<string>();
    while (heard.size < 2) for (const { path } of (await next("listening")).roots) heard.add(path);
    expect(events.filter(({ kind }) => kind === "polling")).toHaveLength(1);
    writeFileSync(join(dir, "yours/two/SKILL.md"), "second");
    await skillsUntil(join(dir, "yours/two"));
  });

  test("too many folders: told once, and those that are watched are", async () => {
    const dir = makeSkills("a", "b", "c", "d");
    const { next } = await watchEvents([dir], { maxFolders: 3 });
    expect((await next("incomplete")).diagnostic).toMatchObject({
      code: "WATCH_FOLDER_LIMIT",
      message: "More than 3 folders are to be watched; changes in the rest are not seen.",
    });
    for (const name of ["a", "b", "c", "d"]) writeFileSync(join(dir, name, "x"), "x");
    expect((await next("changed")).skills).toHaveLength(2);
  });

  test("nobody can hold up the process by writing: an ear that hears a flood is closed until the next look", async () => {
    const dir = makeSkills("one");
    const counting = countingListener();
    const { skillsUntil } = await watchEvents([dir], {}, counting.listenTo);
    const before = counting.open.size;
    const flooded = counting.onEvents.at(-1);
    for (let event = 0; event < 1_001; event += 1) flooded?.("SKILL.md");
    expect(counting.open.size).toBe(before - 1);
    await skillsUntil(join(dir, "one"));
    expect(counting.open.size).toBe(before);
    writeFileSync(join(dir, "one/x"), "x");
    await skillsUntil(join(dir, "one"));
  });
});

describe("lifetime", () => {
  test("a root that two asked for is watched until both have left; then nothing listens any more", async () => {
    const dir = makeSkills("one");
    const counting = countingListener();
    const { watcher, skillsUntil } = await watchEvents([dir, dir], {}, counting.listenTo);
    await watcher.remove({ path: dir });
    writeFileSync(join(dir, "one/x"), "x");
    await skillsUntil(join(dir, "one"));
    await watcher.remove({ path: dir });
    expect(counting.open.size).toBe(0);
    await watcher.remove({ path: dir });
    await watcher.add({ path: dir });
    writeFileSync(join(dir, "one/x"), "y");
    await skillsUntil(join(dir, "one"));
  });

  test("a signal closes: nothing listens, nothing is told, nothing can be added", async () => {
    const dir = makeSkills("one");
    const counting = countingListener();
    const stop = new AbortController();
    const { watcher, events } = await watchEvents([dir], { signal: stop.signal }, counting.listenTo);
    writeFileSync(join(dir, "one/x"), "x");
    stop.abort();
    await watcher.close();
    expect(counting.open.size).toBe(0);
    await expect(watcher.add({ path: dir })).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(watchEvents([], { signal: stop.signal })).rejects.toBeInstanceOf(SkillcrateError);
    expect(events).toEqual([]);
  });
});

describe("in a process of its own", () => {
  let bundle: string;

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), "skillcrate-watch-"));
    chmodSync(dir, 0o755);
    bundle = await bundleSource(["mirror/watch-skill-sources.ts"], dir);
    return () => rmSync(dir, { recursive: true, force: true });
  });

  /** Prints each event as a line of JSON. */
  function program(dir: string, options: object): string {
    return `import { watchSkillSources } from ${JSON.stringify(bundle)};
      const onEvent = (event) => console.log(JSON.stringify(event));
      const watcher = watchSkillSources({ quietMs: 60, pollIntervalMs: 40, ...${JSON.stringify(options)}, onEvent });
      await watcher.add({ path: ${JSON.stringify(dir)} });
      console.log("{}");`;
  }

  function start(command: string, args: readonly string[], user: { uid?: number; gid?: number } = {}) {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...user });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, next: async () => JSON.parse((await lines.next()).value ?? "null") };
  }

  const eval_ = ["--input-type=module", "-e"];

  test("the watcher keeps it alive only if asked", async () => {
    const dir = makeSkills("one");
    const { child } = start(process.execPath, [...eval_, program(dir, {})]);
    expect(await once(child, "exit")).toEqual([0, null]);
    const polling = start(process.execPath, [...eval_, program(join(dir, "missing"), {})]);
    expect(await once(polling.child, "exit")).toEqual([0, null]);

    const kept = start(process.execPath, [...eval_, program(dir, { keepProcessAlive: true })]);
    expect(await kept.next()).toEqual({});
    writeFileSync(join(dir, "one/x"), "x");
    expect(await kept.next()).toMatchObject({ kind: "changed", skills: [join(dir, "one")] });
  });

  const isRoot = process.geteuid?.() === 0;
  if (!isRoot) console.info("Left out: a way that the watcher's user may not list; it takes root.");

  test.runIf(isRoot)("a way to a root that its user may not list is gone again and again", async () => {
    const dir = makeSkills();
    chmodSync(dir, 0o755);
    mkdirSync(join(dir, "closed"), { mode: 0o711 });
    const root = join(dir, "closed/skills");
    const node = [...eval_, program(root, { keepProcessAlive: true })];
    const { next } = start(process.execPath, node, { uid: 1000, gid: 1000 });
    expect(await next()).toEqual({});
    mkdirSync(join(root, "one"), { recursive: true });
    writeFileSync(join(root, "one/SKILL.md"), "x");
    expect(await next()).toMatchObject({ kind: "changed", skills: [join(root, "one")] });
  });

  const userNamespaces = mayMakeUserNamespace();
  if (!userNamespaces)
    console.info("Left out: the system's real limits of watches; it takes user namespaces.");

  test.runIf(userNamespaces).each([
    ["max_inotify_watches", 5, "ENOSPC", "fs.inotify.max_user_watches"],
    ["max_inotify_instances", 0, "EMFILE", "fs.inotify.max_user_instances"],
  ])("the real limit user.%s = %i", async (limit, value, errno, setting) => {
    const dir = makeSkills("one", "two", "three", "four", "five", "six");
    const set = `echo ${value} > /proc/sys/user/${limit}; exec "$@"`;
    const node = [process.execPath, ...eval_, program(dir, { keepProcessAlive: true })];
    const { next } = start("unshare", ["--user", "--map-root-user", "sh", "-c", set, "sh", ...node]);
    expect(await next()).toEqual({});
    const { kind, diagnostic } = await next();
    expect(kind).toBe("polling");
    expect(diagnostic.message).toContain(errno);
    expect(diagnostic.hint).toContain(`sudo sysctl ${setting}=`);
    writeFileSync(join(dir, "six/x"), "x");
    const { skills } = await next();
    expect(skills).toContain(join(dir, "six"));
  });
});

function mayMakeUserNamespace(): boolean {
  const script = "echo 5 > /proc/sys/user/max_inotify_watches";
  try {
    execFileSync("unshare", ["--user", "--map-root-user", "sh", "-c", script], { stdio: "ignore" });
    return true;
  } catch {
    // No such program, or no such permission, here.
    return false;
  }
}
