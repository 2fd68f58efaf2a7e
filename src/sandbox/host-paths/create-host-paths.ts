import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { runLabel } from "../../engine/label/label-names.ts";
import { currentRun } from "../../engine/run-identity.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { ownContainerId } from "./own-container-id.ts";
import { type OwnMount, readOwnMounts, translatePath } from "./translate-path.ts";

/** Paths as the engine has them, for a gateway that runs in a container itself; elsewhere they are what they are. */
export interface HostPaths {
  /**
   * Where the engine finds the folder of the path. Proven once for each mount: a file that is written here is read through the
   * engine. Throws `HOST_PATH_UNKNOWN` where it is on no mount, or the proof fails.
   */
  toEngine(path: string, image: string, signal?: AbortSignal): Promise<string>;
  /** The same by the engine's word alone, for paths that this process may not write to. */
  translate(path: string, signal?: AbortSignal): Promise<string>;
}

export interface HostPathsOptions {
  readonly engine: Pick<Engine, "containers" | "sandboxes">;
  /** Of `ownContainerId`; null: the gateway runs in no container. */
  readonly containerId: string | null;
}

/** The id of the container that this process runs in, by its own `/proc`; null: in none. */
export function readOwnContainerId(): string | null {
  return ownContainerId({ mountinfo: readProc("mountinfo"), cgroup: readProc("cgroup") });
}

/** Empty where there is no such file, as on every system but Linux. */
function readProc(name: string): string {
  try {
    return readFileSync(`/proc/self/${name}`, "utf8");
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return "";
  }
}

export function createHostPaths({ engine, containerId }: HostPathsOptions): HostPaths {
  if (containerId === null) return { toEngine: async (path) => path, translate: async (path) => path };
  let known: Promise<readonly OwnMount[]> | null = null;
  const proven = new Map<string, Promise<void>>();
  const find = async (path: string, signal: AbortSignal | undefined) => {
    known ??= readMounts(engine, containerId, signal).catch((error: unknown) => {
      known = null;
      throw error;
    });
    const translated = translatePath(path, await known);
    if (translated.kind === "unmounted") throw unmounted(path, translated.mount);
    return translated;
  };
  return {
    translate: async (path, signal) => (await find(path, signal)).path,
    toEngine: async (path, image, signal) => {
      const translated = await find(path, signal);
      const { target } = translated.mount;
      const proof = proven.get(target) ?? prove(engine, { path, onEngine: translated.path, image });
      proven.set(target, proof);
      await proof.catch((error: unknown) => {
        proven.delete(target);
        throw error;
      });
      return translated.path;
    },
  };
}

async function readMounts(
  { sandboxes }: HostPathsOptions["engine"],
  containerId: string,
  signal: AbortSignal | undefined,
): Promise<readonly OwnMount[]> {
  const own = await sandboxes.inspect(containerId, signal);
  if (own !== null) return readOwnMounts(own.inspected);
  throw new SkillcrateError(
    "HOST_PATH_UNKNOWN",
    "This process runs in a container that the engine does not know, so the engine cannot mount its folders.",
    { hint: "Give the gateway the socket of the engine that runs it, or run it outside of a container." },
  );
}

interface Proof {
  /** A folder, here. */
  readonly path: string;
  readonly onEngine: string;
  readonly image: string;
}

/** Writes a file here and reads it in a container of the engine's that has the other path mounted. */
async function prove(engine: HostPathsOptions["engine"], { path, onEngine, image }: Proof): Promise<void> {
  const nonce = randomUUID();
  const name = `.skillcrate-proof-${nonce}`;
  writeFileSync(join(path, name), nonce, { flag: "wx", mode: 0o644 });
  try {
    if ((await readThroughEngine(engine, { path: onEngine, name, image })) === nonce) return;
  } finally {
    rmSync(join(path, name), { force: true });
  }
  throw new SkillcrateError(
    "HOST_PATH_UNKNOWN",
    `The engine has something else at ${quoteValue(onEngine)} than this process at ${quoteValue(path)}.`,
    {
      hint: "Mount the gateway's state folder from a folder of the engine's own host: -v /srv/openclaw:/root/.openclaw",
    },
  );
}

async function readThroughEngine(
  { containers, sandboxes }: HostPathsOptions["engine"],
  { path, name, image }: { readonly path: string; readonly name: string; readonly image: string },
): Promise<string | null> {
  const id = await sandboxes.create(`skillcrate-proof-${randomUUID()}`, {
    Image: image,
    Entrypoint: ["sleep"],
    Cmd: ["30"],
    // Whoever runs the gateway may own the folder with nobody else let in.
    User: "0:0",
    Labels: { [runLabel]: currentRun() },
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["DAC_READ_SEARCH"],
      SecurityOpt: ["no-new-privileges"],
      Mounts: [{ Type: "bind", Source: path, Target: "/proof", ReadOnly: true }],
    },
  });
  try {
    await containers.start(id);
    const command = ["cat", `/proof/${name}`];
    const { stdout, exitCode } = await containers.exec(id, {
      command,
      outputLimitBytes: 100,
      timeoutMs: 5000,
    });
    return exitCode === 0 ? stdout : null;
  } catch (error) {
    // A source that is not there: the engine says so when it creates or starts.
    if (error instanceof SkillcrateError && error.code === "ENGINE_REFUSED") return null;
    throw error;
  } finally {
    await containers.remove(id);
  }
}

function unmounted(path: string, mount: OwnMount | null): SkillcrateError {
  const why =
    mount === null
      ? "it is in this container's own layer"
      : `it is on a mount that has no folder on the engine's host (${quoteValue(mount.target)})`;
  return new SkillcrateError(
    "HOST_PATH_UNKNOWN",
    `The engine cannot mount ${quoteValue(path)} into a sandbox: ${why}.`,
    {
      hint: "Mount the gateway's state folder from the host into the gateway's container: -v /srv/openclaw:/root/.openclaw",
    },
  );
}
