import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { inject } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { handOverSecrets } from "../../src/sandbox/browser/hand-over-secrets.ts";
import { readSeccompProfile } from "../../src/sandbox/container/read-seccomp-profile.ts";
import type { CdpDoor } from "./cdp-session.ts";
import { testLabel } from "./test-run.ts";

export const cdpToken = "canary-of-the-devtools-protocol-0123456789ab";
export const vncPassword = "canary-8";

const mebibyte = 2 ** 20;
// Root's tests run the container as somebody else, who can be said to own its folders.
const uid = process.getuid?.() === 0 ? 1000 : (process.getuid?.() ?? 1000);

/** A container of the browser's image as closed as Skillcrate makes them, with folders on this machine. */
export interface BrowserContainer {
  readonly id: string;
  readonly folder: string;
  readonly door: CdpDoor;
  readonly container: Docker.Container;
  /** The doors' state, once all answers; null where the container ended first. */
  state(): Promise<Record<string, unknown> | null>;
  run(...command: readonly string[]): Promise<{ readonly exitCode: number | null; readonly stdout: string }>;
  logs(): Promise<string>;
  /** Waits for the end. */
  ended(): Promise<number>;
}

export interface BrowserContainerSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: Docker.HostConfig;
  /** Folders of an earlier one. */
  readonly folder?: string;
  /** Bytes of those of its folders that lie in memory, and have no more. */
  readonly narrow?: Readonly<Partial<Record<"profile" | "downloads", number>>>;
}

/** What one file of tests starts; `close` removes it. */
export function createBrowserContainers(engine: Engine, docker: Docker, image: string) {
  const made = new Set<string>();
  const root = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-browser-"));

  async function start(settings: BrowserContainerSettings = {}): Promise<BrowserContainer> {
    const folder = settings.folder ?? makeFolders(mkdtempSync(join(root, "b-")));
    const container = await docker.createContainer(bodyOf(image, folder, settings));
    made.add(container.id);
    await container.start();
    const started = containerOf(engine, container, folder);
    // Where it ended at once there is nobody to give them to.
    const handed = handOverSecrets(
      engine,
      container.id,
      { cdpToken, vncPassword, linkSecret: "" },
      undefined,
    );
    await handed.catch(() => {});
    return started;
  }

  async function close(): Promise<void> {
    for (const id of made) await engine.containers.remove(id);
    rmSync(root, { recursive: true, force: true });
  }

  return { start, close };
}

const folderNames = ["doors", "profile", "downloads"] as const;

function makeFolders(folder: string): string {
  for (const name of folderNames) {
    mkdirSync(join(folder, name), { mode: 0o700 });
    chownSync(join(folder, name), uid, uid);
  }
  return folder;
}

function bodyOf(
  image: string,
  folder: string,
  { env = {}, host = {}, narrow = {} }: BrowserContainerSettings,
) {
  const variables = { SKILLCRATE_BROWSER_DOORS: "/browser/doors", ...env };
  return {
    Image: image,
    User: `${uid}:${uid}`,
    Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    Labels: { [testLabel]: inject("testRun") },
    HostConfig: {
      Init: true,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", `seccomp=${readSeccompProfile("browser").json}`],
      NetworkMode: "none",
      PidsLimit: 512,
      Memory: 2048 * mebibyte,
      MemorySwap: 2048 * mebibyte,
      ShmSize: 512 * mebibyte,
      Tmpfs: {
        "/tmp": `rw,nosuid,nodev,size=${256 * mebibyte},mode=1777`,
        "/run": `rw,nosuid,nodev,size=${16 * mebibyte}`,
        "/browser/secrets": `rw,nosuid,nodev,noexec,size=${mebibyte},mode=0700,uid=${uid},gid=${uid}`,
        ...Object.fromEntries(
          Object.entries(narrow).map(([name, bytes]) => [
            `/browser/${name}`,
            `rw,nosuid,nodev,size=${bytes},mode=0700,uid=${uid},gid=${uid}`,
          ]),
        ),
      },
      Mounts: folderNames
        .filter((name) => !Object.hasOwn(narrow, name))
        .map((name) => ({
          Type: "bind" as const,
          Source: join(folder, name),
          Target: `/browser/${name}`,
        })),
      ...host,
    },
  };
}

function containerOf(engine: Engine, container: Docker.Container, folder: string): BrowserContainer {
  const isRunning = async () => (await container.inspect()).State.Running;
  return {
    id: container.id,
    folder,
    container,
    door: {
      socketPath: join(folder, "doors", "cdp.sock"),
      headers: { Host: "localhost", Authorization: `Bearer ${cdpToken}` },
    },
    state: async () => {
      const path = join(folder, "doors", "state.json");
      while (!existsSync(path)) {
        if (!(await isRunning())) return null;
        await sleep(50);
      }
      return JSON.parse(readFileSync(path, "utf8"));
    },
    run: (...command) =>
      engine.containers.exec(container.id, { command, outputLimitBytes: 100_000, timeoutMs: 60_000 }),
    logs: async () => (await container.logs({ stdout: true, stderr: true })).toString(),
    ended: async () => (await container.wait()).StatusCode,
  };
}
