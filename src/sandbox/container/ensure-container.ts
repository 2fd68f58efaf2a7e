import { setTimeout as delay } from "node:timers/promises";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { shareRun } from "../../host/share-run.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { withLock } from "../../host/with-lock.ts";
import { type ContainerPlan, containerLabels } from "./container-plan.ts";
import { containerLockName, noteContainerUse } from "./container-records.ts";
import {
  type ContainerUse,
  type ContainerUses,
  isSandboxLeased,
  joinUse,
  lease,
  leaveUse,
} from "./container-use.ts";
import type {
  ContainerAction,
  EnsureContainerRequest,
  EnsuredContainer,
  OutdatedReason,
  SettledContainer,
} from "./ensure-request.ts";
import { findOutdated } from "./find-outdated.ts";
import { lowerUlimits, readHardUlimits } from "./lower-ulimits.ts";
import { makeContainer, sandboxDiffers } from "./make-container.ts";
import { findMovedFolders, noteMountedFolders } from "./mounted-folders.ts";
import { isCutOff } from "./own-network.ts";
import { readContainerLabels } from "./read-container-labels.ts";

/**
 * Gives the running container of a plan: the one that is there, started where it had stopped; a new one where there is
 * none, or where it is outdated and nobody uses it. Calls at one time for one plan share one run; other processes wait.
 * Of a container that is as it should be it asks one question.
 *
 * Throws `CONTAINER_NAME_TAKEN` where another gateway's or scope's container has the name, `SANDBOX_DIFFERS` where the
 * engine makes it otherwise than planned, `SANDBOX_SETUP_FAILED`, `IMAGE_NOT_FOUND`, `STATE_FAILED` where the records
 * cannot be written, `ULIMIT_REFUSED` where it cannot be known what the engine may give, `CANCELLED` on the signal, and the
 * engine's errors. Whatever ran before then still runs.
 */
export async function ensureContainer(request: EnsureContainerRequest): Promise<EnsuredContainer> {
  const { plan, recordsDir, uses, signal } = request;
  const use = joinUse(uses, recordsDir);
  try {
    const run = JSON.stringify([recordsDir, plan.name, plan.hash]);
    const settled = await shareRun(uses.runs, run, (shared) => settleAlone(request, use, shared), signal);
    return { ...settled, release: grant(uses, use) };
  } catch (error) {
    leaveUse(uses, use);
    throw error;
  }
}

/** Apart from who asked: a closure keeps all that its neighbours use, for as long as a container is held. */
function grant(uses: ContainerUses, use: ContainerUse): () => void {
  let released = false;
  use.granted += 1;
  return () => {
    if (released) return;
    released = true;
    use.granted -= 1;
    leaveUse(uses, use);
  };
}

/** Everything about one scope's container happens under one lock, so that no answer of the engine is out of date. */
async function settleAlone(
  request: EnsureContainerRequest,
  use: ContainerUse,
  signal: AbortSignal,
): Promise<SettledContainer> {
  const { plan, recordsDir, onEvent, folders = [] } = request;
  const onWait = () => onEvent?.({ type: "container", name: plan.name, step: "waiting" });
  const settleAndLease = async () => {
    const settled = await settle({ ...request, signal }, use);
    // Nobody waits for it any more, so nobody would end the lease.
    throwIfCancelled(signal);
    lease(use);
    noteContainerUse(recordsDir);
    if (settled.runningSince === null) noteMountedFolders(recordsDir, settled.id, folders);
    return settled;
  };
  try {
    return await withLock(recordsDir, containerLockName, settleAndLease, { signal, onWait });
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("keep a sandbox's records in", recordsDir, error);
  }
}

/** Again where somebody removes or makes the same container by other means meanwhile. */
async function settle(request: EnsureContainerRequest, use: ContainerUse): Promise<SettledContainer> {
  for (let attempt = 1; ; attempt += 1) {
    const { found, isNew } = await findOrClaim(request);
    if (found !== null) requireSameSandbox(request, use, found);
    const held = planOf(request, found);
    try {
      const settled = await settleFound(request, use, found, held);
      const { action } = settled;
      return {
        ...settled,
        action: isNew && action === "reused" ? "claimed" : action,
        plan:
          action === "created" || action === "recreated"
            ? lowerUlimits(request.plan, request.uses.hardUlimits)
            : lowerUlimits(held, readHardUlimits(found?.labels ?? {})),
      };
    } catch (error) {
      if (attempt === maxAttempts || !isRace(error)) throw error;
      await delay(racePauseMs);
    }
  }
}

