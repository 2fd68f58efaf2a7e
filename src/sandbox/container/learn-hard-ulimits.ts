import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { ulimitsByNumber } from "../../engine/sandbox/ulimit-refused.ts";
import type { ContainerPlan } from "./container-plan.ts";
import type { HardUlimits } from "./lower-ulimits.ts";
import { makingName } from "./making-name.ts";

/**
 * The limits that an engine has itself: no API tells them, but a container that asks for none has the same. It is made of
 * the plan's image, closed like its sandbox, without a mount or a network, and removed. Null where it does not start
 * either, as with Podman, which always asks for some, and where the image has no `cat`.
 */
export async function learnHardUlimits(engine: Engine, plan: ContainerPlan): Promise<HardUlimits | null> {
  const { Dns: _dns, ExtraHosts: _hosts, DeviceRequests: _devices, ...host } = plan.body.HostConfig;
  const HostConfig = { ...host, Ulimits: [], Mounts: [], NetworkMode: "none" };
  const program = { Entrypoint: ["sleep"], Cmd: ["60"], WorkingDir: "/" };
  const id = await engine.sandboxes.create(makingName(plan.name), { ...plan.body, ...program, HostConfig });
  try {
    await engine.sandboxes.start(id);
    const command = ["cat", "/proc/self/limits"];
    const answer = await engine.containers.exec(id, { command, timeoutMs: 10_000, outputLimitBytes: 10_000 });
    return answer.exitCode === 0 ? readLimits(answer.stdout) : null;
  } catch (error) {
    if (error instanceof SkillcrateError && notStarted.has(error.code)) return null;
    throw error;
  } finally {
    await engine.containers.remove(id);
  }
}

const notStarted: ReadonlySet<string> = new Set(["ULIMIT_REFUSED", "ENGINE_REFUSED", "CONTAINER_GONE"]);

/** Lines of a name, the soft limit, the hard one and its unit, in columns, under a heading. */
function readLimits(text: string): HardUlimits | null {
  const lines = text.trimEnd().split("\n").slice(1);
  if (lines.length !== ulimitsByNumber.length) return null;
  const limits = lines.map((line, index) => {
    const hard = /^Max .+? {2,}\S+ +(\d+|unlimited)(?: |$)/.exec(line)?.[1];
    return [ulimitsByNumber[index] ?? "", Number(hard)] as const;
  });
  return Object.fromEntries(limits.filter(([, limit]) => Number.isSafeInteger(limit)));
}
