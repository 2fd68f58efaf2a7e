import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { MediaSource } from "../../../src/sandbox/workspace/media-source.ts";
import { readFromWorkspace } from "../../../src/sandbox/workspace/read-from-workspace.ts";
import { type StageMediaRequest, stageMedia } from "../../../src/sandbox/workspace/stage-media.ts";
import { canMount } from "../../support/can-mount.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { canary, countDescriptors, type SandboxWorld, sandboxWorld } from "./sandbox-world.ts";

const isRoot = process.getuid?.() === 0;
const bytes = Buffer.from("some bytes");

let world: SandboxWorld;
let inbound: string;
let descriptors: number;

beforeEach(() => {
  world = sandboxWorld();
  inbound = join(world.workspaceDir, "media", "inbound");
  descriptors = countDescriptors();
});

afterEach(() => expect(countDescriptors()).toBe(descriptors));

const stage = (media: MediaSource, options: Partial<StageMediaRequest> = {}) =>
  stageMedia({ workspaceDir: world.workspaceDir, owner: null, media, ...options });

const listed = () => (existsSync(inbound) ? readdirSync(inbound) : []);

describe("a medium", () => {
  test("from a file, from bytes and from a stream is there under the path that is returned", async () => {
    const path = join(world.root, "IMG 0001.JPG");
    writeFileSync(path, bytes);
    const sources: MediaSource[] = [
      { path },
      { bytes },
      { stream: Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]) },
    ];
    for (const media of sources) {
      const staged = await stage(media, { originalName: "IMG 0001.JPG" });
      expect(staged).toMatchObject({ originalName: "IMG 0001.JPG", sizeBytes: bytes.length, removed: [] });
      expect(staged.name).toMatch(/^img-0001-[0-9a-f]{12}\.jpg$/);
      expect(staged.insidePath).toBe(`/workspace/media/inbound/${staged.name}`);
      expect(readFileSync(staged.hostPath)).toEqual(bytes);
      const read = await readFromWorkspace({ mounts: world.mounts, path: staged.insidePath });
      expect([read.bytes, read.hostPath]).toEqual([bytes, staged.hostPath]);
    }
    expect(listed()).toHaveLength(3);
    expect((await stage({ path })).originalName).toBe("IMG 0001.JPG");
  });

  test("has mode 0644 and its folders 0755, whatever the umask", async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const { hostPath } = await stage({ bytes });
    expect(lstatSync(hostPath).mode & 0o7777).toBe(0o644);
    expect(lstatSync(inbound).mode & 0o7777).toBe(0o755);
  });

  test.runIf(isRoot)("belongs to the sandbox's user, with its folders", async () => {
    const { hostPath } = await stage({ bytes }, { owner: { uid: 1000, gid: 1001 } });
    for (const path of [hostPath, inbound, join(inbound, "..")]) {
      expect(lstatSync(path)).toMatchObject({ uid: 1000, gid: 1001 });
    }
  });

  test("in a workspace whose path has spaces, quotes, colons, line ends and other scripts", async () => {
    world = sandboxWorld(join(tempFolder(), "a b'\":,\n技"));
    const { insidePath, hostPath } = await stage({ bytes });
    expect(hostPath.startsWith(`${world.workspaceDir}/media/`)).toBe(true);
    expect((await readFromWorkspace({ mounts: world.mounts, path: insidePath })).bytes).toEqual(bytes);
  });

  test("of many megabytes is whole", async () => {
    const big = Buffer.alloc(5_000_001, "xyz");
    expect(readFileSync((await stage({ bytes: big })).hostPath).equals(big)).toBe(true);
  });
});

