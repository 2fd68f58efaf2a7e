import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  type ReadFromWorkspaceRequest,
  readFromWorkspace,
} from "../../../src/sandbox/workspace/read-from-workspace.ts";
import { canary, countDescriptors, type SandboxWorld, sandboxWorld, writeTree } from "./sandbox-world.ts";

const hasPython = process.platform === "linux" && spawnSync("python3", ["--version"]).status === 0;

let world: SandboxWorld;
let descriptors: number;

beforeEach(() => {
  world = sandboxWorld();
  descriptors = countDescriptors();
});

// Whatever a call came to, it holds nothing open.
afterEach(() => expect(countDescriptors()).toBe(descriptors));

async function read(path: string, options: Partial<ReadFromWorkspaceRequest> = {}): Promise<string> {
  const { bytes } = await readFromWorkspace({ mounts: world.mounts, path, ...options });
  return bytes.toString("utf8");
}

async function codeOf(path: string, options: Partial<ReadFromWorkspaceRequest> = {}): Promise<string> {
  try {
    return `read: ${await read(path, options)}`;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    expect(error.message).not.toContain(canary);
    return String(error.code);
  }
}

describe("a file", () => {
  test("by a path from the workspace or from the root, with what is known of it", async () => {
    writeTree(world.workspaceDir, { "out/report.md": "done" });
    chmodSync(join(world.workspaceDir, "out/report.md"), 0o755);
    for (const path of ["out/report.md", "./out//report.md", "/workspace/out/report.md"]) {
      expect(await readFromWorkspace({ mounts: world.mounts, path })).toMatchObject({
        insidePath: "/workspace/out/report.md",
        hostPath: join(world.workspaceDir, "out", "report.md"),
        sizeBytes: 4,
        executable: true,
        changedWhileRead: false,
        bytes: Buffer.from("done"),
      });
    }
  });

  test("in the home, which covers what the workspace has under its name", async () => {
    writeTree(world.homeDir, { ".config/x": "of the home" });
    writeTree(world.workspaceDir, { "home/.config/x": "covered" });
    expect(await read("home/.config/x")).toBe("of the home");
  });

  test("of any name", async () => {
    const names = [
      "with space",
      "q\"u'o",
      "new\nline",
      "-rf",
      "技能",
      "\u202egnp.exe",
      "x".repeat(255),
      "__proto__",
    ];
    for (const name of names) {
      writeFileSync(join(world.workspaceDir, name), name);
      expect(await read(name)).toBe(name);
    }
  });

  test("of several megabytes is read whole, and an empty one too", async () => {
    const bytes = Buffer.alloc(3_000_001, "abc");
    writeFileSync(join(world.workspaceDir, "big"), bytes);
    writeFileSync(join(world.workspaceDir, "empty"), "");
    expect((await readFromWorkspace({ mounts: world.mounts, path: "big" })).bytes.equals(bytes)).toBe(true);
    expect(await read("empty")).toBe("");
  });
});

describe("a path is refused", () => {
  test.each([
    ["", "WORKSPACE_PATH_INVALID"],
    ["..", "WORKSPACE_PATH_INVALID"],
    ["../workspace/x", "WORKSPACE_PATH_INVALID"],
    ["/workspace/../etc/shadow", "WORKSPACE_PATH_INVALID"],
    ["a/../../x", "WORKSPACE_PATH_INVALID"],
    ["a\0b", "WORKSPACE_PATH_INVALID"],
    ["x".repeat(256), "WORKSPACE_PATH_INVALID"],
    ["a/".repeat(3000), "WORKSPACE_PATH_INVALID"],
    ["/etc/passwd", "WORKSPACE_PATH_OUTSIDE"],
    ["/etc", "WORKSPACE_PATH_OUTSIDE"],
    ["/workspaces/x", "WORKSPACE_PATH_OUTSIDE"],
    ["/agent/x", "WORKSPACE_PATH_OUTSIDE"],
    ["/proc/self/environ", "WORKSPACE_PATH_OUTSIDE"],
    ["/", "WORKSPACE_WRONG_TYPE"],
    ["/workspace", "WORKSPACE_WRONG_TYPE"],
    ["nothing", "WORKSPACE_NOT_FOUND"],
    ["file/below", "WORKSPACE_WRONG_TYPE"],
  ])("%j: %s", async (path, code) => {
    writeTree(world.workspaceDir, { file: "x" });
    expect(await codeOf(path)).toBe(code);
    expect(await codeOf(path, { links: "inside" })).toBe(code);
  });

  test("and shown escaped", async () => {
    await expect(read("\u001b[2J\u202e")).rejects.toThrow(/^Cannot read "\/workspace\/\\u001b\[2J\\u202e"/);
  });
});