/** By its name; of a scope that has just claimed an entry of the pool, by the name that its container had there. */
async function findOrClaim({ engine, plan, pooled, onEvent, signal }: EnsureContainerRequest): Promise<{
  readonly found: ContainerDetails | null;
  readonly isNew: boolean;
}> {
  const found = await engine.sandboxes.inspect(plan.name, signal);
  if (found !== null || pooled === undefined) return { found, isNew: false };
  try {
    await engine.sandboxes.rename(pooled.waitingName, plan.name);
  } catch (error) {
    if (error instanceof SkillcrateError && error.code === "CONTAINER_GONE") return { found, isNew: false };
    throw error;
  }
  onEvent?.({ type: "container", name: plan.name, step: "named" });
  return { found: await engine.sandboxes.inspect(plan.name, signal), isNew: true };
}

/** Labels cannot be changed: what was made for the pool is held to what it was made from. */
function planOf({ plan, pooled }: EnsureContainerRequest, found: ContainerDetails | null): ContainerPlan {
  const isPooled = pooled !== undefined && found?.labels[containerLabels.pool] === pooled.id;
  return isPooled ? pooled.plan : plan;
}

const maxAttempts = 10;
const racePauseMs = 200;

function isRace(error: unknown): boolean {
  return (
    error instanceof SkillcrateError &&
    (error.code === "CONTAINER_GONE" || error.code === "CONTAINER_NAME_TAKEN")
  );
}

/** The name holds a hash of the scope; that it is the same scope, of the same gateway, the labels must say. */
function requireSameSandbox(
  { plan: { name, body }, pooled, recordsDir }: EnsureContainerRequest,
  use: ContainerUse,
  { id, labels }: ContainerDetails,
): void {
  const [planned, real] = [readContainerLabels(body.Labels), readContainerLabels(labels)];
  const same =
    planned !== null &&
    real !== null &&
    planned.role === real.role &&
    planned.owner === real.owner &&
    // Labels of the pool tell no scope: the claim does. One whose claim is lost can only be replaced.
    (real.pool === null
      ? planned.scope.kind === real.scope.kind && planned.scope.key === real.scope.key
      : real.pool === (pooled?.id ?? planned.pool) || !isSandboxLeased(recordsDir, use));
  if (same) return;
  const whose = real === null ? "no sandbox of Skillcrate's" : "the sandbox of another gateway or scope";
  throw new SkillcrateError(
    "CONTAINER_NAME_TAKEN",
    `The container ${quoteValue(name)} (${id.slice(0, 12)}) is ${whose}.`,
    { hint: "Give this gateway's containers another prefix: agents.defaults.sandbox.docker.containerPrefix" },
  );
}

type Unplanned = Omit<SettledContainer, "plan">;

async function settleFound(
  request: EnsureContainerRequest,
  use: ContainerUse,
  found: ContainerDetails | null,
  held: ContainerPlan,
): Promise<Unplanned> {
  const { engine, recordsDir } = request;
  if (found === null) return started(await makeContainer(request, null), "created");
  if (found.state === "removing") {
    await engine.containers.remove(found.id);
    return started(await makeContainer(request, null), "recreated");
  }
  const outdated = [...findOutdated(held, found), ...findMoved(request, found)];
  // Of what can never run again nobody has anything, whoever holds it.
  const isLost = await isCutOff(engine, found, request.signal);
  if (isLost || (outdated.length > 0 && !isSandboxLeased(recordsDir, use))) {
    return started(await makeContainer(request, found), "recreated", outdated);
  }
  if (outdated.length === 0) return reviveOrReplace(request, found);
  // An older plan was good when it was made; what nobody has planned is not given to anybody.
  for (const reason of outdated)
    if (reason.kind === "changed") throw sandboxDiffers(held, reason.differences);
  return { ...(await revive(request, found)), outdated };
}

/** An engine that was restarted with lower limits can never start it again. */
async function reviveOrReplace(request: EnsureContainerRequest, found: ContainerDetails): Promise<Unplanned> {
  try {
    return await revive(request, found);
  } catch (error) {
    if (!(error instanceof SkillcrateError && error.code === "ULIMIT_REFUSED")) throw error;
    return started(await makeContainer(request, found), "recreated");
  }
}

/** One that does not run gets them anew when it is started. */
function findMoved(
  { recordsDir, folders = [] }: EnsureContainerRequest,
  { id, state }: ContainerDetails,
): readonly OutdatedReason[] {
  if ((state !== "running" && state !== "paused") || folders.length === 0) return [];
  const targets = findMovedFolders(recordsDir, id, folders);
  // Whatever was before: what goes from now on is noticed.
  if (targets === null) noteMountedFolders(recordsDir, id, folders);
  return targets === null || targets.length === 0 ? [] : [{ kind: "folders", targets }];
}

async function revive(
  { engine, plan, onEvent }: EnsureContainerRequest,
  { id, state, startedAt }: ContainerDetails,
): Promise<Unplanned> {
  if (state === "running") return { id, action: "reused", runningSince: startedAt, outdated: [] };
  await engine.sandboxes.start(id);
  onEvent?.({ type: "container", name: plan.name, step: "started" });
  return started(id, "started");
}

function started(id: string, action: ContainerAction, outdated: readonly OutdatedReason[] = []): Unplanned {
  return { id, action, runningSince: null, outdated };
}
