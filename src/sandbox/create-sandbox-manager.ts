import { setMaxListeners } from "node:events";
import type { Engine } from "../engine/engine.ts";
import type { ContainerFacts } from "../engine/sandbox/read-container-facts.ts";
import { createContainerUses } from "./container/container-use.ts";
import type { ContainerEvent } from "./container/ensure-request.ts";
import { ownerId } from "./container/owner-id.ts";
import { ensureSandbox } from "./ensure/ensure-sandbox.ts";
import type { Sandbox, SandboxGround, SandboxRequest } from "./ensure/sandbox-request.ts";
import { createHostPaths, readOwnContainerId } from "./host-paths/create-host-paths.ts";
import { createMirrorCache } from "./mirror-cache.ts";

export interface SandboxManagerOptions {
  readonly engine: Engine;
  /** Absolute: the gateway's. Sandboxes of gateways with others are not touched. */
  readonly stateDir: string;
  /** Absolute: the home of the gateway's user, whose logins no sandbox may mount. */
  readonly homeDir: string;
  readonly onEvent?: (event: ContainerEvent) => void;
}

/** What a gateway gets its sandboxes from. Several in one process and in several know of each other by the disk. */
export interface SandboxManager extends AsyncDisposable {
  /** What the `life` functions call its sandboxes by. */
  readonly owner: string;
  /** See `ensureSandbox`. Throws `CANCELLED` once it is closed. */
  ensure(request: SandboxRequest): Promise<Sandbox>;
  /** Releases every sandbox that was not; what is being made is stopped. The containers run on. */
  close(): Promise<void>;
}

export function createSandboxManager(options: SandboxManagerOptions): SandboxManager {
  const { engine, stateDir, homeDir, onEvent } = options;
  const closing = new AbortController();
  // As many as there are sandboxes being made at once.
  setMaxListeners(0, closing.signal);
  const held = new Set<Sandbox>();
  const running = new Set<Promise<unknown>>();
  const ground: SandboxGround = {
    ...{ engine, stateDir, homeDir },
    owner: ownerId(stateDir),
    hostPaths: createHostPaths({ engine, containerId: readOwnContainerId() }),
    facts: rememberFacts(engine),
    uses: createContainerUses(),
    cache: createMirrorCache(),
    ...(onEvent === undefined ? {} : { onEvent }),
  };
  const ensure = async (request: SandboxRequest): Promise<Sandbox> => {
    const sandbox = await untilEither(request.signal, closing.signal, (signal) =>
      ensureSandbox({ ...request, signal }, ground),
    );
    const release = () => {
      held.delete(owned);
      sandbox.release();
    };
    const owned = { ...sandbox, release, [Symbol.asyncDispose]: async () => release() };
    held.add(owned);
    return owned;
  };
  const close = async () => {
    closing.abort();
    await Promise.allSettled(running);
    for (const sandbox of held) sandbox.release();
  };
  return {
    owner: ground.owner,
    ensure: (request) => {
      const result = ensure(request);
      running.add(result);
      const forget = () => running.delete(result);
      result.then(forget, forget);
      return result;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Asked for once; a question that failed is asked again. */
function rememberFacts(engine: Engine): () => Promise<ContainerFacts> {
  let known: Promise<ContainerFacts> | null = null;
  return () => {
    known ??= engine.containers.facts().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

/** Listeners do not outlive the task: `AbortSignal.any` keeps one for each call at a signal that lives as long as a gateway. */
async function untilEither<Result>(
  one: AbortSignal | undefined,
  other: AbortSignal,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const signals = one === undefined ? [other] : [one, other];
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
  }
  try {
    return await task(controller.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}