describe("what is no regular file is never opened", () => {
  test("a pipe that nobody writes to, a socket, a folder", async () => {
    execFileSync("mkfifo", [join(world.workspaceDir, "pipe")]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(world.workspaceDir, "s"), done));
    onTestFinished(() => void server.close());
    mkdirSync(join(world.workspaceDir, "folder"));
    descriptors = countDescriptors();
    for (const path of ["pipe", "s", "folder", "pipe/x"])
      expect(await codeOf(path)).toBe("WORKSPACE_WRONG_TYPE");
  });

  test.runIf(hasPython)("a file on which a sandbox holds a lease is not waited for", async () => {
    const path = join(world.workspaceDir, "leased");
    writeFileSync(path, "x");
    const code = `import fcntl, os, signal, sys, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
fcntl.fcntl(os.open(sys.argv[1], os.O_RDWR), fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
time.sleep(60)`;
    const holder = spawn("python3", ["-c", code, path], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(holder.stdout, "data");
      expect(await codeOf("leased")).toBe("WORKSPACE_UNREADABLE");
    } finally {
      holder.kill("SIGKILL");
      await once(holder, "close");
    }
  });

  test("a file larger than the limit, and a sparse one of 10 GiB", async () => {
    writeTree(world.workspaceDir, { five: "12345" });
    const fd = openSync(join(world.workspaceDir, "sparse"), "w");
    ftruncateSync(fd, 10 * 1024 ** 3);
    closeSync(fd);
    expect(await codeOf("five", { maxBytes: 4 })).toBe("WORKSPACE_TOO_LARGE");
    expect(await codeOf("five", { maxBytes: 5 })).toBe("read: 12345");
    expect(await codeOf("sparse")).toBe("WORKSPACE_TOO_LARGE");
  });
});

describe("links", () => {
  const everywhere = [
    "/etc/shadow",
    "../../outside/secret.txt",
    "loop",
    "/workspace/../../outside/secret.txt",
  ];

  test.each(everywhere)("one to %s is refused, followed or not", async (target) => {
    symlinkSync(target, join(world.workspaceDir, "loop"));
    expect(await codeOf("loop")).toBe("WORKSPACE_LINK");
    const followed = await codeOf("loop", { links: "inside" });
    expect(["WORKSPACE_PATH_OUTSIDE", "WORKSPACE_UNREADABLE", "WORKSPACE_NOT_FOUND"]).toContain(followed);
  });

  test("one in the middle of a path is refused unless links are followed", async () => {
    writeTree(world.workspaceDir, { "real/file": "x" });
    symlinkSync("real", join(world.workspaceDir, "way"));
    expect(await codeOf("way/file")).toBe("WORKSPACE_LINK");
    expect(
      await readFromWorkspace({ mounts: world.mounts, path: "way/file", links: "inside" }),
    ).toMatchObject({
      insidePath: "/workspace/real/file",
    });
  });

  test("are followed as the sandbox sees them: relative, absolute, up and down, into another mount", async () => {
    writeTree(world.workspaceDir, { "a/b/file": "x", top: "top" });
    writeTree(world.homeDir, { token: "of the home" });
    const links: Record<string, string> = {
      "a/b/up": "../../top",
      "a/absolute": "/workspace/a/b/file",
      "a/root": "../../../../workspace/./a//b/file",
      chain: "a/absolute",
      "to-home": "/workspace/home/token",
      "to-home-too": "home/token",
      "out-and-in": "../workspace/top",
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(world.workspaceDir, path));
    const options = { links: "inside" } as const;
    expect(await read("a/b/up", options)).toBe("top");
    for (const path of ["a/absolute", "a/root", "chain"]) expect(await read(path, options)).toBe("x");
    for (const path of ["to-home", "to-home-too"]) expect(await read(path, options)).toBe("of the home");
    expect(await read("out-and-in", options)).toBe("top");
  });

  test("to the host by its own paths lead nowhere, though the file is there", async () => {
    writeTree(world.workspaceDir, { file: "x" });
    symlinkSync(join(world.workspaceDir, "file"), join(world.workspaceDir, "host"));
    symlinkSync("/proc/self/root/etc/hostname", join(world.workspaceDir, "proc"));
    for (const path of ["host", "proc"]) {
      expect(await codeOf(path, { links: "inside" })).toBe("WORKSPACE_PATH_OUTSIDE");
    }
  });

  test("that lead on without end are given up", async () => {
    mkdirSync(join(world.workspaceDir, "d"));
    symlinkSync(`${"d/../".repeat(700)}spin`, join(world.workspaceDir, "spin"));
    symlinkSync(`self${"/x".repeat(2000)}`, join(world.workspaceDir, "self"));
    for (const path of ["spin", "self"])
      expect(await codeOf(path, { links: "inside" })).toBe("WORKSPACE_UNREADABLE");
  });

  test("a hard link is a file like any other", async () => {
    writeTree(world.workspaceDir, { one: "x" });
    linkSync(join(world.workspaceDir, "one"), join(world.workspaceDir, "two"));
    expect(await read("two")).toBe("x");
  });
});

