import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { createRedactor } from "./create-redactor.ts";
import { type SecretFilesPlan, secretFilesDir } from "./plan-secret-files.ts";

/**
 * One exec inside the sandbox's container, as its caller's engine does it. `input` goes to the program's standard input
 * and nowhere else: not into arguments, not into an environment.
 */
export type ExecWithInput = (request: {
  readonly command: readonly string[];
  /** `uid:gid`. */
  readonly user: string;
  readonly input: string;
  readonly signal: AbortSignal | undefined;
}) => Promise<{ readonly exitCode: number | null; readonly stderr: string }>;

/**
 * Writes the planned files into a running container, and removes those of earlier plans. Each file is whole old or whole
 * new. Throws `SECRET_FILES_FAILED` where the folder is no tmpfs (what is written would reach a disk), or the image
 * lacks `sh`, `base64` and `stat`.
 */
export async function writeSecretFiles(
  plan: SecretFilesPlan,
  exec: ExecWithInput,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  throwIfCancelled(options.signal);
  const { exitCode, stderr } = await exec({
    command: ["/bin/sh", "-c", script, "sh", secretFilesDir],
    user: `${plan.tmpfs.uid}:${plan.tmpfs.gid}`,
    input: renderInput(plan),
    signal: options.signal,
  });
  if (exitCode === 0) return;
  const said = createRedactor(plan.values.values()).redact(stderr.trim());
  throw new SkillcrateError(
    "SECRET_FILES_FAILED",
    exitCode === notInMemory
      ? `Secrets were not written: ${quoteValue(secretFilesDir)} is not in the container's memory.`
      : `Secrets could not be written to ${quoteValue(secretFilesDir)} (${exitCode ?? "no"} exit code): ${quoteValue(said)}.`,
    {
      hint:
        exitCode === notInMemory
          ? "Create the container anew, with the tmpfs of the plan."
          : "The image must have sh, base64 and stat, and the container the tmpfs of the plan, owned by its user.",
    },
  );
}

/** A line for each file, and one that says that nothing is missing. Base64, so that a value is one word on one line. */
function renderInput({ files, values }: SecretFilesPlan): string {
  const lines = files.map(
    ({ name }) => `${name} ${Buffer.from(values.get(name) ?? "").toString("base64")}\n`,
  );
  return `${lines.join("")}.\n`;
}

const notInMemory = 3;

/**
 * Runs as the sandbox's user, so that nothing it is led to by a link is more than that user could reach anyway. `printf`
 * is the shell's own: values are in no argument list. Names are those of environment variables, which need no quotes.
 */
const script = `set -eu
umask 0377
cd "$1"
[ "$(stat -f -c %T .)" = tmpfs ] || exit ${notInMemory}
kept=/ whole=
while read -r name value; do
  if [ "$name" = . ]; then whole=yes; break; fi
  rm -f ".$name.new"
  printf %s "$value" | base64 -d >".$name.new"
  mv -f ".$name.new" "$name"
  kept="$kept$name/"
done
[ -n "$whole" ]
for file in * .*.new; do
  case "$kept" in *"/$file/"*) ;; *) rm -rf -- "$file" ;; esac
done`;
