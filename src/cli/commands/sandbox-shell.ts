import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { execInSandbox } from "../../sandbox/exec/exec-in-sandbox.ts";
import { atTerminal } from "../at-terminal.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import type { sandboxShellOptions } from "../sandbox-options.ts";
import { withSessionSandbox } from "../with-session-sandbox.ts";

/** A day: whoever sits there longer has forgotten it. */
const longestMs = 24 * 60 * 60 * 1000;

/** bash where the image has it; with a prompt that names no host. */
const shell = ["/bin/sh", "-c", "command -v bash >/dev/null && exec bash; exec sh"];

/** Gives a person a shell in a session's sandbox; ends with its exit code. */
export async function sandboxShell(
  context: CommandContext<typeof sandboxShellOptions>,
): Promise<CommandOutput> {
  const { terminal, signal } = context;
  if (terminal === null) {
    throw new SkillcrateError("USAGE", "A shell needs a terminal, and this command has none.", {
      hint: "Without one: skillcrate sandbox exec --session KEY -- COMMAND",
    });
  }
  return withSessionSandbox(context, async ({ id, name }, engine, environmentOf) => {
    const environment = await environmentOf(context.options.secrets);
    const result = await atTerminal(terminal, (typed, onStarted) =>
      execInSandbox({
        engine,
        containerId: id,
        command: shell,
        environment,
        tty: terminal.size(),
        stdin: typed,
        onStarted,
        onOutput: ({ bytes }) => terminal.write(bytes),
        outputLimitBytes: 0,
        timeoutMs: longestMs,
        signal,
      }),
    );
    return {
      outcome: "ok",
      exitCode: result.exitCode ?? exitCodes.failed,
      diagnostics: [],
      result: { id, name, exitCode: result.exitCode },
      text: () => "",
    };
  });
}
