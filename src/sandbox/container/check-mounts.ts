import { normalize } from "node:path/posix";
import { insidePaths } from "../../config/inside-paths.ts";
import { isEngineSocketName, judgeBindSource } from "../../config/rules/judge-bind-source.ts";
import { isAtOrBelow, judgeTarget } from "../../config/rules/judge-target.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { ContainerAllowances } from "./check-container-plan.ts";
import type { ContainerHostConfig, ContainerMount } from "./container-plan.ts";

/** Mounts that would open the sandbox: what of the host is seen inside, and what inside is covered by it. */
export function checkMounts(
  { Mounts, Tmpfs }: Pick<ContainerHostConfig, "Mounts" | "Tmpfs">,
  allowances: ContainerAllowances,
): readonly Diagnostic[] {
  const targets = [...Mounts.map(({ Target }) => Target), ...Object.keys(Tmpfs)];
  const twice = targets.filter((target, index) => targets.indexOf(target) !== index);
  return [
    ...twice.map((target) => refuse(target, "two things are mounted there")),
    ...Mounts.flatMap((mount) => checkMount(mount, allowances)),
    ...Object.entries(Tmpfs).flatMap(([target, options]) => checkTmpfs(target, options)),
  ];
}

function checkMount(mount: ContainerMount, allowances: ContainerAllowances): readonly Diagnostic[] {
  const { Type, Source, Target, BindOptions } = mount;
  const isPlain =
    Type === "bind" && BindOptions.Propagation === "rprivate" && Object.keys(mount).length === 5;
  if (!isPlain) return [refuse(Source, "it is no plain, private bind mount")];
  return [
    ...checkPath(Source),
    ...checkPath(Target),
    ...(allowances.ownSources.includes(Source)
      ? checkOwnMount(mount)
      : checkConfiguredMount(mount, allowances)),
  ];
}

/** Skillcrate's own may lie anywhere but where an engine or the whole machine is. */
function checkOwnMount({ Source, Target }: ContainerMount): readonly Diagnostic[] {
  const opens = Source === "/" || isEngineSocketName(Source.split("/").at(-1) ?? "");
  return [
    ...(opens ? [refuse(Source, "whoever has it has the machine")] : []),
    ...(Target === "/" ? [refuse(Target, "it is the whole file system")] : []),
  ];
}

function checkConfiguredMount(
  { Source, Target }: ContainerMount,
  { bindGround, externalBindSources, reservedContainerTargets }: ContainerAllowances,
): readonly Diagnostic[] {
  const source =
    bindGround === null
      ? ({ kind: "never", why: "no mounts are configured" } as const)
      : judgeBindSource(Source, bindGround);
  const target = judgeTarget(Target);
  return [
    ...(source === null || (source.kind === "external" && externalBindSources)
      ? []
      : [refuse(Source, source.why)]),
    ...(target === null || (target.kind === "reserved" && reservedContainerTargets)
      ? []
      : [refuse(Target, target.why)]),
  ];
}

function checkTmpfs(target: string, options: string): readonly Diagnostic[] {
  const words = options.split(",");
  const isClosed =
    words.includes("nosuid") && words.includes("nodev") && /(?:^|,)size=[1-9]\d*(?:,|$)/.test(options);
  const never = judgeTarget(target)?.kind === "never";
  // A home may have one in itself, for its sockets.
  const hides = ownTargets.some((own) => isAtOrBelow(own, target));
  return [
    ...checkPath(target),
    ...(isClosed ? [] : [refuse(target, "it is a tmpfs without size, nosuid or nodev")]),
    ...(never || hides ? [refuse(target, "it is a tmpfs over what every sandbox has")] : []),
  ];
}

function checkPath(path: string): readonly Diagnostic[] {
  const isPlain = path.startsWith("/") && path === normalize(path) && !path.includes("\0");
  return isPlain ? [] : [refuse(path, "it is no plain absolute path")];
}

function refuse(path: string, why: string): Diagnostic {
  return {
    code: "CONTAINER_MOUNT_REFUSED",
    severity: "error",
    message: `${quoteValue(path)} is not mounted: ${why}.`,
    hint: "Look at docker.binds and docker.tmpfs: skillcrate config check.",
  };
}

const ownTargets = [insidePaths.workspace, insidePaths.home, insidePaths.agent, insidePaths.reservedSkills];
