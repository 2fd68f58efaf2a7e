import { setTimeout as delay } from "node:timers/promises";
import type { ErrorCode } from "../../diagnostic/error-codes.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Wardens } from "./create-wardens.ts";
import type { WardenSignal, WardenTarget } from "./open-warden.ts";

export interface EndRequest {
  readonly engine: Engine;
  readonly containerId: string;
  readonly user?: string | undefined;
  readonly wardens: Wardens;
  readonly target: WardenTarget;
  /** The engine's id of the command; null: it has not told one. */
  readonly execId: string | null;
  readonly lastResort: LastResort;
}

/**
 * What is done where a command cannot be ended from inside, because the sandbox may start no more processes and its
 * warden was killed. `restart`: the whole container is killed and started again, which ends all that runs there and
 * empties its tmpfs mounts (`/tmp`, `/run`, `/var/tmp`). `leave`: nothing, and `EXEC_NOT_ENDED` is thrown.
 */
export type LastResort = "restart" | "leave";

/** By what a command was ended. */
export type EndedBy = "signal" | "restart";

/**
 * Kills a command, its process group, and what has left that group but still carries its mark. What has done both,
 * leaving the group and emptying its environment, lives on within the sandbox's limits until the container stops.
 * Throws `EXEC_NOT_ENDED`, and `CONTAINER_GONE` where there is no container any more.
 */
export async function endCommand(request: EndRequest): Promise<EndedBy> {
  const { engine, containerId, lastResort } = request;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if ((await tryWarden(request, "KILL")) && (await isOver(request))) return "signal";
  }
  if (lastResort === "leave") throw notEnded(containerId);
  await engine.execs.restart(containerId);
  return "restart";
}

/** Signals a command by its container's warden. False: none can be had now. */
export async function tryWarden(
  { wardens, containerId, user, target }: Pick<EndRequest, "wardens" | "containerId" | "user" | "target">,
  signal: WardenSignal,
): Promise<boolean> {
  try {
    const warden = await wardens.of(containerId, user);
    await warden.signal(target, signal);
    return true;
  } catch (error) {
    const expected = error instanceof SkillcrateError && wardenFailures.includes(error.code);
    if (expected) return false;
    throw error;
  }
}

// ENGINE_REFUSED: what an engine says where it cannot start a process.
const wardenFailures: readonly ErrorCode[] = ["EXEC_NOT_STARTED", "EXEC_WARDEN_LOST", "ENGINE_REFUSED"];

/** A killed process is gone within milliseconds, but the engine has to notice. */
async function isOver({ engine, execId }: EndRequest): Promise<boolean> {
  if (execId === null) return true;
  for (const pauseMs of pausesMs) {
    if (!(await engine.execs.inspect(execId)).running) return true;
    await delay(pauseMs);
  }
  return false;
}

function notEnded(containerId: string): SkillcrateError {
  return new SkillcrateError(
    "EXEC_NOT_ENDED",
    `a command in container ${quoteValue(containerId)} was to end and still runs`,
    { hint: `Restart the container, which ends all that runs in it: docker restart --time 0 ${containerId}` },
  );
}

const attempts = 2;
// Docker 20.10 waits two seconds for what else holds the command's output open.
const pausesMs = [2, 5, 10, 20, 50, 100, 200, 400, 800, 1000, 1000];
