import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type ListenToFolder, listenToFolder } from "../../src/mirror/watch-folder.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { countingListener, listenToNothing, watchEvents } from "../support/watch-events.ts";

/** Older than a tick of the disk's clock. */
async function settledFolder(...files: readonly string[]): Promise<string> {
  const dir = tempFolder();
  for (const file of files) write(join(dir, file), "first");
  await delay(40);
  return dir;
}

function write(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

describe.each<[string, ListenToFolder]>([
  ["listening", listenToFolder],
  ["polling", listenToNothing],
])("%s", (_, listenTo) => {
  const files = ["one/SKILL.md", "one/scripts/run.sh", "two/SKILL.md", "group/three/SKILL.md"] as const;

  test.each<[string, string, (dir: string) => void]>([
    ["SKILL.md is written", "one", (dir) => write(join(dir, "one/SKILL.md"), "second")],
    ["a supporting file is written", "one", (dir) => write(join(dir, "one/scripts/run.sh"), "second")],
    [
      "an edit of the same size with its time set back",
      "one",
      (dir) => {
        write(join(dir, "one/scripts/run.sh"), "other");
        utimesSync(join(dir, "one/scripts/run.sh"), 1_000, 1_000);
      },
    ],
    ["a file is made executable", "one", (dir) => chmodSync(join(dir, "one/scripts/run.sh"), 0o755)],
    ["a folder's mode", "one", (dir) => chmodSync(join(dir, "one/scripts"), 0o700)],
    ["a hidden file in a skill", "one", (dir) => write(join(dir, "one/.config/x"), "x")],
    ["a file is removed", "one", (dir) => unlinkSync(join(dir, "one/scripts/run.sh"))],
    ["a link is pointed elsewhere", "one", (dir) => symlinkSync("SKILL.md", join(dir, "one/link"))],
    [
      "an editor that saves by rename",
      "two",
      (dir) => {
        write(join(dir, "two/.SKILL.md.swp"), "second");
        renameSync(join(dir, "two/.SKILL.md.swp"), join(dir, "two/SKILL.md"));
      },
    ],
    [
      "a skill is removed and another moved in its place",
      "one",
      (dir) => {
        write(join(dir, ".new/SKILL.md"), "first");
        rmSync(join(dir, "one"), { recursive: true });
        renameSync(join(dir, ".new"), join(dir, "one"));
      },
    ],
    ["a skill is renamed away", "two", (dir) => renameSync(join(dir, "two"), join(dir, ".two"))],
    ["a skill is made in a new folder", "a/b/new", (dir) => write(join(dir, "a/b/new/SKILL.md"), "x")],
    ["a skill in a group", "group/three", (dir) => write(join(dir, "group/three/x/y/z"), "x")],
    ["a folder becomes a skill", "group", (dir) => write(join(dir, "group/SKILL.md"), "x")],
    ["a skill is none any more", "two", (dir) => unlinkSync(join(dir, "two/SKILL.md"))],
  ])("%s", async (_name, skill, change) => {
    const dir = await settledFolder(...files);
    const { next } = await watchEvents([dir], {}, listenTo);
    change(dir);
    const event = await next("changed");
    expect(event.roots).toEqual([{ path: dir }]);
    expect(event.skills).toContain(join(dir, skill));
    expect(event.skills).not.toContain(join(dir, skill === "one" ? "two" : "one"));
  });

  test("a root that is not there yet, comes, goes and comes back", async () => {
    const dir = await settledFolder();
    const root = join(dir, "state/skills");
    const { skillsUntil } = await watchEvents([root], {}, listenTo);
    for (const text of ["first", "second"]) {
      write(join(root, "one/SKILL.md"), text);
      await skillsUntil(join(root, "one"));
      write(join(root, "one/deep/down/x"), text);
      await skillsUntil(join(root, "one"));
      rmSync(join(dir, "state"), { recursive: true });
      await skillsUntil(join(root, "one"));
    }
  });

  test("the whole root, or a folder above it, is exchanged", async () => {
    const dir = await settledFolder("app/skills/one/SKILL.md", "next/skills/two/SKILL.md");
    const root = join(dir, "app/skills");
    const { skillsUntil } = await watchEvents([root], {}, listenTo);
    renameSync(join(dir, "app"), join(dir, "last"));
    renameSync(join(dir, "next"), join(dir, "app"));
    await skillsUntil(join(root, "one"), join(root, "two"));
    write(join(root, "two/x"), "heard in the new one");
    expect(await skillsUntil(join(root, "two"))).toEqual(new Set([join(root, "two")]));
  });

  test("a skill is exchanged by renames: what is in the new one is watched too", async () => {
    const dir = await settledFolder(
      "skills/one/scripts/x",
      "skills/one/SKILL.md",
      "new/scripts/x",
      "new/SKILL.md",
    );
    const { skillsUntil } = await watchEvents([join(dir, "skills")], {}, listenTo);
    renameSync(join(dir, "skills/one"), join(dir, "old"));
    renameSync(join(dir, "new"), join(dir, "skills/one"));
    await skillsUntil(join(dir, "skills/one"));
    write(join(dir, "skills/one/scripts/x"), "second");
    await skillsUntil(join(dir, "skills/one"));
  });

  test("a folder on the way to a root that is not there is exchanged for one just as empty", async () => {
    const dir = await settledFolder("state/x", "new/x");
    const { skillsUntil } = await watchEvents([join(dir, "state/skills")], {}, listenTo);
    renameSync(join(dir, "state"), join(dir, "old"));
    renameSync(join(dir, "new"), join(dir, "state"));
    await delay(100);
    write(join(dir, "state/skills/one/SKILL.md"), "x");
    await skillsUntil(join(dir, "state/skills/one"));
  });

  test("a link on the way to a root is pointed elsewhere", async () => {
    const dir = await settledFolder("v1/skills/one/SKILL.md", "v2/skills/one/SKILL.md");
    symlinkSync("v1", join(dir, "current"));
    const { skillsUntil } = await watchEvents([join(dir, "current/skills")], {}, listenTo);
    symlinkSync("v2", join(dir, "current.new"));
    renameSync(join(dir, "current.new"), join(dir, "current"));
    await skillsUntil(join(dir, "v1/skills/one"), join(dir, "v2/skills/one"));
    write(join(dir, "v2/skills/one/x"), "x");
    await skillsUntil(join(dir, "v2/skills/one"));
  });

  test("nothing is heard through links, nor from what no mirror holds", async () => {
    const dir = await settledFolder(
      "skills/one/SKILL.md",
      "skills/one/.git/HEAD",
      "skills/one/node_modules/x/y",
      "skills/.hidden/SKILL.md",
      "outside/two/SKILL.md",
    );
    symlinkSync("../outside", join(dir, "skills/link"));
    symlinkSync("../../outside", join(dir, "skills/one/link"));
    await delay(40);
    const { next, events } = await watchEvents([join(dir, "skills")], {}, listenTo);
    write(join(dir, "outside/two/SKILL.md"), "second");
    write(join(dir, "skills/one/.git/objects/x"), "second");
    write(join(dir, "skills/one/node_modules/x/y"), "second");
    write(join(dir, "skills/.hidden/SKILL.md"), "second");
    await delay(150);
    expect(events.filter(({ kind }) => kind === "changed")).toEqual([]);
    write(join(dir, "skills/one/x"), "x");
    expect((await next("changed")).skills).toEqual([join(dir, "skills/one")]);
  });

  test("below a workspace no link is followed, whenever it came", async () => {
    const dir = await settledFolder("workspace/skills/one/SKILL.md", "outside/two/SKILL.md");
    const skills = join(dir, "workspace/skills");
    const root = { path: join(dir, "workspace"), below: ["skills"] };
    const { next, skillsUntil, events } = await watchEvents([root], {}, listenTo);
    renameSync(skills, `${skills}.mine`);
    symlinkSync("../outside", skills);
    await skillsUntil(join(skills, "one"));
    const before = events.length;
    write(join(dir, "outside/two/x"), "x");
    await delay(150);
    expect(events.slice(before)).toEqual([]);
    unlinkSync(skills);
    renameSync(`${skills}.mine`, skills);
    expect(await next("changed")).toMatchObject({ roots: [root], skills: [join(skills, "one")] });
  });

  test("after a storm of changes every folder is still watched", async () => {
    const dir = await settledFolder();
    const root = join(dir, "skills");
    const counting = countingListener(listenTo);
    const { watcher, skillsUntil } = await watchEvents([root], {}, counting.listenTo);
    const names = ["a", "b", "c"] as const;
    let seed = 7;
    const pick = <Item>(items: readonly Item[]): Item => {
      seed = (seed * 48_271) % 2_147_483_647;
      return items[seed % items.length] as Item;
    };
    for (let step = 0; step < 300; step += 1) {
      const path = join(root, pick(names), pick([".", "x", "x/y"]));
      const other = join(root, pick(names));
      const kind = pick(["write", "write", "remove", "exchange"]);
      if (kind === "write") write(join(path, pick(["SKILL.md", "file"])), `${step}`);
      if (kind === "remove") rmSync(path, { recursive: true, force: true });
      if (kind === "exchange") {
        mkdirSync(other, { recursive: true });
        renameSync(other, `${root}/.moved`);
        rmSync(path, { recursive: true, force: true });
        mkdirSync(join(path, ".."), { recursive: true });
        renameSync(`${root}/.moved`, path);
      }
      if (step % 20 === 0) await delay(5);
    }
    for (const name of names) write(join(root, name, "SKILL.md"), "last");
    for (const name of names) write(join(root, name, "x/y/file"), "last");
    await delay(300);
    for (const name of names) {
      write(join(root, name, "x/y/file"), "after");
      await skillsUntil(join(root, name));
    }
    await watcher.remove({ path: root });
    expect(counting.open.size).toBe(0);
  });
});

describe("collecting", () => {
  test("many changes in several roots are one event", async () => {
    const dir = await settledFolder("mine/one/SKILL.md", "mine/two/SKILL.md", "yours/three/SKILL.md");
    const roots = [join(dir, "mine"), join(dir, "yours")];
    const { next, events } = await watchEvents(roots, { quietMs: 400, maxWaitMs: 20_000 });
    for (let round = 0; round < 10; round += 1) {
      for (const skill of ["mine/two", "yours/three"]) write(join(dir, skill, `file${round}`), "x");
      await delay(10);
    }
    const { roots: changed, skills } = await next("changed");
    expect(changed.map(({ path }) => path)).toEqual(roots);
    expect(skills).toEqual([join(dir, "mine/two"), join(dir, "yours/three")]);
    expect(events).toHaveLength(1);
  });

  test("writing without end is told all the same", async () => {
    const dir = await settledFolder("one/SKILL.md");
    const { next } = await watchEvents([dir], { quietMs: 10_000, maxWaitMs: 100 });
    const writing = setInterval(() => write(join(dir, "one/log"), "x"), 5);
    await next("changed");
    await next("changed");
    clearInterval(writing);
  });

  test("a new tree is listened to before the change that brought it is told", async () => {
    const dir = await settledFolder();
    const { next } = await watchEvents([dir], { quietMs: 400, maxWaitMs: 20_000 });
    write(join(dir, "new/SKILL.md"), "x");
    await delay(200);
    write(join(dir, "new/a/b/c/d"), "while the first is still being collected");
    expect((await next("changed")).skills).toEqual([join(dir, "new")]);
    write(join(dir, "new/a/b/c/d"), "later");
    expect((await next("changed")).skills).toEqual([join(dir, "new")]);
  });
});

describe("a system that listens to whole trees", () => {
  test("one call a root, and events for any depth", async () => {
    const dir = await settledFolder("one/scripts/run.sh", "one/SKILL.md", "two/SKILL.md");
    const tell: ((name: string | null) => void)[] = [];
    const listenTo: ListenToFolder = (_path, onEvent, { recursive }) => {
      if (recursive) tell.push(onEvent);
      return { close: () => {} };
    };
    const { next } = await watchEvents([dir], {}, listenTo, true);
    expect(tell).toHaveLength(1);
    tell[0]?.(join("one", "scripts", "run.sh"));
    expect((await next("changed")).skills).toEqual([join(dir, "one")]);
    write(join(dir, "three/x/SKILL.md"), "x");
    tell.at(-1)?.(join("three", "x", "SKILL.md"));
    expect((await next("changed")).skills).toEqual([join(dir, "three/x")]);
    tell.at(-1)?.(null);
    const all = ["one", "three/x", "two"].map((skill) => join(dir, skill));
    expect((await next("changed")).skills).toEqual(all);
  });
});
