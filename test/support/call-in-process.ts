import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface CalledInProcess<Result> {
  readonly child: ChildProcess;
  /** Once the process has written something: whatever it writes before its result. */
  readonly ready: Promise<void>;
  /** What the function gave; rejects where the process ended otherwise, with what it wrote to standard error. */
  readonly result: Promise<Result>;
  /** Its end, however it came: `signal` where it was killed. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
}

/**
 * Calls a function of a bundle (see bundle-source.ts) in a process of its own, to kill it or to run it as another user.
 * Arguments and result go through JSON; the result is the last line of its output. It ends with this process.
 */
export function callInProcess<Result>(
  bundle: string,
  name: string,
  args: readonly unknown[],
  options: { readonly uid?: number } = {},
): CalledInProcess<Result> {
  const code = `import { ${name} } from ${JSON.stringify(bundle)};
    setInterval(() => process.ppid !== ${process.pid} && process.exit(1), 1000).unref();
    const result = await ${name}(...${JSON.stringify(args)});
    process.stdout.write(JSON.stringify(result) + "\\n");`;
  const user = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], user);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const closed = once(child, "close").then(([exitCode, signal]) => ({ exitCode, signal }));
  const result = closed.then(({ exitCode, signal }): Result => {
    if (exitCode !== 0) throw new Error(`the process ended with ${exitCode ?? signal}: ${stderr}`);
    return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  });
  // Who only waits for the end is not asked to handle this too.
  result.catch(() => {});
  return {
    child,
    ready: Promise.race([once(child.stdout, "data"), closed]).then(() => {}),
    result,
    ended: closed,
  };
}
