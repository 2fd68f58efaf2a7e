import { compareText } from "../diagnostic/compare-text.ts";
import type {
  BuildStage,
  NodeLibrariesStage,
  NodeTreeStage,
  NpmTreeStage,
  PinnedPackage,
  PythonLibrariesStage,
  PythonTreeStage,
  ToolchainStage,
  TreeStage,
} from "../plan/image-plan.ts";
import { renderDownload } from "./download/render-download.ts";
import { copy, env, from, type Instruction, type Mount, run, runScript } from "./instruction.ts";
import { nodeLibrariesScript, pythonLibrariesScript } from "./library-scripts.ts";
import { lockFiles } from "./lock-files.ts";
import { hasSettings } from "./network-files.ts";
import { renderBrewTree } from "./render-brew-tree.ts";
import { renderCargoTree } from "./render-cargo-tree.ts";
import { bringGo, renderGoTree } from "./render-go-tree.ts";
import { unpackPackages } from "./render-packages.ts";
import { belowReference, type RenderTarget, settingsMounts } from "./render-target.ts";
import {
  clientsOfEcosystems,
  fetchProgramFile,
  fetchProgramSource,
  lockFolder,
  lockSource,
  type NetworkClient,
  nodeProgramFile,
  nodeProgramSource,
  recordFile,
  settingsFolder,
  settingsSource,
} from "./settings-paths.ts";
import {
  lifecycleScript,
  nodeHeaders,
  npmCache,
  npmTreeScript,
  ownNodeScript,
  packageLinksScript,
  pipCache,
  pythonTreeScript,
} from "./tree-scripts.ts";

/** A stage that does not reach the finished image, or only by the folder that it makes. */
export function renderStage(stage: BuildStage, target: RenderTarget): Instruction[] {
  if (stage.kind === "toolchain") return renderToolchain(stage, target);
  const [start, ...steps] = renderTree(stage, target);
  return start === undefined ? [] : [start, ...takeInLock(stage, target), ...steps];
}

function takeInLock({ id }: BuildStage, { plan, network }: RenderTarget): Instruction[] {
  const lock = plan.locked?.parts[id];
  if (lock === undefined)
    return plan.takenAt === undefined ? [] : [{ id, text: `ARG TAKEN_AT=${plan.takenAt}` }];
  return lockFiles(lock, network).length > 0 ? [copy(id, `${lockSource(id)}/`, `${lockFolder}/`)] : [];
}

function renderTree(stage: TreeStage, target: RenderTarget): Instruction[] {
  switch (stage.ecosystem) {
    case "node":
      return renderNodeTree(stage, target);
    case "npm":
      return renderNpmTree(stage, target);
    case "go":
      return renderGoTree(stage, target);
    case "cargo":
      return renderCargoTree(stage, target);
    case "python":
    case "python-libraries":
      return renderPythonTree(stage, target);
    case "node-libraries":
      return renderNodeLibraries(stage, target);
    case "brew":
      return renderBrewTree(stage, target);
    case "download":
      return renderDownload(stage, target);
  }
}

function renderToolchain(stage: ToolchainStage, target: RenderTarget): Instruction[] {
  const { id, packages, alone } = stage;
  const portable = target.rendering === "portable";
  const installs = packages.length + alone.length > 0;
  const client = clientOf(stage, target);
  return [
    from(id, belowReference(target), id),
    { id, text: "USER root" },
    ...(portable && installs ? [...copySettings(id, "apt", target), epoch(id, target)] : []),
    ...(installs ? [...takeInLock(stage, target), unpackPackages(stage, target)] : []),
    ...(client === "download" ? [copy(id, fetchProgramSource, fetchProgramFile)] : []),
    ...(makesNode(stage, target) ? [copy(id, nodeProgramSource, nodeProgramFile)] : []),
    ...(portable && client !== null ? copySettings(id, client, target) : []),
    ...bringGo(stage, target),
  ];
}

/** The portable rendering has no mounts: settings enter stages of which only a folder is taken. */
function copySettings(id: string, client: NetworkClient, { network }: RenderTarget): Instruction[] {
  return hasSettings(client, network) ? [copy(id, `${settingsSource(client)}/`, `${settingsFolder}/`)] : [];
}

/** A new state of the package index is a new value, and rebuilds what comes after it. */
export function epoch(id: string, { plan }: RenderTarget): Instruction {
  return { id, text: `ARG APT_EPOCH=${plan.aptEpoch}` };
}

