import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { BuildStage, Healthcheck, ImagePlan } from "../plan/image-plan.ts";
import type { ContextFile, RenderedImage, Rendering } from "./build-context.ts";
import { checkFiles } from "./check-files.ts";
import { checkNetwork } from "./check-network.ts";
import { checkPlan } from "./check-plan.ts";
import { fetchProgram } from "./download/fetch-program.ts";
import { copy, env, from, type Instruction } from "./instruction.ts";
import { lockFiles } from "./lock-files.ts";
import { certificateFiles, settingsFiles, textFile } from "./network-files.ts";
import type { NetworkSettings } from "./network-settings.ts";
import { nodeProgram } from "./node/node-program.ts";
import { contextPath, gatherTrees, renderLayer } from "./render-layer.ts";
import { listsStage, readPackageLists, takeInKept, trustKeptCertificates } from "./render-packages.ts";
import { epoch, renderStage } from "./render-stage.ts";
import { belowReference, type RenderTarget } from "./render-target.ts";
import {
  clientsOfEcosystems,
  fetchedBytesFile,
  fetchProgramSource,
  lockSource,
  networkClients,
  nodeProgramSource,
  recordFile,
} from "./settings-paths.ts";

export interface RenderOptions {
  readonly rendering: Rendering;
  readonly network: NetworkSettings;
  /** The files that image definitions copy in, by their `source`. */
  readonly contents: Readonly<Record<string, Uint8Array>>;
  /** `records`: in place of the image, one with what its trees were made from, each in a file of {@link recordsFolder}. */
  readonly part?: "image" | "records";
}

/**
 * A plan as a Dockerfile with its build context. Equal plans give equal bytes. Every value is checked against the
 * grammar of its place first; what does not fit is a diagnostic, and then there is no image.
 */
export function renderImage(
  plan: ImagePlan,
  options: RenderOptions,
): { image: RenderedImage | null; diagnostics: Diagnostic[] } {
  const { rendering, network, contents, part = "image" } = options;
  const diagnostics = [
    ...checkPlan(plan),
    ...checkFiles(plan, contents),
    ...checkNetwork(network, plan, rendering),
  ];
  if (diagnostics.length > 0) return { image: null, diagnostics };
  const target = { plan, rendering, network };
  const { dockerfile, origins } = layOut([
    ...stageBlocks(target),
    ...(part === "image" ? imageBlocks(target) : [recordsBlock(target)]),
  ]);
  const context = contextOf(target, dockerfile, contents);
  return {
    image: { rendering, dockerfile, context, buildArgs: proxyArguments(network), origins },
    diagnostics,
  };
}

/** Stages, each a block of instructions. */
function stageBlocks(target: RenderTarget): Instruction[][] {
  const { plan } = target;
  return [
    ...(target.rendering === "buildkit" && readsIndex(plan) ? [listsBlock(target)] : []),
    ...plan.stages.map((stage) => renderStage(stage, target)),
  ];
}

function imageBlocks(target: RenderTarget): Instruction[][] {
  return [...target.plan.layers.map(gatherTrees).filter((block) => block.length > 0), finalBlock(target)];
}

/** Where the rendering of records has them, each under the id of its stage. */
export const recordsFolder = "/opt/records";

/** What it has beside the record of a stage: see {@link fetchedBytesFile}. */
export function fetchedBytesOf(stage: string): string {
  return `${recordsFolder}/${stage}.bytes`;
}

function recordsBlock(target: RenderTarget): Instruction[] {
  const { stages, locked } = target.plan;
  // What was made from a lock need not tell what that says.
  const trees = stages.flatMap((stage) =>
    stage.kind === "tree" && locked?.parts[stage.id] === undefined ? [stage] : [],
  );
  return [
    from("records", belowReference(target)),
    ...trees.flatMap(({ id, ecosystem }) => [
      copy("records", recordFile, `${recordsFolder}/${id}`, id),
      // A download's record has its size, and nothing of Homebrew's can be locked.
      ...(ecosystem === "download" || ecosystem === "brew"
        ? []
        : [copy("records", fetchedBytesFile, fetchedBytesOf(id), id)]),
    ]),
  ];
}

/** Locked packages come without an index. */
function readsIndex({ stages, layers, locked }: ImagePlan): boolean {
  const installers = [...stages.filter(isInstaller), ...layers.filter(({ kind }) => kind === "packages")];
  return installers.some(({ id }) => locked?.parts[id] === undefined);
}

function installsPackages(plan: ImagePlan): boolean {
  return installsInToolchains(plan) || plan.layers.some((layer) => layer.kind === "packages");
}

function installsInToolchains(plan: ImagePlan): boolean {
  return plan.stages.some(isInstaller);
}

function isInstaller(stage: BuildStage): boolean {
  return stage.kind === "toolchain" && stage.packages.length > 0;
}

/** The stage that reads the package index. */
export function listsBlock(target: RenderTarget): Instruction[] {
  return [
    from(listsStage, belowReference(target), listsStage),
    { id: listsStage, text: "USER root" },
    epoch(listsStage, target),
    readPackageLists(target),
  ];
}

