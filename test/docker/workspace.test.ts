import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { closeFolder, openFolder } from "../../src/host/open-folder.ts";
import { removeTreeIn } from "../../src/host/remove-in.ts";
import { copyFromWorkspace } from "../../src/sandbox/workspace/copy-from-workspace.ts";
import { listWorkspace } from "../../src/sandbox/workspace/list-workspace.ts";
import { readFromWorkspace } from "../../src/sandbox/workspace/read-from-workspace.ts";
import { seedWorkspace } from "../../src/sandbox/workspace/seed-workspace.ts";
import { stageMedia } from "../../src/sandbox/workspace/stage-media.ts";
import { canary, type SandboxWorld, sandboxWorld, writeTree } from "../sandbox/workspace/sandbox-world.ts";
import { bindMounts } from "../support/bind-mounts.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const owner = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : null;
const uid = owner?.uid ?? process.getuid?.() ?? 1000;

let engine: Engine;
let world: SandboxWorld;
let id: string;

beforeAll(async () => {
  world = sandboxWorld(mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-workspace-")));
  mkdirSync(join(world.root, "results"));
  for (const dir of [world.workspaceDir, world.homeDir]) if (owner !== null) chownSync(dir, uid, uid);
  engine = await connectTestEngine();
  const container = await new Docker().createContainer({
    Image: inject("baseImage"),
    Entrypoint: ["sleep"],
    Cmd: ["600"],
    // Root with the capabilities that an engine gives by default: the worst that a careless operator starts.
    User: "0:0",
    Labels: { [testLabel]: inject("testRun") },
    HostConfig: {
      NetworkMode: "none",
      Init: true,
      Mounts: bindMounts(world.mounts.filter(({ purpose }) => purpose !== "accounts")),
    },
  });
  id = container.id;
  await engine.containers.start(id);
});

afterAll(async () => {
  await engine.containers.remove(id);
  rmSync(world.root, { recursive: true, force: true });
});

async function inside(script: string, user = "0:0"): Promise<string> {
  const command = ["bash", "-ec", script];
  const ended = await engine.containers.exec(id, {
    command,
    user,
    outputLimitBytes: 100_000,
    timeoutMs: 120_000,
  });
  expect(ended).toMatchObject({ exitCode: 0, timedOut: false });
  return ended.stdout;
}

async function codeOf(task: Promise<unknown>): Promise<unknown> {
  return task.then(() => "done").catch((error: { code: string }) => error.code);
}

const read = (path: string, links: "refuse" | "inside" = "refuse") =>
  readFromWorkspace({ mounts: world.mounts, path, links });

describe("between a host and a sandbox", () => {
  test("a medium that is staged opens inside by the path that was returned, as the sandbox's user", async () => {
    const { insidePath } = await stageMedia({
      workspaceDir: world.workspaceDir,
      owner,
      media: { bytes: Buffer.from("for the model") },
      originalName: "note to you.txt",
    });
    const seen = await inside(
      `cat ${insidePath}; stat -c ' %u %a' ${insidePath}; rm ${insidePath}`,
      `${uid}:${uid}`,
    );
    expect(seen).toBe(`for the model ${uid} 644\n`);
  });

  test("a seeded file can be changed and deleted inside, and does not come back", async () => {
    writeTree(world.agentDir, { "AGENTS.md": "rules" });
    expect((await seedWorkspace({ ...world, owner })).seeded).toEqual(["AGENTS.md"]);
    const script = "cd /workspace && cat AGENTS.md && echo more >> AGENTS.md && rm AGENTS.md";
    expect(await inside(script, `${uid}:${uid}`)).toBe("rules");
    expect((await seedWorkspace({ ...world, owner })).seeded).toEqual([]);
    expect(existsSync(join(world.workspaceDir, "AGENTS.md"))).toBe(false);
  });

  test("a result is read with what links inside mean inside", async () => {
    await inside(
      "cd /workspace && mkdir out && echo 42 > out/answer && ln -s /workspace/out/answer latest",
      `${uid}:${uid}`,
    );
    expect((await read("/workspace/out/answer")).bytes.toString()).toBe("42\n");
    expect((await read("latest", "inside")).bytes.toString()).toBe("42\n");
    expect(await codeOf(read("latest"))).toBe("WORKSPACE_LINK");
  });
});

describe("what root in a container has planted", () => {
  beforeAll(async () => {
    await inside(`
      mkdir -p /workspace/trap && cd /workspace/trap
      echo fine > fine
      ln -s /etc/shadow shadow; ln -s ../../../outside/secret.txt up; ln -s / root; ln -s loop loop
      ln -s /proc/1/root/etc/hostname proc
      mkfifo pipe; mknod zero c 1 5; mknod disk b 8 0
      cp /bin/cat setuid; chmod 6755 setuid
      truncate -s 20G sparse
      mkdir closed; echo x > closed/x; chmod 0 closed closed/x
      d=deep; for i in $(seq 300); do mkdir $d; cd $d; d=d; done; cd /workspace/trap
      touch $'line\\nbreak' $'\\x1b[2J' $'\\xff\\xfe'
      ln -s /workspace/media-of-mine /workspace/notes`);
  });

  test("is read as the regular files in it, without waiting for anything", async () => {
    expect((await read("trap/fine")).bytes.toString()).toBe("fine\n");
    for (const path of ["shadow", "up", "loop", "proc", "root/etc/shadow"]) {
      expect(await codeOf(read(`trap/${path}`))).toBe("WORKSPACE_LINK");
      expect(await codeOf(read(`trap/${path}`, "inside"))).toMatch(
        /^WORKSPACE_(PATH_OUTSIDE|UNREADABLE|NOT_FOUND)$/,
      );
    }
    for (const path of ["pipe", "zero", "disk"])
      expect(await codeOf(read(`trap/${path}`))).toBe("WORKSPACE_WRONG_TYPE");
    expect(await codeOf(read("trap/sparse"))).toBe("WORKSPACE_TOO_LARGE");
  });

  test("is listed with what it is", async () => {
    const { entries } = await listWorkspace({ mounts: world.mounts, path: "trap" });
    const types = Object.fromEntries(entries.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      pipe: "special",
      zero: "special",
      disk: "special",
      shadow: "link",
      closed: "folder",
    });
    expect(types["line\nbreak"]).toBe("file");
  });

  test("is copied out without powers: no setuid, no device, no link, no root's files", async () => {
    await inside("cd /workspace/trap && mv deep sparse /workspace");
    const destination = join(world.root, "results", "trap");
    const { diagnostics } = await copyFromWorkspace({ mounts: world.mounts, path: "trap", destination });
    const copied = readdirSync(destination, { recursive: true, encoding: "utf8" });
    expect(copied).toEqual(expect.arrayContaining(["fine", "setuid", "line\nbreak"]));
    for (const path of copied) {
      const stats = lstatSync(join(destination, path));
      expect(stats.isFile() || stats.isDirectory()).toBe(true);
      expect([0o644, 0o755]).toContain(stats.mode & 0o7777);
      expect(stats.uid).toBe(process.getuid?.());
    }
    const named = diagnostics.map(({ message }) => message).join("\n");
    for (const name of ["shadow", "pipe", "zero", "disk"])
      expect(named).toContain(`/workspace/trap/${name}"`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(named).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test("hinders no seed and no medium, which follow none of it", async () => {
    writeTree(world.agentDir, { "notes/rules.md": "rules", "SOUL.md": "soul" });
    const seeded = await seedWorkspace({ ...world, owner, files: ["notes/rules.md", "SOUL.md"] });
    expect(seeded.seeded).toEqual(["SOUL.md"]);
    expect(seeded.diagnostics).toMatchObject([{ code: "WORKSPACE_SEED_REFUSED" }]);
    await inside("cd /workspace && rm -rf media && ln -s ../../outside media");
    const staging = stageMedia({
      workspaceDir: world.workspaceDir,
      owner,
      media: { bytes: Buffer.from("x") },
    });
    expect(await codeOf(staging)).toBe("WORKSPACE_WRONG_TYPE");
    expect(readdirSync(join(world.root, "outside"))).toEqual(["secret.txt"]);
  });

  test("leaks nothing while it is exchanged in a loop", async () => {
    await inside(
      "cd /workspace && mkdir swap && echo harmless > swap/secret.txt && ln -s ../../outside swap-link",
    );
    const attack = inside(`cd /workspace; end=$((SECONDS + 4)); while [ $SECONDS -lt $end ]; do
      mv -T swap swap-kept; mv -T swap-link swap; mv -T swap swap-link; mv -T swap-kept swap; done`);
    const seen = new Set<string>();
    for (let ended = false, turn = 0; !ended; turn += 1) {
      const [path, links] = ["swap/secret.txt", turn % 2 === 0 ? "inside" : "refuse"] as const;
      seen.add(
        await read(path, links)
          .then(({ bytes }) => bytes.toString())
          .catch((error) => String(error.code)),
      );
      ended = await Promise.race([
        attack.then(() => true),
        new Promise<false>((done) => setImmediate(done, false)),
      ]);
    }
    expect(seen).toContain("harmless\n");
    expect(seen).not.toContain(canary);
  });

  test.runIf(owner !== null)("is removed whole, and nothing beside it", async () => {
    await inside("cd /workspace && mv deep sparse trap");
    const opened = openFolder(world.workspaceDir);
    if (!opened.ok) throw new Error(opened.problem.kind);
    await removeTreeIn(opened.folder, "trap");
    closeFolder(opened.folder);
    expect(await inside("ls -A /workspace/trap 2>&1 || true")).toContain("No such file");
    expect(readFileSync(world.secretFile, "utf8")).toBe(canary);
  });
});
