import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { execInSandbox } from "../../sandbox/exec/exec-in-sandbox.ts";
import type { SandboxExecResult } from "../../sandbox/exec/sandbox-exec.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import type { sandboxExecOptions } from "../sandbox-options.ts";
import { withSessionSandbox } from "../with-session-sandbox.ts";

const defaultSeconds = 60;

/** Runs one command in a session's sandbox; ends with its exit code. */
export async function sandboxExec(
  context: CommandContext<typeof sandboxExecOptions>,
): Promise<CommandOutput> {
  const { args, options, signal } = context;
  if (args.length === 0) {
    throw new SkillcrateError("USAGE", "No command was named.", {
      hint: "skillcrate sandbox exec --session KEY -- ls -la",
    });
  }
  const timeoutMs = (options.timeout === null ? defaultSeconds : Number(options.timeout)) * 1000;
  return withSessionSandbox(context, async ({ id, name }, engine, environmentOf) => {
    const environment = await environmentOf(options.secrets);
    const request = { engine, containerId: id, command: args, environment, timeoutMs, signal };
    const result = await execInSandbox(request);
    return {
      outcome: result.exitCode === 0 ? "ok" : "failed",
      exitCode: result.exitCode ?? exitCodes.failed,
      diagnostics: [],
      result: { id, name, ...result },
      text: (style) =>
        [...linesOf(result.stdout), ...linesOf(result.stderr), ...endOf(result).map(style.dim)].join("\n"),
    };
  });
}

/** A sandbox printed them. */
function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n").map(escapeText);
}

/** Nothing where it ended by itself and well. */
function endOf({ exitCode, timedOut, truncated, cause }: SandboxExecResult): readonly string[] {
  return [
    ...(truncated ? ["(there was more output)"] : []),
    ...(timedOut ? ["(ended at its time limit: --timeout)"] : []),
    ...(cause === null ? [] : [`(a limit of the sandbox was reached: ${cause})`]),
    ...(exitCode === 0 || timedOut ? [] : [`(exit code ${exitCode ?? "unknown"})`]),
  ];
}
