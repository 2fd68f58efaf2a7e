import { type AptSettings, installScript, updateAndInstallScript, updateScript } from "./apt-scripts.ts";
import { copy, type Instruction, type Mount, runScript } from "./instruction.ts";
import { keepCertificatesScript, keepMirrorScript } from "./layer-scripts.ts";
import { hasSettings, mirrorExpression } from "./network-files.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";
import { certificateFolder, certificateSource } from "./settings-paths.ts";

/** The stage whose package lists every install step of the BuildKit rendering is handed. */
export const listsStage = "apt-lists";

const lists = "/var/lib/apt/lists";

/**
 * Reads the package index once for every image on the same one: the step depends on nothing else of the plan, so that
 * BuildKit shares its result, also between builds at the same time.
 */
export function readPackageLists(target: RenderTarget): Instruction {
  return runScript(listsStage, updateScript(mountedSettings(target)), [], settingsMounts("apt", target));
}

/** Steps before the first package of the finished image: what it is told to keep. */
export function takeInKept(id: string, { network }: RenderTarget): Instruction[] {
  return [
    ...(network.keepCa && network.caPem !== null
      ? [copy(id, `${certificateSource}/`, `${certificateFolder}/`)]
      : []),
    ...(network.keepMirror && network.aptMirror !== null
      ? [runScript(id, keepMirrorScript, [mirrorExpression(network.aptMirror)])]
      : []),
  ];
}

/** Takes certificates that stay into the trust store, once its package is there. */
export function trustKeptCertificates(id: string, { network }: RenderTarget): Instruction[] {
  return network.keepCa && network.caPem !== null ? [runScript(id, keepCertificatesScript, [])] : [];
}

export interface Installation {
  /** The stage or layer. */
  readonly id: string;
  readonly packages: readonly string[];
  /** Names the cache of downloads: steps with one name wait for each other. */
  readonly cache: string;
  /** Whether the result becomes a layer of the finished image. */
  readonly stays: boolean;
}

/** One step that installs Debian packages. */
export function installPackages(
  { id, packages, cache, stays }: Installation,
  target: RenderTarget,
): Instruction {
  if (target.rendering === "portable") {
    return runScript(
      id,
      updateAndInstallScript({ settings: portableSettings(stays, target), tidy: stays }),
      packages,
    );
  }
  const mounts: Mount[] = [
    { type: "bind", from: listsStage, source: lists, target: lists, rw: true },
    { type: "cache", id: `skillcrate-apt-${cache}`, target: "/var/cache/apt", sharing: "locked" },
    ...settingsMounts("apt", target),
  ];
  return runScript(id, installScript({ settings: mountedSettings(target), tidy: stays }), packages, mounts);
}

/** Whether apt speaks TLS to a host that only the extra certificates vouch for. */
export function aptNeedsCa({ network }: Pick<RenderTarget, "network">): boolean {
  return network.caPem !== null && network.aptMirror?.startsWith("https:") === true;
}

/** In a stage that does not stay, settings are copied to where they would be mounted. */
function portableSettings(stays: boolean, target: RenderTarget): AptSettings {
  if (!stays) return mountedSettings(target);
  return aptNeedsCa(target) ? "kept-certificates" : "none";
}

function mountedSettings({ network }: RenderTarget): AptSettings {
  return hasSettings("apt", network) ? "mounted" : "none";
}
