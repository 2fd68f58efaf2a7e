import type { ToolchainStage } from "../plan/image-plan.ts";
import type { DebianLock } from "../plan/part-lock.ts";
import { partLockOf } from "../plan/part-lock-of.ts";
import { type AptSettings, fetchScript, installScript, unpackScript, updateScript } from "./apt-scripts.ts";
import { copy, type Instruction, type Mount, runScript } from "./instruction.ts";
import { keepCertificatesScript, keepMirrorScript } from "./layer-scripts.ts";
import { debWords } from "./lock-files.ts";
import { installLockedScript, unpackLockedScript } from "./locked-apt-scripts.ts";
import { hasSettings, mirrorExpression } from "./network-files.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";
import { certificateFolder, certificateSource } from "./settings-paths.ts";

/** The stage whose package lists every install step of the BuildKit rendering is handed. */
export const listsStage = "apt-lists";

const lists = "/var/lib/apt/lists";
// Writable, since apt locks it; what is written is dropped.
const listsMount: Mount = { type: "bind", from: listsStage, source: lists, target: lists, rw: true };

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

/** A layer of Debian packages. */
export function installPackages(id: string, packages: readonly string[], target: RenderTarget): Instruction {
  const lock = partLockOf(target.plan, id, "debian");
  if (lock !== null) return installLocked(id, packages, lock, target);
  if (target.rendering === "portable") {
    const settings = aptNeedsCa(target) ? "kept-certificates" : "none";
    return runScript(id, installScript({ lists: "own", settings }), packages);
  }
  const mounts: Mount[] = [listsMount, cacheMount(target), ...settingsMounts("apt", target)];
  return runScript(
    id,
    installScript({ lists: "mounted", settings: mountedSettings(target) }),
    packages,
    mounts,
  );
}

/** Only the files of packages, to where the image's own step will find them; `below` will be installed by then. */
export function fetchPackages(
  id: string,
  packages: readonly string[],
  below: readonly string[],
  target: RenderTarget,
): Instruction {
  const mounts: Mount[] = [listsMount, cacheMount(target), ...settingsMounts("apt", target)];
  return runScript(id, fetchScript(mountedSettings(target)), [...below, "--", ...packages], mounts);
}

function cacheMount({ plan }: RenderTarget): Mount {
  return {
    type: "cache",
    id: `skillcrate-apt-${plan.name}`,
    target: "/var/cache/apt",
    sharing: "locked",
  };
}

function installLocked(
  id: string,
  packages: readonly string[],
  lock: DebianLock,
  target: RenderTarget,
): Instruction {
  const words = [readAt(target), ...packages.map(nameOf), "--", ...lock.packages.flatMap(debWords)];
  if (target.rendering === "portable") {
    const settings = aptNeedsCa(target) ? "kept-certificates" : "none";
    return runScript(id, installLockedScript({ settings, cached: false }), words);
  }
  const script = installLockedScript({ settings: mountedSettings(target), cached: true });
  return runScript(id, script, words, [cacheMount(target), ...settingsMounts("apt", target)]);
}

function readAt({ plan }: RenderTarget): string {
  return plan.locked?.indexReadAt ?? "";
}

/** Of a package that may be asked for with its version. */
function nameOf(packageName: string): string {
  return packageName.split("=", 1)[0] ?? packageName;
}

/** Debian packages for a stage that is thrown away; the portable rendering has copied the settings there before. */
export function unpackPackages(
  { id, packages, alone }: Pick<ToolchainStage, "id" | "packages" | "alone">,
  target: RenderTarget,
): Instruction {
  const portable = target.rendering === "portable";
  if (partLockOf(target.plan, id, "toolchain") !== null) {
    const script = unpackLockedScript({ settings: mountedSettings(target), cached: !portable });
    const mounts = portable ? [] : [cacheMount(target), ...settingsMounts("apt", target)];
    return runScript(id, script, [readAt(target)], mounts);
  }
  const script = unpackScript({ lists: portable ? "own" : "mounted", settings: mountedSettings(target) });
  const names = [...alone, "--", ...packages];
  return runScript(id, script, names, portable ? [] : [listsMount, ...settingsMounts("apt", target)]);
}

/** Whether apt speaks TLS to a host that only the extra certificates vouch for. */
export function aptNeedsCa({ network }: Pick<RenderTarget, "network">): boolean {
  return network.caPem !== null && network.aptMirror?.startsWith("https:") === true;
}

function mountedSettings({ network }: RenderTarget): AptSettings {
  return hasSettings("apt", network) ? "mounted" : "none";
}
