import { setMaxListeners } from "node:events";
import type { Engine } from "../engine/engine.ts";
import type { ContainerFacts } from "../engine/sandbox/read-container-facts.ts";
import type { Browser, BrowserEvent, BrowserGround, BrowserRequest } from "./browser/browser-request.ts";
import { closeDoors } from "./browser/keep-doors.ts";
import type { SeccompProfile } from "./container/container-request.ts";
import { createContainerUses } from "./container/container-use.ts";
import type { ContainerEvent } from "./container/ensure-request.ts";
import { ownerId } from "./container/owner-id.ts";
import { readSeccompProfile } from "./container/read-seccomp-profile.ts";
import { confineConfig } from "./ensure/confine-config.ts";
import { ensureSandbox } from "./ensure/ensure-sandbox.ts";
import type {
  BuildImage,
  EnsuredSandbox,
  Sandbox,
  SandboxGround,
  SandboxRequest,
} from "./ensure/sandbox-request.ts";
import { shareEqual } from "./ensure/share-equal.ts";
import { createHostPaths, readOwnContainerId } from "./host-paths/create-host-paths.ts";
import { createMirrorCache } from "./mirror-cache.ts";
import { fillPool } from "./pool/fill-pool.ts";

export interface SandboxManagerOptions {
  readonly engine: Engine;
  /** Absolute: the gateway's. Sandboxes of gateways with others are not touched. */
  readonly stateDir: string;
  /** Absolute: the home of the gateway's user, whose logins no sandbox may mount. */
  readonly homeDir: string;
  readonly onEvent?: (event: ContainerEvent) => void;
  readonly onBrowserEvent?: (event: BrowserEvent) => void;
  /**
   * Whether browsers may run where this host, or the engine, leaves Chromium without its own sandbox; default false: they
   * end, and say so. Where Chromium can have its sandbox it keeps it all the same.
   */
  readonly unsandboxedBrowsers?: boolean;
  /** Default: what waits is left to others, and nothing is prepared. */
  readonly warmPool?: WarmPoolOptions;
  /** What to do where a configured image is not there; default: that is an error, which names the command that builds it. */
  readonly missingImage?: BuildImage;
}

/** Sandboxes that are prepared for sessions to come. */
export interface WarmPoolOptions {
  /**
   * How many wait for each agent. They are made beside the first new session's, and one for each that is taken. 0: take
   * what others have prepared.
   */
  readonly size: number;
  /** Nobody waits for what is prepared beside: it is said here why it failed. The next new session tries it again. */
  readonly onError?: (error: unknown) => void;
}

/** What a gateway gets its sandboxes from. Several in one process and in several know of each other by the disk. */
export interface SandboxManager extends AsyncDisposable {
  /** What the `life` functions call its sandboxes by. */
  readonly owner: string;
  /** See `ensureSandbox`. Throws `CANCELLED` once it is closed. */
  ensure(request: SandboxRequest): Promise<Sandbox>;
  /**
   * Prepares sandboxes for sessions like this one until `warmPool.size` of them wait; gives how many it made. Throws what
   * `ensure` throws.
   */
  fillPool(request: SandboxRequest): Promise<number>;
  /** See `ensureBrowser`. Throws `CANCELLED` once it is closed. */
  ensureBrowser(request: BrowserRequest): Promise<Browser>;
  /**
   * Releases every sandbox and browser that was not; what is being made is stopped, and doors of browsers that this
   * manager keeps are closed. The containers run on.
   */
  close(): Promise<void>;
}

