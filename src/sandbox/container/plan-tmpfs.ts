import { compareText } from "../../diagnostic/compare-text.ts";
import type { ContainerRequest } from "./container-request.ts";

/**
 * Path → mount options. Of two for one path the home's counts. Programs may be run from them unless that is switched
 * off: compilers and package managers do; setuid bits and devices never count.
 */
export function planTmpfs({
  settings,
  tmpfs,
  engine: { product },
}: ContainerRequest): Readonly<Record<string, string>> {
  const configured = settings.tmpfs.map((setting) => ({
    uid: 0,
    gid: 0,
    ...setting,
    mode: setting.mode ?? sticky,
  }));
  const home = tmpfs.map((setting) => ({ noExec: false, ...setting }));
  const byTarget = new Map([...configured, ...home].map((setting) => [setting.target, setting]));
  return Object.fromEntries(
    [...byTarget]
      .sort(([left], [right]) => compareText(left, right))
      .map(([target, setting]) => [
        target,
        product === "podman" ? withoutOwner(setting) : withOwner(setting),
      ]),
  );
}

interface PlannedTmpfs {
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly noExec: boolean;
}

function withOwner(tmpfs: PlannedTmpfs): string {
  return `${options(tmpfs)},uid=${tmpfs.uid},gid=${tmpfs.gid}`;
}

/** Podman refuses a tmpfs with an owner: it is root's, so that everybody has to be let in. */
function withoutOwner(tmpfs: PlannedTmpfs): string {
  return options(tmpfs.uid === 0 ? tmpfs : { ...tmpfs, mode: sticky });
}

function options({ sizeBytes, mode, noExec }: PlannedTmpfs): string {
  return `rw,${noExec ? "noexec" : "exec"},nosuid,nodev,size=${sizeBytes},mode=${mode.toString(8)}`;
}

/** Everybody's, where each removes only his own. */
const sticky = 0o1777;
