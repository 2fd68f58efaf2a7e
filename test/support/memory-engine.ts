import { createHash } from "node:crypto";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import type {
  BuildRequest,
  BuildStepEvent,
  ContainerEntry,
  Engine,
  ExecResult,
  ExecSpec,
  ImageDetails,
} from "../../src/engine/engine.ts";
import type { NetworkDetails } from "../../src/engine/sandbox/network-port.ts";
import { memoryNetworks } from "./memory-networks.ts";
import { memorySandboxes } from "./memory-sandboxes.ts";

/** What a program in the images of a memory engine does, by its name; absent: prints `NAME 1.0`. */
export type Programs = Readonly<Record<string, Partial<ExecResult>>>;

export interface MemoryEngine {
  readonly engine: Engine;
  /** By id; tags are in `tags`. */
  readonly images: Map<string, ImageDetails>;
  readonly tags: Map<string, string>;
  readonly containers: Map<string, ContainerEntry>;
  /** By id. */
  readonly networks: Map<string, NetworkDetails>;
  startedMs: number | null;
  /** `images.inspect base:1`, … in order. */
  readonly calls: string[];
  /** Called before each call takes effect; what it throws the call throws. */
  before: (call: string, index: number) => void | Promise<void>;
}

/**
 * An engine in memory for what a real one cannot be made to do on demand: fail at the n-th request, lose a race. A build
 * makes one layer for each `RUN`, and fails at `RUN false`. It starts with the image `debian:test`.
 */
export function createMemoryEngine(programs: Programs = {}): MemoryEngine {
  const memory: Omit<MemoryEngine, "engine"> = {
    images: new Map(),
    tags: new Map(),
    containers: new Map(),
    networks: new Map(),
    startedMs: null,
    calls: [],
    before: () => {},
  };
  const world: MemoryEngine = { ...memory, engine: undefined as unknown as Engine };
  const call = async (name: string): Promise<void> => {
    world.calls.push(name);
    await world.before(name, world.calls.length - 1);
  };
  const debian = makeImage({ layers: ["sha256:debian"], labels: {}, history: "debian" });
  world.images.set(debian.id, debian);
  world.tags.set("debian:test", debian.id);
  return Object.assign(world, {
    engine: {
      info: {
        strategy: "memory",
        product: "docker",
        version: "1",
        apiVersion: "1.41",
        platform: "linux/amd64",
        buildkit: true,
      },
      images: imagePort(world, call),
      builds: {
        build: (request: BuildRequest) => build(world, call, request),
        cacheUsage: async () => ({ bytes: 0, reclaimableBytes: 0 }),
      },
      containers: containerPort(world, call, programs),
      sandboxes: memorySandboxes(world.containers, call),
      networks: memoryNetworks(world.networks, call),
      execs: { open: refuse, resize: refuse, inspect: refuse, restart: refuse },
      registry: { pull: refuse, push: refuse },
    } satisfies Engine,
  });
}

type Call = (name: string) => Promise<void>;

function imagePort(world: MemoryEngine, call: Call): Engine["images"] {
  const find = (reference: string) => world.images.get(world.tags.get(reference) ?? reference) ?? null;
  const withTags = (image: ImageDetails): ImageDetails => ({
    ...image,
    tags: [...world.tags].filter(([, id]) => id === image.id).map(([tag]) => tag),
  });
  return {
    inspect: async (reference) => {
      await call(`images.inspect ${reference}`);
      const image = find(reference);
      return image === null ? null : withTags(image);
    },
    tag: async (id, reference) => {
      await call(`images.tag ${reference}`);
      if (!world.images.has(id)) throw failure("IMAGE_NOT_FOUND");
      world.tags.set(reference, id);
    },
    remove: async (reference) => {
      await call(`images.remove ${reference}`);
      const id = world.tags.get(reference) ?? reference;
      world.tags.delete(reference);
      if (![...world.tags.values()].includes(id)) world.images.delete(id);
    },
    list: async (label) => {
      await call(`images.list ${label}`);
      return [...world.images.values()].filter(({ labels }) => hasLabel(labels, label)).map(withTags);
    },
    importRoot: refuse,
    history: async (reference) => {
      await call("images.history");
      return [{ createdBy: Object.keys(find(reference)?.labels ?? {}).join(), sizeBytes: 0 }];
    },
  };
}