export function createSandboxManager(options: SandboxManagerOptions): SandboxManager {
  const { engine, stateDir, homeDir, onEvent, onBrowserEvent, warmPool, missingImage } = options;
  const closing = new AbortController();
  // As many as there are sandboxes being made at once.
  setMaxListeners(0, closing.signal);
  const held = new Set<() => void>();
  /** By agent: the sandbox that it got last. */
  const models = new Map<string, Omit<EnsuredSandbox, "release">>();
  const running = new Set<Promise<unknown>>();
  const ground: SandboxGround = {
    ...{ engine, stateDir, homeDir },
    owner: ownerId(stateDir),
    hostPaths: createHostPaths({ engine, containerId: readOwnContainerId() }),
    facts: rememberFacts(engine),
    builtInSeccomp: rememberSeccomp(),
    uses: createContainerUses(),
    cache: createMirrorCache(),
    takesWaiting: warmPool !== undefined,
    builds: new Map(),
    ...(missingImage === undefined ? {} : { buildImage: missingImage }),
    ...(onEvent === undefined ? {} : { onEvent }),
  };
  const ensure = async (request: SandboxRequest): Promise<Sandbox> => {
    const { config, diagnostics } = confineConfig(request.config, request.session);
    const { release, ...made } = await untilEither(request.signal, closing.signal, (signal) =>
      ensureSandbox({ ...request, config, signal }, ground),
    );
    const told = { ...made, diagnostics: [...diagnostics, ...made.diagnostics] };
    const { agentId } = request.session;
    const shared = shareEqual(told, models.get(agentId));
    models.set(agentId, shared);
    return { ...shared, ...untilReleased(held, release) };
  };
  const { onEvent: _ofContainers, ...shared } = ground;
  const browsers: BrowserGround = {
    ...shared,
    doors: new Map(),
    held: new Set(),
    unsandboxed: options.unsandboxedBrowsers === true,
    ...(onBrowserEvent === undefined ? {} : { onEvent: onBrowserEvent }),
  };
  const ensureOneBrowser = async (request: BrowserRequest): Promise<Browser> => {
    // Most processes have none.
    const { ensureBrowser } = await import("./browser/ensure-browser.ts");
    return untilEither(request.signal, closing.signal, (signal) =>
      ensureBrowser({ ...request, signal }, browsers),
    );
  };
  const fill = (request: SandboxRequest): Promise<number> =>
    untilEither(request.signal, closing.signal, (signal) =>
      fillPool({ ...request, signal }, ground, warmPool?.size ?? 0),
    );
  let filling: Promise<unknown> = Promise.resolve();
  const queued = new Set<string>();
  /** Beside what goes on, one after the other, and not for who asked: his signal ends his own sandbox. */
  const refill = ({ signal: _signal, ...request }: SandboxRequest): void => {
    const { agentId, workspaceAccess } = request.session;
    const kind = JSON.stringify([agentId, workspaceAccess.value]);
    if (queued.has(kind)) return;
    queued.add(kind);
    filling = filling.then(async () => {
      queued.delete(kind);
      try {
        await fill(request);
      } catch (error) {
        if (!closing.signal.aborted) warmPool?.onError?.(error);
      }
    });
    void track(filling);
  };
  const track = <Result>(result: Promise<Result>): Promise<Result> => {
    running.add(result);
    const forget = () => running.delete(result);
    result.then(forget, forget);
    return result;
  };
  const ensureAndRefill = async (request: SandboxRequest): Promise<Sandbox> => {
    const sandbox = await ensure(request);
    const isNew = sandbox.action === "created" || sandbox.action === "claimed";
    if (isNew && (warmPool?.size ?? 0) > 0) refill(request);
    return sandbox;
  };
  const close = async () => {
    closing.abort();
    await Promise.allSettled(running);
    for (const release of held) release();
    for (const release of browsers.held) release();
    await Promise.all([...browsers.doors.keys()].map((recordsDir) => closeDoors(browsers, recordsDir)));
  };
  return {
    owner: ground.owner,
    ensure: (request) => track(ensureAndRefill(request)),
    ensureBrowser: (request) => track(ensureOneBrowser(request)),
    fillPool: (request) => track(fill(request)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Apart from who asked: a closure keeps all that its neighbours use, for as long as a sandbox is held. */
function untilReleased(
  held: Set<() => void>,
  end: () => void,
): Pick<Sandbox, "release" | typeof Symbol.asyncDispose> {
  const release = () => {
    held.delete(release);
    end();
  };
  held.add(release);
  return { release, [Symbol.asyncDispose]: async () => release() };
}

function rememberSeccomp(): () => SeccompProfile {
  let known: SeccompProfile | null = null;
  return () => {
    known ??= readSeccompProfile("sandbox");
    return known;
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