const configId = "config";

function finalBlock(target: RenderTarget): Instruction[] {
  const { plan, rendering } = target;
  const hasPackages = plan.layers.some((layer) => layer.kind === "packages");
  return [
    from(configId, belowReference(target)),
    ...(plan.config.user === null ? [] : [{ id: configId, text: "USER root" }]),
    ...(rendering === "portable" && hasPackages ? [epoch(configId, target)] : []),
    ...takeInKept(configId, target),
    ...plan.layers.flatMap((layer) => renderLayer(layer, target)),
    ...trustKeptCertificates(configId, target),
    ...renderConfig(plan),
  ];
}

function renderConfig({ config }: ImagePlan): Instruction[] {
  const names = Object.keys(config.env).sort(compareText);
  const lines = [
    ...(config.workdir === null ? [] : [`WORKDIR ${config.workdir}`]),
    ...config.expose.map((port) => `EXPOSE ${port}`),
    ...(config.entrypoint === null ? [] : [`ENTRYPOINT ${JSON.stringify(config.entrypoint)}`]),
    ...(config.cmd === null ? [] : [`CMD ${JSON.stringify(config.cmd)}`]),
    ...(config.healthcheck === undefined ? [] : [renderHealthcheck(config.healthcheck)]),
    ...(config.user === null ? [] : [`USER ${config.user}`]),
  ];
  return [
    ...names.map((name) => env(configId, name, config.env[name] ?? "")),
    ...lines.map((text) => ({ id: configId, text })),
  ];
}

function renderHealthcheck(check: Healthcheck): string {
  const { command, intervalSeconds, timeoutSeconds, startSeconds, retries } = check;
  const times = `--interval=${intervalSeconds}s --timeout=${timeoutSeconds}s --start-period=${startSeconds}s`;
  return `HEALTHCHECK ${times} --retries=${retries} CMD ${JSON.stringify(command)}`;
}

/** The first line is a comment, so that no later one can be a directive to the builder's parser. */
const firstLine = "# Made by skillcrate from an image plan. Change the plan, not this file.";

/** Blocks as a Dockerfile, an empty line between two of them. */
export function layOut(
  blocks: readonly (readonly Instruction[])[],
): Pick<RenderedImage, "dockerfile" | "origins"> {
  const lines = [firstLine];
  const origins: { line: number; id: string }[] = [];
  for (const block of blocks) {
    lines.push("");
    for (const { id, text } of block) {
      origins.push({ line: lines.length + 1, id });
      lines.push(...text.split("\n"));
    }
  }
  return { dockerfile: `${lines.join("\n")}\n`, origins };
}

function contextOf(
  target: RenderTarget,
  dockerfile: string,
  contents: RenderOptions["contents"],
): ContextFile[] {
  const { plan } = target;
  const copied = plan.layers.flatMap((layer) => (layer.kind === "files" ? layer.files : []));
  const files = [
    { path: "Dockerfile", mode: 0o644, content: new TextEncoder().encode(dockerfile) },
    ...copied.map(({ source, mode }) => ({
      path: contextPath(source),
      mode,
      content: contents[source] ?? new Uint8Array(),
    })),
    ...settingsOf(target),
    ...locksOf(target),
  ];
  return files.sort((left, right) => compareText(left.path, right.path));
}

/** Only what some step of this image reads. */
function settingsOf({ plan, rendering, network }: RenderTarget): ContextFile[] {
  const used = new Set(
    plan.stages.map((stage) => (stage.kind === "tree" ? clientsOfEcosystems[stage.ecosystem] : null)),
  );
  const installs = rendering === "buildkit" ? installsPackages(plan) : installsInToolchains(plan);
  const makesNode = plan.stages.some((stage) => stage.kind === "tree" && stage.ecosystem === "node");
  const clients = networkClients.filter((client) => (client === "apt" ? installs : used.has(client)));
  return [
    ...(used.has("download") ? [textFile(fetchProgramSource, fetchProgram)] : []),
    ...(makesNode ? [textFile(nodeProgramSource, nodeProgram)] : []),
    ...clients.flatMap((client) => settingsFiles(client, network)),
    ...(network.keepCa && network.caPem !== null ? certificateFiles(network.caPem) : []),
  ];
}

function locksOf({ plan, network }: RenderTarget): ContextFile[] {
  return plan.stages.flatMap(({ id }) => {
    const lock = plan.locked?.parts[id];
    return lock === undefined
      ? []
      : lockFiles(lock, network).map(([name, text]) => textFile(`${lockSource(id)}/${name}`, text));
  });
}

/** The arguments that every builder knows, and leaves out of an image's history; programs differ in which spelling they read. */
export function proxyArguments(network: NetworkSettings): Record<string, string> {
  const values = {
    http_proxy: network.httpProxy,
    https_proxy: network.httpsProxy,
    no_proxy: network.noProxy,
  };
  const set = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const, [name.toUpperCase(), value] as const],
  );
  return Object.fromEntries(set.sort(([left], [right]) => compareText(left, right)));
}