describe("is refused, and nothing is left of it", () => {
  afterEach(() => expect(listed()).toEqual([]));

  test.each<[string, () => MediaSource]>([
    ["bytes", () => ({ bytes })],
    ["stream", () => ({ stream: Readable.from([bytes]) })],
    [
      "file",
      () => {
        writeFileSync(join(world.root, "m"), bytes);
        return { path: join(world.root, "m") };
      },
    ],
  ])("over the limit: %s", async (_, source) => {
    await expect(stage(source(), { maxBytes: 9 })).rejects.toMatchObject({ code: "WORKSPACE_TOO_LARGE" });
  });

  test("a stream without end", async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(100_000);
    }
    await expect(stage({ stream: endless() }, { maxBytes: 1_000_000 })).rejects.toMatchObject({
      code: "WORKSPACE_TOO_LARGE",
    });
  });

  test("a stream that says nothing any more, on the signal", async () => {
    async function* silent() {
      yield bytes;
      await new Promise(() => undefined);
    }
    const stopped = new AbortController();
    setTimeout(() => stopped.abort(), 20);
    await expect(stage({ stream: silent() }, { signal: stopped.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });

  test("a stream that fails, with its own error; and one of something else than bytes", async () => {
    const broken = new Error("the sender went away");
    async function* failing() {
      yield bytes;
      throw broken;
    }
    await expect(stage({ stream: failing() })).rejects.toBe(broken);
    const texts = Readable.from(["text"]) as unknown as AsyncIterable<Uint8Array>;
    await expect(stage({ stream: texts })).rejects.toThrow(TypeError);
  });

  test("a host file that is none: a link, a pipe, a folder, nothing, a relative path", async () => {
    symlinkSync(world.secretFile, join(world.root, "link"));
    execFileSync("mkfifo", [join(world.root, "pipe")]);
    for (const path of [
      join(world.root, "link"),
      join(world.root, "pipe"),
      world.root,
      "/nothing",
      "x.png",
    ]) {
      await expect(stage({ path })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    }
  });

  test("a host file that is cut while it is read", async () => {
    const path = join(world.root, "growing");
    writeFileSync(path, Buffer.alloc(20_000_000));
    const staging = stage({ path });
    while (listed().length === 0) await setImmediate();
    truncateSync(path, 10);
    await expect(staging).rejects.toMatchObject({ code: "WORKSPACE_CHANGED" });
  });

  test("a workspace that is not there, or that is named by a relative path", async () => {
    await expect(stage({ bytes }, { workspaceDir: join(world.root, "no") })).rejects.toMatchObject({
      code: "WORKSPACE_NOT_FOUND",
    });
    await expect(stage({ bytes }, { workspaceDir: "scope" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  });
});

describe("something in the way", () => {
  const outside = () => join(world.root, "outside");

  test.each<[string, () => void]>([
    [
      "media is a link to a folder of the host",
      () => symlinkSync(outside(), join(world.workspaceDir, "media")),
    ],
    ["media is a link that stays inside", () => symlinkSync("skills", join(world.workspaceDir, "media"))],
    ["media is a link to nothing", () => symlinkSync("../../new", join(world.workspaceDir, "media"))],
    ["media is a file", () => writeFileSync(join(world.workspaceDir, "media"), "x")],
    [
      "inbound is a link",
      () => {
        mkdirSync(join(world.workspaceDir, "media"));
        symlinkSync(outside(), inbound);
      },
    ],
    [
      "inbound is a pipe",
      () => {
        mkdirSync(join(world.workspaceDir, "media"));
        execFileSync("mkfifo", [inbound]);
      },
    ],
  ])("%s", async (_, plant) => {
    plant();
    await expect(stage({ bytes })).rejects.toMatchObject({ code: "WORKSPACE_WRONG_TYPE" });
    expect(readdirSync(outside())).toEqual(["secret.txt"]);
    expect(readFileSync(world.secretFile, "utf8")).toBe(canary);
    expect(existsSync(join(world.root, "new"))).toBe(false);
    expect(readdirSync(join(world.workspaceDir, "skills"))).toEqual([]);
  });

  test.runIf(canMount)("a mount of the same file system", async () => {
    mkdirSync(inbound, { recursive: true });
    execFileSync("mount", ["--bind", outside(), inbound]);
    try {
      await expect(stage({ bytes })).rejects.toMatchObject({ code: "WORKSPACE_WRONG_TYPE" });
      expect(readdirSync(outside())).toEqual(["secret.txt"]);
    } finally {
      execFileSync("umount", [inbound]);
    }
  });

  test("folders that are there are used as they are", async () => {
    mkdirSync(inbound, { recursive: true, mode: 0o700 });
    await stage({ bytes });
    expect(lstatSync(inbound).mode & 0o777).toBe(0o700);
  });
});

describe("what was staged earlier", () => {
  async function stageAged(...agesMs: number[]): Promise<string[]> {
    const names: string[] = [];
    for (const ageMs of agesMs) {
      const { name, hostPath } = await stage({ bytes });
      const then = new Date(Date.now() - ageMs);
      utimesSync(hostPath, then, then);
      names.push(name);
    }
    return names;
  }

  test("stays unless something else is asked for", async () => {
    await stageAged(10 ** 12, 5000);
    await stage({ bytes });
    expect(listed()).toHaveLength(3);
  });

  test("goes by its age", async () => {
    const [old = "", young = ""] = await stageAged(60_000, 1000);
    const { removed, name } = await stage({ bytes }, { retention: { maxAgeMs: 30_000 } });
    expect(removed).toEqual([old]);
    expect(listed().sort()).toEqual([young, name].sort());
  });

  test("goes by number, the oldest first, the new one never", async () => {
    const [second = "", oldest = "", third = ""] = await stageAged(2000, 3000, 1000);
    const { removed, name } = await stage({ bytes }, { retention: { maxFiles: 2 } });
    expect(removed).toEqual([oldest, second]);
    expect(listed().sort()).toEqual([third, name].sort());
    expect(await stage({ bytes }, { retention: { maxFiles: 0 } })).toMatchObject({ removed: [third, name] });
    expect(listed()).toHaveLength(1);
  });

  test("is all that goes: files of the sandbox's own, links and folders stay; half-written ones go", async () => {
    const [mine = ""] = await stageAged(10_000);
    const long = new Date(Date.now() - 10 ** 9);
    const half = ".skillcrate-0123456789abcdef01234567.new";
    const freshHalf = ".skillcrate-0123456789abcdef01234568.new";
    for (const name of ["notes.txt", "photo-0123.png", half, freshHalf])
      writeFileSync(join(inbound, name), "x");
    for (const name of ["notes.txt", half]) utimesSync(join(inbound, name), long, long);
    symlinkSync(world.secretFile, join(inbound, "link-0123456789ab.png"));
    mkdirSync(join(inbound, "folder-0123456789ab"));
    const { removed } = await stage({ bytes }, { retention: { maxFiles: 1, maxAgeMs: 1 } });
    expect(removed).toEqual([mine]);
    expect(listed()).toHaveLength(6);
    expect(listed()).not.toContain(half);
    expect(readFileSync(world.secretFile, "utf8")).toBe(canary);
  });

  test("several at once all arrive", async () => {
    const staged = await Promise.all(Array.from({ length: 20 }, () => stage({ bytes })));
    expect(new Set(staged.map(({ name }) => name)).size).toBe(20);
    expect(listed()).toHaveLength(20);
    rmSync(inbound, { recursive: true });
  });
});