async function* build(
  world: MemoryEngine,
  call: Call,
  request: BuildRequest,
): AsyncGenerator<BuildStepEvent> {
  await call("builds.build");
  const file = request.context.find(({ path }) => path === "Dockerfile");
  const lines = new TextDecoder().decode(file?.content).split("\n");
  const from = /^FROM (\S+)/.exec(lines[0] ?? "")?.[1] ?? "";
  const below = world.images.get(world.tags.get(from) ?? from);
  if (below === undefined) throw failure("BUILD_FAILED");
  const layers = [...below.layers];
  const labels = { ...below.labels };
  for (const [index, line] of lines.entries()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (request.signal.aborted) throw failure("CANCELLED");
    const title = `[${index + 1}/${lines.length}] ${line}`;
    if (line === "RUN false") {
      yield { type: "step-failed", step: String(index), title, message: "exit code: 1", log: ["it broke"] };
      throw failure("BUILD_FAILED");
    }
    if (line.startsWith("RUN ")) {
      yield { type: "step-started", step: String(index), title };
      layers.push(`sha256:${hash([layers, line])}`);
    }
    if (line.startsWith("LABEL ")) Object.assign(labels, readLabels(line));
  }
  await call("builds.end");
  const image = makeImage({ layers, labels, history: lines.at(-1) ?? "" });
  world.images.set(image.id, image);
  yield { type: "image-id", id: image.id, stages: [] };
}

function containerPort(world: MemoryEngine, call: Call, programs: Programs): Engine["containers"] {
  let made = 0;
  return {
    create: async ({ labels }) => {
      await call("containers.create");
      made += 1;
      const id = `container-${made}`;
      world.containers.set(id, { id, labels, createdMs: Date.now() });
      return id;
    },
    start: async () => await call("containers.start"),
    exec: async (id, spec) => {
      await call(`containers.exec ${spec.command[0]}`);
      if (!world.containers.has(id)) throw failure("CONTAINER_GONE");
      return {
        exitCode: 0,
        stdout: "",
        stderr: "",
        truncated: false,
        timedOut: false,
        ...answer(spec, programs),
      };
    },
    remove: async (id) => {
      await call("containers.remove");
      world.containers.delete(id);
    },
    list: async (label) => {
      await call("containers.list");
      return [...world.containers.values()].filter(({ labels }) => hasLabel(labels, label));
    },
    engineStartedMs: async () => world.startedMs,
    facts: async () => {
      await call("containers.facts");
      return { cpus: 2, hasInit: true, countsSwap: true, defaultRuntime: "runc", appArmor: false };
    },
  };
}

/** The shells find every program; the survey finds bash and a `timeout`. */
function answer({ command }: ExecSpec, programs: Programs): Partial<ExecResult> {
  const [first, , script = "", , marker = "", ...names] = command;
  if (first === "timeout") {
    const name = command[4] ?? "";
    return programs[name] ?? { stdout: `${name} 1.0\n` };
  }
  if (first === "dpkg-query") return { stdout: "installed libc6 2.36\n" };
  if (script.includes("for name do")) {
    return { stdout: names.map((name) => `${marker}/usr/bin/${name}\n`).join("") };
  }
  if (script.includes("getent")) return { stdout: "1000\n1000\nsandbox\n/home/sandbox\nyes\nyes\n" };
  return {};
}

/** `label`: `key` or `key=value`. */
function hasLabel(labels: Readonly<Record<string, string>>, label: string): boolean {
  const [key = "", value] = label.split("=");
  return value === undefined ? key in labels : labels[key] === value;
}

function makeImage(parts: {
  layers: string[];
  labels: Record<string, string>;
  history: string;
}): ImageDetails {
  return {
    id: `sha256:${hash(parts)}`,
    tags: [],
    repoDigests: [],
    sizeBytes: parts.layers.length * 1000,
    labels: parts.labels,
    layers: parts.layers,
    env: [],
    user: "",
    architecture: "amd64",
    created: "",
  };
}

function readLabels(line: string): Record<string, string> {
  const pairs = line.matchAll(/"((?:[^"\\]|\\.)*)"="((?:[^"\\]|\\.)*)"/g);
  const plain = (text: string | undefined) => (text ?? "").replace(/\\(.)/g, "$1");
  return Object.fromEntries([...pairs].map(([, key, value]) => [plain(key), plain(value)]));
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

async function refuse(): Promise<never> {
  throw failure("ENGINE_REFUSED");
}

function failure(code: SkillcrateError["code"]): SkillcrateError {
  return new SkillcrateError(code, `the memory engine says ${code}`, { hint: "none" });
}
