import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { problemOf } from "../problem.ts";
import type { BindSetting, SandboxConfig, Sourced } from "../sandbox-config.ts";
import { type BindGround, judgeBindSource, type SourceRefusal } from "./judge-bind-source.ts";
import { judgeTarget } from "./judge-target.ts";

/** Judges every configured mount by its spelling; what links make of it is judged where the disk is. */
export function checkBindSettings(config: SandboxConfig, ground: BindGround): readonly Diagnostic[] {
  return [config.docker.binds, config.browser.binds ?? []].flatMap((binds) =>
    binds.flatMap((bind, index) => {
      const refusals = [
        ...checkBindSource(bind, config, ground),
        ...checkTarget(bind, config, binds.slice(0, index)),
      ];
      return refusals.length > 0 ? refusals : [...findPrograms(bind), ...findSharing(bind, config)];
    }),
  );
}

/** The refusal of a source as a diagnostic; none where it is of a kind that the configuration allows by name. */
export function reportSource(
  { value: { source }, origin }: Sourced<BindSetting>,
  refusal: SourceRefusal,
  { docker }: SandboxConfig,
): readonly Diagnostic[] {
  if (refusal.kind === "external" && docker.dangerouslyAllowExternalBindSources.value) return [];
  return [
    problemOf(origin, {
      code: "CONFIG_BIND_REFUSED",
      severity: "error",
      what: `mounts ${quoteValue(source)}: ${refusal.why}`,
      hint:
        refusal.kind === "external"
          ? "Copy what is needed into the agent's workspace. docker.dangerouslyAllowExternalBindSources: true allows it."
          : "Copy what is needed into the agent's workspace; logins: skillcrate secret set NAME.",
    }),
  ];
}

/** Judges one source by its spelling. */
export function checkBindSource(
  bind: Sourced<BindSetting>,
  config: SandboxConfig,
  ground: BindGround,
): readonly Diagnostic[] {
  const refusal = judgeBindSource(bind.value.source, ground);
  return refusal === null ? [] : reportSource(bind, refusal, config);
}

function checkTarget(
  { value: { target }, origin }: Sourced<BindSetting>,
  { docker }: SandboxConfig,
  before: readonly Sourced<BindSetting>[],
): readonly Diagnostic[] {
  const refuse = (why: string, hint: string) => [
    problemOf(origin, {
      code: "CONFIG_TARGET_REFUSED",
      severity: "error",
      what: `is mounted at ${quoteValue(target)}: ${why}`,
      hint,
    }),
  ];
  const refusal = judgeTarget(target);
  if (refusal?.kind === "never") return refuse(refusal.why, "Choose a path such as /data.");
  if (refusal?.kind === "reserved" && !docker.dangerouslyAllowReservedContainerTargets.value) {
    const allow = "docker.dangerouslyAllowReservedContainerTargets: true allows it.";
    return refuse(refusal.why, `Choose a path such as /data. ${allow}`);
  }
  const isTaken =
    before.some(({ value }) => value.target === target) ||
    docker.tmpfs.value.some((tmpfs) => tmpfs.target === target);
  return isTaken ? refuse("something else is mounted there", "Keep one of the two.") : [];
}

/** A program of the host seldom runs inside: its libraries are not there, or of another version. */
function findPrograms({ value: { source }, origin }: Sourced<BindSetting>): readonly Diagnostic[] {
  if (!programFolders.test(source)) return [];
  return [
    problemOf(origin, {
      code: "CONFIG_BIND_PROGRAMS",
      severity: "warning",
      what: `mounts programs of the host, ${quoteValue(source)}: libraries and Node's ABI inside are others, and it weakens the isolation`,
      hint: "Let the image hold them: name each under requires.bins of a skill or of skillcrate.json5, then skillcrate build.",
    }),
  ];
}

const programFolders =
  /^\/(?:usr|bin|sbin|lib|lib32|lib64|opt|snap|nix|home\/linuxbrew)(?:\/|$)|\/(?:s?bin|node_modules|\.nvm|\.volta|\.bun|\.deno|\.pyenv|\.rbenv|\.asdf|\.local\/lib|\.local\/share\/(?:mise|pnpm|pipx|uv))(?:\/|$)/;

/** What one folder for several sandboxes means, where they can write to it. */
function findSharing(
  { value: { source, readOnly }, origin }: Sourced<BindSetting>,
  { scope }: SandboxConfig,
): readonly Diagnostic[] {
  const isOne = scope.value === "shared" || (scope.value === "agent" && origin.rule === "agent");
  if (readOnly || isOne) return [];
  return [
    problemOf(origin, {
      code: "CONFIG_BIND_SHARED",
      severity: "warning",
      what: `mounts ${quoteValue(source)} into more than one sandbox: what a program stores there, its login too, all of them have`,
      hint: "Mount it read-only (:ro), or leave such files to the homes, of which each scope has its own.",
    }),
  ];
}