function makesNode(toolchain: ToolchainStage, { plan }: RenderTarget): boolean {
  return plan.stages.some(
    (stage) => stage.kind === "tree" && stage.ecosystem === "node" && stage.toolchain === toolchain.id,
  );
}

/** What runs in the stages that stand on a toolchain; null: none does. */
function clientOf(toolchain: ToolchainStage, { plan }: RenderTarget): NetworkClient | null {
  const user = plan.stages.find((stage) => stage.kind === "tree" && stage.toolchain === toolchain.id);
  if (user?.kind !== "tree") return null;
  return clientsOfEcosystems[user.ecosystem];
}

function renderNodeTree(stage: NodeTreeStage, target: RenderTarget): Instruction[] {
  const { id, output, npmOutput, npm } = stage;
  const [node] = stage.packages;
  if (node === undefined) throw new RangeError(`stage ${id} names no package`);
  const path = [`${output}/bin`, `${npmOutput}/bin`, "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
  const compiles = target.plan.stages.some((other) => "scripts" in other);
  const command = [
    ...["python3", "-I", nodeProgramFile, "make-node-tree", output, npmOutput, recordFile],
    ...[compiles ? nodeHeaders : "-", npmSpec(node), npmSpec(npm)],
  ];
  return [
    from(id, stage.toolchain, id),
    run(id, command, npmMounts(target)),
    // For the stages that stand on this one.
    env(id, "PATH", path),
  ];
}

function renderNpmTree(stage: NpmTreeStage, target: RenderTarget): Instruction[] {
  const { id, output, packages } = stage;
  const links = Object.entries(stage.links).sort(([left], [right]) => compareText(left, right));
  const folder = `${output}/lib/node_modules/${packages[0]?.name ?? ""}`;
  const pairs = links.flatMap(([bin, file]) => [file, `${output}/bin/${bin}`]);
  return [
    from(id, stage.runtime ?? stage.toolchain, id),
    runScript(id, npmTreeScript, [output, ...packages.map(npmSpec)], npmMounts(target)),
    ...runScripts(id, `${output}/lib`, stage.scripts, target),
    ...(links.length === 0 ? [] : [runScript(id, packageLinksScript, [folder, ...pairs])]),
    ...(stage.node === undefined ? [] : [runScript(id, ownNodeScript, [stage.node, `${output}/bin`])]),
  ];
}

function renderNodeLibraries(stage: NodeLibrariesStage, target: RenderTarget): Instruction[] {
  const { id, output, packages } = stage;
  return [
    from(id, stage.runtime ?? stage.toolchain, id),
    runScript(id, nodeLibrariesScript, [output, ...packages.map(npmSpec)], npmMounts(target)),
    ...runScripts(id, output, stage.scripts, target),
  ];
}

/** Lifecycle scripts of the packages that may run them; the image's own programs see nothing but what they make. */
function runScripts(
  id: string,
  folder: string,
  packages: readonly string[] | undefined,
  { network, rendering }: RenderTarget,
): Instruction[] {
  if (packages === undefined) return [];
  const source = `${settingsSource("npm")}/ca.pem`;
  const isMounted = rendering === "buildkit" && network.caPem !== null;
  const mounts: Mount[] = isMounted ? [{ type: "bind", source, target: `${settingsFolder}/ca.pem` }] : [];
  return [runScript(id, lifecycleScript, [folder, ...packages], mounts)];
}

function npmSpec({ name, version, range }: PinnedPackage): string {
  const wanted = version ?? range;
  return wanted === undefined ? name : `${name}@${wanted}`;
}

function npmMounts(target: RenderTarget): Mount[] {
  if (target.rendering === "portable") return [];
  return [{ type: "cache", id: "skillcrate-npm", target: npmCache }, ...settingsMounts("npm", target)];
}

function renderPythonTree(
  stage: PythonTreeStage | PythonLibrariesStage,
  target: RenderTarget,
): Instruction[] {
  const { id, output, packages } = stage;
  const script = stage.ecosystem === "python" ? pythonTreeScript : pythonLibrariesScript;
  const requirements = packages.map(({ name, version, range = "", extras = [] }) => {
    const chosen = extras.length === 0 ? "" : `[${extras.join(",")}]`;
    return `${name}${chosen}${version === null ? range : `==${version}`}`;
  });
  const mounts: Mount[] =
    target.rendering === "portable"
      ? []
      : [{ type: "cache", id: "skillcrate-pip", target: pipCache }, ...settingsMounts("python", target)];
  return [from(id, stage.toolchain, id), runScript(id, script, [output, ...requirements], mounts)];
}
