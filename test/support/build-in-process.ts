import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ImageOutcome } from "../../src/engine/build/build-outcome.ts";
import { createEventQueue } from "../../src/engine/build/event-queue.ts";
import type { BuildEvent } from "../../src/engine/build-event.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { renderHandMade } from "./hand-made-plan.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface BuildingProcess {
  readonly child: ChildProcess;
  readonly events: AsyncIterable<BuildEvent | { readonly type: "labelled" }>;
  /** Empty where the process was killed. */
  readonly outcomes: Promise<readonly ImageOutcome[]>;
}

/** Compiles the sources into `dir`, for processes that can be killed. */
export function compileSources(dir: string): void {
  const tsc = join(root, "node_modules", ".bin", "tsc");
  const options = ["--noCheck", "--emitDeclarationOnly", "false", "--declaration", "false"];
  execFileSync(tsc, ["-p", join(root, "tsconfig.build.json"), ...options, "--outDir", join(dir, "src")]);
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  writeFileSync(join(dir, "package.json"), '{"type":"module"}');
  writeFileSync(join(dir, "build.js"), program);
}

/**
 * Builds a hand-made plan in a process of its own; `dir` is one that {@link compileSources} has filled. Tells when the
 * image is labelled and not yet tagged, where it waits for a while with `pause`.
 */
export function buildInProcess(
  dir: string,
  plan: ImagePlan,
  builder: "buildkit" | "classic",
  pause = false,
): BuildingProcess {
  mkdirSync(join(dir, "plans"), { recursive: true });
  const path = join(dir, "plans", `${plan.hash}.json`);
  const { dockerfile, origins } = renderHandMade(plan).image;
  writeFileSync(path, JSON.stringify({ plan, dockerfile, origins, builder, pause }));
  const child = spawn(process.execPath, [join(dir, "build.js"), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const events = createEventQueue<BuildEvent | { readonly type: "labelled" }>();
  let outcomes: readonly ImageOutcome[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    if ("outcomes" in message) outcomes = message.outcomes;
    else events.push(message);
  });
  const ended = once(child, "close");
  ended.then(events.end, events.fail);
  return { child, events: events.values, outcomes: ended.then(() => outcomes) };
}

const program = `
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { buildImages } from "./src/engine/build/build-images.js";
import { defaultBuildSettings } from "./src/engine/build-settings.js";
import { connectEngine } from "./src/engine/connect/connect-engine.js";
import { noNetworkSettings } from "./src/dockerfile/network-settings.js";

const { plan, dockerfile, origins, builder, pause } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const content = new TextEncoder().encode(dockerfile);
const image = { rendering: "portable", dockerfile, origins, buildArgs: {}, context: [{ path: "Dockerfile", mode: 0o644, content }] };
const engine = await connectEngine({ env: process.env, homeDir: homedir() });
const run = buildImages(engine, [plan], {
  ...defaultBuildSettings,
  builder,
  render: () => ({ image, diagnostics: [] }),
  network: noNetworkSettings,
  signal: new AbortController().signal,
  storeFacts: async () => {
    tell({ type: "labelled" });
    if (pause) await new Promise((resolve) => setTimeout(resolve, 20_000));
  },
});
const tell = (message) => process.stdout.write(JSON.stringify(message) + "\\n");
for await (const event of run) tell(event);
tell({ outcomes: await run.outcomes });
`;
