import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { saysLimits } from "../port/engine-error.ts";

/** Limits of getrlimit(2), as engines name them, by their numbers on Linux. `/proc/PID/limits` has them in this order. */
export const ulimitsByNumber = [
  ["cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile"],
  ["memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"],
].flat();

/** A container's start that was refused, as `ULIMIT_REFUSED` where one of its limits is why; else as it is. */
export function asUlimitRefused(error: unknown): unknown {
  if (!(error instanceof SkillcrateError && error.code === "ENGINE_REFUSED" && saysLimits(error.message)))
    return error;
  const name = refusedUlimit(error.message);
  const setting = name === null ? "the limits in docker.ulimits" : `docker.ulimits.${name}`;
  const directive = `Limit${name?.toUpperCase() ?? "NOFILE"}=infinity`;
  return new SkillcrateError("ULIMIT_REFUSED", error.message, {
    hint:
      `The engine has lower limits itself. Lower ${setting}, or let it have more, with the lines\n` +
      `[Service]\n${directive}\nin what these open, and then restart it:\n` +
      "sudo systemctl edit containerd\nsudo systemctl edit docker",
    cause: error,
  });
}

/** runc tells a number, crun a name. */
function refusedUlimit(message: string): string | null {
  const [, number, name] = /rlimit type (\d+)|RLIMIT_([A-Z]+)/.exec(message) ?? [];
  return number === undefined ? (name?.toLowerCase() ?? null) : (ulimitsByNumber[Number(number)] ?? null);
}
