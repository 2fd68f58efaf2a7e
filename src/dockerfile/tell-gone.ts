/** How a step ends that cannot have what its lock names; each is named in a line before. */
export const goneExitCode = 43;

/** Begins the line that names something which is not to be had any more, or has another content now. */
export const goneMarks = { gone: "gone: ", changed: "changed: " } as const;

/** How a client of an ecosystem says so: extended expressions for whole lines, whose first group is the name. */
export interface GoneWords {
  readonly gone: string;
  readonly changed: string;
}

const log = "/tmp/locked.log";
const told = "/tmp/gone";

/** Runs a client on what a lock names. Where it fails for want of that, each thing is named. */
export function orTellGone(command: string, { gone, changed }: GoneWords): string {
  const expressions = [`s~^${gone}$~${goneMarks.gone}\\1~p`, `s~^${changed}$~${goneMarks.changed}\\1~p`].map(
    (text) => `-e '${text}'`,
  );
  const tell = [
    `cat ${log} >&2`,
    `sed -n -E ${expressions.join(" ")} ${log} | sort -u > ${told}`,
    `if [ -s ${told} ]; then cat ${told} >&2; exit ${goneExitCode}; fi`,
    "exit 1",
  ];
  return `{ ${command}; } > ${log} 2>&1 || { ${tell.join("; ")}; }`;
}
