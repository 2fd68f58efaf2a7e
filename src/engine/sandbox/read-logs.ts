import { IncomingMessage } from "node:http";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { protocolError, refusal } from "../port/engine-error.ts";
import type { EngineLink } from "../port/engine-link.ts";
import { containerGone, containerPath } from "../port/exec-command.ts";
import { followBytes } from "../port/follow-bytes.ts";
import { readExecOutput } from "../port/read-exec-output.ts";
import type { ContainerLogs } from "./sandbox-port.ts";

/** What a container's first process printed last. Throws `CONTAINER_GONE`. */
export async function readLogs(
  link: EngineLink,
  id: string,
  lines: number,
  signal: AbortSignal | undefined,
): Promise<ContainerLogs> {
  const doing = `read the log of the container ${quoteValue(id)}`;
  const output = readExecOutput(maxLogBytes);
  const open = (abortSignal: AbortSignal) => requestLog(link, id, lines, abortSignal);
  const refuse = (status: number, text: string) =>
    status === 404 ? containerGone(id, doing) : refusal(status, text, doing);
  for await (const chunk of followBytes(link, { doing, open, signal, refuse })) {
    try {
      output.write(chunk);
    } catch (error) {
      if (error instanceof RangeError) throw protocolError(doing, error.message, error);
      throw error;
    }
  }
  return output.result();
}

/** dockerode's own method reads a log that it does not follow into memory whole. */
function requestLog(
  { modem }: EngineLink,
  id: string,
  lines: number,
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  const path = `${containerPath(id)}/logs?`;
  const query = { stdout: true, stderr: true, tail: lines };
  const options = { method: "GET", path, abortSignal, isStream: true, statusCodes: { 200: true } };
  return new Promise((resolve, reject) => {
    modem.dial({ ...options, options: { _query: query, _body: {} } }, (error, response) => {
      if (response instanceof IncomingMessage) resolve(response);
      else reject(error);
    });
  });
}

const maxLogBytes = 1_000_000;
