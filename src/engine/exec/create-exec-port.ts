import { quoteValue } from "../../diagnostic/quote-value.ts";
import { askEngine, askWhetherThere } from "../port/ask-engine.ts";
import type { EngineLink } from "../port/engine-link.ts";
import { containerGone, containerPath } from "../port/exec-command.ts";
import { readAnswer } from "../port/read-answer.ts";
import type { ExecPort, ExecState, TerminalSize } from "./exec-port.ts";
import { openExec } from "./open-exec.ts";

export function createExecPort(link: EngineLink): ExecPort {
  return {
    open: (containerId, spec, signal) => openExec(link, containerId, spec, signal),
    resize: (execId, size) => resize(link, execId, size),
    inspect: (execId, signal) => inspect(link, execId, signal),
    restart: (containerId) => restart(link, containerId),
  };
}

async function resize(link: EngineLink, execId: string, { columns, rows }: TerminalSize): Promise<void> {
  const doing = "tell a command the size of its terminal";
  const { status } = await askEngine(link, {
    method: "POST",
    path: `/exec/${execId}/resize`,
    query: { h: rows, w: columns },
    doing,
    pace: "prompt",
    tolerate: [404, 409],
  });
  if (status >= 400) throw containerGone(execId, doing);
}

async function inspect(link: EngineLink, execId: string, signal?: AbortSignal): Promise<ExecState> {
  const doing = "ask how a command ended";
  const { status, body } = await askWhetherThere(link, `/exec/${execId}/json`, doing, signal);
  if (status === 404) throw containerGone(execId, doing);
  const answer = readAnswer(body, doing);
  const running = answer.flag("Running");
  return { running, exitCode: running ? null : answer.number("ExitCode") };
}

async function restart(link: EngineLink, containerId: string): Promise<void> {
  const doing = `restart the container ${quoteValue(containerId)}`;
  const { status } = await askEngine(link, {
    method: "POST",
    path: `${containerPath(containerId)}/restart`,
    query: { t: 0 },
    doing,
    pace: "patient",
    tolerate: [404],
  });
  if (status === 404) throw containerGone(containerId, doing);
}
