import { setTimeout as delay } from "node:timers/promises";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ExecResult, ExecSpec } from "../engine.ts";
import { askEngine, askWhetherThere } from "./ask-engine.ts";
import { protocolError, refusal } from "./engine-error.ts";
import { type EngineLink, openDocker } from "./engine-link.ts";
import { followBytes } from "./follow-bytes.ts";
import { readAnswer } from "./read-answer.ts";
import { type ExecOutputReader, readExecOutput } from "./read-exec-output.ts";

/**
 * Runs one command in a running container and waits for it. A command that does not end in time is left to the
 * container: the API cannot kill it. Throws `CONTAINER_GONE` where the container does not run; one that is killed
 * meanwhile takes the command with it, which then ends with 137 or, once the engine has forgotten it, with that error.
 */
export async function execCommand(link: EngineLink, id: string, spec: ExecSpec): Promise<ExecResult> {
  const doing = `run ${quoteValue(spec.command[0])} in container ${quoteValue(id)}`;
  const execId = await createExec(link, id, spec, doing);
  const output = readExecOutput(spec.outputLimitBytes);
  const deadline = AbortSignal.timeout(spec.timeoutMs);
  try {
    await readOutput(link, { id, execId, doing }, output, deadline);
  } catch (error) {
    if (error instanceof SkillcrateError && error.code === "CANCELLED") {
      return { ...output.result(), exitCode: null, timedOut: true };
    }
    throw error;
  }
  return { ...output.result(), exitCode: await readExitCode(link, { id, execId, doing }), timedOut: false };
}

/** One command that was created in one container. */
interface Exec {
  readonly id: string;
  readonly execId: string;
  readonly doing: string;
}

async function createExec(link: EngineLink, id: string, spec: ExecSpec, doing: string): Promise<string> {
  const body = {
    Cmd: spec.command,
    AttachStdout: true,
    AttachStderr: true,
    Env: toAssignments(spec.env ?? {}),
    ...(spec.user === undefined ? {} : { User: spec.user }),
    ...(spec.workdir === undefined ? {} : { WorkingDir: spec.workdir }),
  };
  const path = `${containerPath(id)}/exec`;
  const answer = await askEngine(link, {
    method: "POST",
    path,
    body,
    doing,
    pace: "patient",
    tolerate: [404, 409],
  });
  if (answer.status >= 400) throw containerGone(id, doing);
  return readAnswer(answer.body, doing).text("Id");
}

async function readOutput(
  link: EngineLink,
  exec: Exec,
  output: ExecOutputReader,
  signal: AbortSignal,
): Promise<void> {
  const { id, execId, doing } = exec;
  const open = async (abortSignal: AbortSignal) =>
    (await openDocker(link)).getExec(execId).start({ Detach: false, Tty: false, abortSignal });
  const refuse = (status: number, text: string) =>
    status === 404 || status === 409 ? containerGone(id, doing) : refusal(status, text, doing);
  for await (const chunk of followBytes(link, { doing, open, signal, refuse })) {
    try {
      output.write(chunk);
    } catch (error) {
      if (error instanceof RangeError) throw protocolError(doing, error.message, error);
      throw error;
    }
  }
}

/** The output ends a moment before the engine has written the exit code down. */
async function readExitCode(link: EngineLink, { id, execId, doing }: Exec): Promise<number> {
  const path = `/exec/${execId}/json`;
  for (let attempt = 1; attempt <= exitCodeAttempts; attempt += 1) {
    const { status, body } = await askWhetherThere(link, path, doing);
    if (status === 404) throw containerGone(id, doing);
    const answer = readAnswer(body, doing);
    if (!answer.flag("Running")) return answer.number("ExitCode");
    await delay(exitCodePauseMs);
  }
  throw protocolError(doing, "the engine closed the command's output but says that it still runs");
}

export function containerGone(id: string, doing: string): SkillcrateError {
  const message = `cannot ${doing}: container ${quoteValue(id)} is not there or does not run`;
  return new SkillcrateError("CONTAINER_GONE", message, {
    hint: "See which containers there are: docker ps --all",
  });
}

/** Only what passed a grammar becomes part of a URL. */
export function containerPath(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(id)) return `/containers/${id}`;
  throw new SkillcrateError("INPUT_INVALID", `${quoteValue(id)} is not the id or name of a container`, {
    hint: "See which containers there are: docker ps --all",
  });
}

/** Variables as the API takes them. */
export function toAssignments(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

const exitCodeAttempts = 40;
const exitCodePauseMs = 50;
