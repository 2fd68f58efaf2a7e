import { randomBytes } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { stateFailure } from "../../host/state-failure.ts";
import { withLock } from "../../host/with-lock.ts";
import { containerLabels } from "../container/container-plan.ts";
import { readContainerLabels } from "../container/read-container-labels.ts";
import { chooseUser } from "../ensure/choose-user.ts";
import { ensureSandbox } from "../ensure/ensure-sandbox.ts";
import { findImage } from "../ensure/find-image.ts";
import type { SandboxGround, SandboxRequest } from "../ensure/sandbox-request.ts";
import { announceEntry, listWaiting, poolDir, poolFolder, poolScope, withdrawEntry } from "./pool-entry.ts";
import { fitsPool, poolKey } from "./pool-key.ts";

/**
 * Prepares sandboxes for sessions to come that ask for the same as this one, until so many wait: mirrored, with a home,
 * set up and running, and with nothing of this session's. Processes that fill one pool wait for each other. Gives how many
 * it made.
 *
 * Throws what `ensureSandbox` throws; those that were ready before then still wait.
 */
export async function fillPool(
  request: SandboxRequest,
  ground: SandboxGround,
  size: number,
): Promise<number> {
  if (!fitsPool(request) || size === 0) return 0;
  const { config, session, signal } = request;
  const root = findOrMakePool(config.workspaceRoot.value);
  const fill = async (): Promise<number> => {
    const [image, facts] = await Promise.all([findImage(config, ground, signal), ground.facts()]);
    const isRw = session.workspaceAccess.value === "rw";
    // Nobody has a workspace there yet: the user is whoever a new session's would be.
    const user = chooseUser(config, isRw, poolFolder(root, randomId()));
    const key = poolKey(request, ground, { image, facts, user });
    await withdrawGone(root, ground, signal);
    let made = 0;
    while (listWaiting(root).filter((entry) => entry.key === key).length < size) {
      await prepareEntry(request, ground, root, key);
      made += 1;
    }
    return made;
  };
  return withLock(poolDir(root), "fill", fill, signal === undefined ? {} : { signal });
}

function findOrMakePool(workspaceRoot: string): string {
  try {
    mkdirSync(poolDir(workspaceRoot), { recursive: true, mode: 0o700 });
    return realpathSync.native(workspaceRoot);
  } catch (error) {
    throw stateFailure("keep sandboxes ready in", workspaceRoot, error);
  }
}

/** Somebody may have pruned them, or restarted the machine. */
async function withdrawGone(
  root: string,
  { engine, owner }: SandboxGround,
  signal: AbortSignal | undefined,
): Promise<void> {
  const labels = [`${containerLabels.owner}=${owner}`, containerLabels.pool];
  const listed = await engine.sandboxes.list(labels, signal === undefined ? {} : { signal });
  const running = listed.filter(({ state }) => state === "running");
  const ids = new Set(running.map((container) => readContainerLabels(container.labels)?.pool));
  for (const entry of listWaiting(root)) if (!ids.has(entry.id)) withdrawEntry(root, entry);
}

/** Ready last: a killed process leaves what nobody claims. */
async function prepareEntry(
  request: SandboxRequest,
  ground: SandboxGround,
  root: string,
  key: string,
): Promise<void> {
  const id = randomId();
  const scope = poolScope(id);
  const { templates: _templates, ...ofAll } = request;
  const session = { ...request.session, scope, key: scope.key };
  const entryGround = { ...ground, pool: id, takesWaiting: false };
  const sandbox = await ensureSandbox({ ...ofAll, session }, entryGround);
  // Who claims it moves its folder: nothing of this process's may be in it then.
  sandbox.release();
  announceEntry(root, { key, id });
}

function randomId(): string {
  return randomBytes(16).toString("hex");
}
