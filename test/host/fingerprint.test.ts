import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { isSettled, isUnchanged, takeFingerprint } from "../../src/host/fingerprint.ts";
import { helpLook, wasSeen } from "../../src/host/shared-look.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A folder with a file in it, a link, and a place where nothing is; all older than a tick of the clock. */
async function ground() {
  const dir = tempFolder();
  const paths = {
    folder: join(dir, "folder"),
    file: join(dir, "folder", "file"),
    link: join(dir, "link"),
    absent: join(dir, "absent"),
    belowFile: join(dir, "folder", "file", "below"),
  };
  mkdirSync(paths.folder);
  writeFileSync(paths.file, "one");
  symlinkSync("folder", paths.link);
  await delay(25);
  return paths;
}

const changes: Readonly<Record<string, (paths: Awaited<ReturnType<typeof ground>>) => void>> = {
  "an edit of the same size, its time set back": ({ file }) => {
    const { atime, mtime } = statSync(file);
    writeFileSync(file, "two");
    utimesSync(file, atime, mtime);
    // Set as seconds with a fraction, which a file system may keep a few nanoseconds short.
    expect(statSync(file).mtimeMs).toBeCloseTo(mtime.getTime(), 1);
  },
  "another file of the same content, size and time in its place": ({ file }) => {
    const { atime, mtime } = statSync(file);
    writeFileSync(`${file}.new`, readFileSync(file));
    utimesSync(`${file}.new`, atime, mtime);
    renameSync(`${file}.new`, file);
  },
  "a mode": ({ file }) => chmodSync(file, 0o755),
  "a new file in a folder": ({ folder }) => writeFileSync(join(folder, "new"), ""),
  "a file removed": ({ file }) => rmSync(file),
  "a link that leads elsewhere": ({ link }) => {
    rmSync(link);
    symlinkSync("other", link);
  },
  "something where nothing was": ({ absent }) => mkdirSync(absent),
  "a folder where a file was": ({ file }) => {
    rmSync(file);
    mkdirSync(join(file, "below"), { recursive: true });
  },
};

describe("a fingerprint", () => {
  test.each(Object.keys(changes))("tells %s", async (name) => {
    const paths = await ground();
    const fingerprint = await takeFingerprint(Object.values(paths));
    expect(await isUnchanged(fingerprint)).toBe(true);
    changes[name]?.(paths);
    expect(await isUnchanged(fingerprint)).toBe(false);
  });

  test("is not touched by reading", async () => {
    const paths = await ground();
    const fingerprint = await takeFingerprint(Object.values(paths));
    readFileSync(paths.file);
    expect(await isUnchanged(fingerprint)).toBe(true);
  });

  test("of thousands of paths lets others have their turn", async () => {
    const { file } = await ground();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    const fingerprint = await takeFingerprint(Array.from({ length: 20_000 }, () => file));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(await isUnchanged(fingerprint)).toBe(true);
  });
});

describe("a look with a helper", () => {
  /** Files by the hundred, with a name that is not ASCII: several chunks. */
  async function manyFiles() {
    const dir = tempFolder();
    const paths = Array.from({ length: 200 }, (_, index) => join(dir, `Ünïcode ${index}`));
    for (const path of paths) writeFileSync(path, "one");
    await delay(25);
    return { paths, fingerprint: await takeFingerprint(paths) };
  }

  test("leaves to whoever asked what the helper has not seen", async () => {
    const { fingerprint } = await manyFiles();
    let round = 0;
    expect(await isUnchanged(fingerprint, ({ marks }) => (round = marks[0] ?? 0))).toBe(true);
    expect(round).toBe(1);
    expect(await isUnchanged(fingerprint, helpLook)).toBe(true);
    let help = 0;
    await isUnchanged(fingerprint, (look) => {
      helpLook(look);
      for (let chunk = 0; chunk < 13; chunk += 1) help += wasSeen(look, 3, chunk) ? 1 : 0;
    });
    expect(help).toBe(13);
  });

  test.each([0, 15, 16, 100, 199])("sees a change of file %i, whoever comes upon it", async (index) => {
    const { paths, fingerprint } = await manyFiles();
    writeFileSync(paths[index] ?? "", "two");
    expect(await isUnchanged(fingerprint, helpLook)).toBe(false);
    expect(await isUnchanged(fingerprint)).toBe(false);
  });

  test("does not count what was seen in a round before", async () => {
    const { paths, fingerprint } = await manyFiles();
    expect(await isUnchanged(fingerprint, helpLook)).toBe(true);
    helpLook(fingerprint);
    writeFileSync(paths[199] ?? "", "two");
    expect(await isUnchanged(fingerprint)).toBe(false);
  });

  test("a helper that comes late finds everything taken, or what it sees is of no round", async () => {
    const { paths, fingerprint } = await manyFiles();
    expect(await isUnchanged(fingerprint)).toBe(true);
    const { marks } = fingerprint;
    const before = [...marks];
    helpLook(fingerprint);
    expect([...marks]).toEqual(before);
    rmSync(paths[0] ?? "");
    expect(await isUnchanged(fingerprint, helpLook)).toBe(false);
  });
});

describe("settled", () => {
  test("once everything is older than the reading, by more than a tick of the clock", async () => {
    const paths = await ground();
    const fingerprint = await takeFingerprint(Object.values(paths));
    const { ctimeMs } = lstatSync(paths.link);
    expect(isSettled(fingerprint, ctimeMs + 25)).toBe(true);
    expect(isSettled(fingerprint, ctimeMs)).toBe(false);
    expect(isSettled(fingerprint, ctimeMs + 5)).toBe(false);
  });

  test("later where a file system keeps whole seconds only", () => {
    const fingerprint = { stamps: new Float64Array([1, 1, 1, 5000, 1]) };
    expect(isSettled(fingerprint, 5500)).toBe(false);
    expect(isSettled(fingerprint, 7001)).toBe(true);
  });
});
