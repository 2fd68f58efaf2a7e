/** One line of a Dockerfile and the plan element it carries out. */
export interface Instruction {
  readonly id: string;
  readonly text: string;
}

/** Options of one `RUN --mount`, in order; `rw` and the like are `true`. */
export type Mount = Readonly<Record<string, string | true>>;

/**
 * A `RUN` in exec form: no shell of the builder reads it, so no word of it can mean more than itself. Scripts are
 * constants that get their values as arguments.
 */
export function run(id: string, command: readonly string[], mounts: readonly Mount[] = []): Instruction {
  return { id, text: ["RUN", ...mounts.map(formatMount), execForm(command)].join(" ") };
}

/** Builders take no line of more than 64 KiB: a longer command has a word on each. */
function execForm(command: readonly string[]): string {
  const line = JSON.stringify(command);
  return line.length < 32_000 ? line : `[${command.map((word) => JSON.stringify(word)).join(", \\\n")}]`;
}

/** `RUN` of a constant script in which `$1`, `$2`… are `values`; `name` is its `$0`. */
export function runScript(
  id: string,
  script: Script,
  values: readonly string[],
  mounts: readonly Mount[] = [],
): Instruction {
  return run(id, ["sh", "-ec", script.steps.join("; "), script.name, ...values], mounts);
}

/** A script of ours: a name that shows in messages, and statements that stop at the first failure. */
export interface Script {
  readonly name: string;
  readonly steps: readonly string[];
}

/** Several sources go into a folder: its path ends in `/`. */
export function copy(
  id: string,
  source: string | readonly string[],
  target: string,
  from?: string,
): Instruction {
  const flag = from === undefined ? [] : [`--from=${from}`];
  return { id, text: ["COPY", ...flag, JSON.stringify([source, target].flat())].join(" ") };
}

export function from(id: string, image: string, stage?: string): Instruction {
  return { id, text: stage === undefined ? `FROM ${image}` : `FROM ${image} AS ${stage}` };
}

/** The value as it is: builders would expand `$` and take `\` as an escape. */
export function env(id: string, name: string, value: string): Instruction {
  return { id, text: `ENV ${name}="${value.replace(/["$\\]/g, "\\$&")}"` };
}

function formatMount(mount: Mount): string {
  const options = Object.entries(mount).map(([key, value]) => (value === true ? key : `${key}=${value}`));
  return `--mount=${options.join(",")}`;
}