describe("mirrored skills", () => {
  /** As the mirror lays them out. */
  function mirror(): string {
    const skills = join(world.workspaceDir, "skills");
    writeTree(skills, { ".versions/abc/SKILL.md": "the skill", ".versions/abc/scripts/run.sh": "#!" });
    mkdirSync(join(skills, ".generations", "1"), { recursive: true });
    symlinkSync("../../.versions/abc", join(skills, ".generations", "1", "gog"));
    symlinkSync(".generations/1", join(skills, ".live"));
    symlinkSync(".live/gog", join(skills, "gog"));
    return skills;
  }

  test("are read over the mirror's own links, though others are refused", async () => {
    mirror();
    expect(await read("skills/gog/SKILL.md")).toBe("the skill");
    expect(await read("/workspace/skills/gog/scripts/run.sh")).toBe("#!");
  });

  test("lead out of their mount by no link, whatever was allowed", async () => {
    const skills = mirror();
    writeTree(world.workspaceDir, { file: "x" });
    symlinkSync("../file", join(skills, "up"));
    symlinkSync("/workspace/file", join(skills, "absolute"));
    symlinkSync("../../../outside/secret.txt", join(skills, "out"));
    for (const links of ["refuse", "inside"] as const) {
      expect(await codeOf("skills/up", { links })).toBe("WORKSPACE_PATH_OUTSIDE");
      expect(await codeOf("skills/absolute", { links })).toBe("WORKSPACE_LINK");
      expect(await codeOf("skills/out", { links })).toBe("WORKSPACE_PATH_OUTSIDE");
    }
  });

  test("a sandbox that has put a link in the place of their folder reads nothing by it", async () => {
    const other = sandboxWorld();
    execFileSync("rm", ["-rf", join(other.workspaceDir, "skills")]);
    symlinkSync(join(other.root, "outside"), join(other.workspaceDir, "skills"));
    descriptors = countDescriptors();
    await expect(
      readFromWorkspace({ mounts: other.mounts, path: "skills/secret.txt" }),
    ).rejects.toMatchObject({
      code: "WORKSPACE_LINK",
    });
  });
});

describe("the caller", () => {
  test("can stop it before it begins", async () => {
    writeTree(world.workspaceDir, { file: "x" });
    expect(await codeOf("file", { signal: AbortSignal.abort() })).toBe("CANCELLED");
  });

  test("is told that a file was written to meanwhile", async () => {
    const path = join(world.workspaceDir, "log");
    writeFileSync(path, Buffer.alloc(20_000_000));
    const reading = readFromWorkspace({ mounts: world.mounts, path: "log" });
    writeFileSync(path, "x", { flag: "a" });
    const { changedWhileRead, bytes } = await reading;
    expect(changedWhileRead).toBe(true);
    expect(bytes.length).toBeGreaterThanOrEqual(20_000_000);
  });

  test("keeps its event loop while a big file is read", async () => {
    writeFileSync(join(world.workspaceDir, "big"), Buffer.alloc(50_000_000));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await readFromWorkspace({ mounts: world.mounts, path: "big" });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
