import type { Duplex } from "node:stream";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { askEngine, askEngineState, brokenAnswer } from "../port/ask-engine.ts";
import { protocolError, refusal } from "../port/engine-error.ts";
import type { EngineLink } from "../port/engine-link.ts";
import { containerGone, containerPath, toAssignments } from "../port/exec-command.ts";
import { guardSilence, type SilenceGuard } from "../port/guard-silence.ts";
import { isObject } from "../port/is-object.ts";
import { readAnswer } from "../port/read-answer.ts";
import { createFrameSplitter, type OutputChunk } from "../port/split-frames.ts";
import type { OpenExec, OpenExecSpec } from "./exec-port.ts";
import { upgradeConnection } from "./upgrade-connection.ts";

/** Two requests: one makes the command, the other starts it and becomes its streams. */
export async function openExec(
  link: EngineLink,
  containerId: string,
  spec: OpenExecSpec,
  signal?: AbortSignal,
): Promise<OpenExec> {
  const doing = `run ${quoteValue(spec.command[0])} in container ${quoteValue(containerId)}`;
  const id = await createExec(link, { containerId, spec, doing, signal });
  const letGo = new AbortController();
  const stop = () => letGo.abort();
  const askState = spec.idle === true ? async () => "alive" as const : () => askEngineState(link);
  const guard = guardSilence(link, doing, letGo.signal, askState);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const request = { path: `/exec/${id}/start`, body: { Detach: false, Tty: spec.tty }, doing };
    const answer = await upgradeConnection(link, request, guard.signal);
    if (!("socket" in answer)) throw refuse(answer.status, answer.text, containerId, doing);
    const { socket } = answer;
    guard.signal.addEventListener("abort", () => socket.destroy(), { once: true });
    // Whoever reads or writes sees an error too; without a listener it would end the process.
    socket.on("error", () => {});
    const output = readOutput(link, { spec, doing, socket, guard });
    return { id, stdin: spec.stdin ? socket : null, output, close: () => closeAll(letGo, guard) };
  } catch (error) {
    guard.release();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** In this order: whoever still reads is to get `CANCELLED`. */
function closeAll(letGo: AbortController, guard: SilenceGuard): void {
  letGo.abort();
  guard.release();
}

interface Creation {
  readonly containerId: string;
  readonly spec: OpenExecSpec;
  readonly doing: string;
  readonly signal: AbortSignal | undefined;
}

async function createExec(link: EngineLink, creation: Creation): Promise<string> {
  const { containerId, spec, doing, signal } = creation;
  const { status, body } = await askEngine(link, {
    method: "POST",
    path: `${containerPath(containerId)}/exec`,
    body: {
      Cmd: spec.command,
      AttachStdin: spec.stdin,
      AttachStdout: true,
      AttachStderr: true,
      Tty: spec.tty,
      Env: toAssignments(spec.env ?? {}),
      ...(spec.user === undefined ? {} : { User: spec.user }),
      ...(spec.workdir === undefined ? {} : { WorkingDir: spec.workdir }),
    },
    doing,
    pace: "patient",
    tolerate: [404, 409],
    signal,
  });
  if (status < 400) return execIdOf(readAnswer(body, doing).text("Id"), doing);
  throw refuse(status, isObject(body) ? String(body["message"] ?? "") : "", containerId, doing);
}

/** It becomes part of a URL. */
function execIdOf(id: string, doing: string): string {
  if (/^[0-9a-f]{12,128}$/.test(id)) return id;
  throw protocolError(doing, "the engine's answer names no command");
}

/** 404 and 409 mean that it does not run, but for a container that is paused, which answers 409 too. */
function refuse(status: number, text: string, containerId: string, doing: string) {
  const isGone = status === 404 || (status === 409 && !text.includes("paused"));
  return isGone ? containerGone(containerId, doing) : refusal(status, text, doing);
}

interface Connection {
  readonly spec: OpenExecSpec;
  readonly doing: string;
  readonly socket: Duplex;
  readonly guard: SilenceGuard;
}

async function* readOutput(link: EngineLink, connection: Connection): AsyncGenerator<OutputChunk> {
  const { spec, doing, socket, guard } = connection;
  const split = spec.tty ? oneStream : createFrameSplitter();
  try {
    guard.signal.throwIfAborted();
    for await (const chunk of socket) {
      guard.heard();
      yield* split(chunk);
    }
    // What is destroyed by the guard may end without an error.
    guard.signal.throwIfAborted();
  } catch (error) {
    if (guard.signal.aborted) throw guard.signal.reason;
    if (error instanceof RangeError) throw protocolError(doing, error.message, error);
    throw await brokenAnswer(error, link, doing);
  } finally {
    guard.release();
  }
}

const oneStream = (bytes: Uint8Array): OutputChunk[] => [{ stream: "stdout", bytes }];
