import type { ContainerLogs } from "../../engine/sandbox/sandbox-port.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { setupLogPath } from "../container/container-records.ts";
import { findSandbox } from "./find-sandbox.ts";
import type { FoundSandbox, GatewaySandboxes } from "./find-sandboxes.ts";

export interface LogsRequest extends GatewaySandboxes {
  /** As for `stopSandbox`. */
  readonly name: string;
  /** The last so many; default 100. */
  readonly lines?: number;
  readonly signal?: AbortSignal;
}

/** What one container of a sandbox has printed. */
export interface SandboxLogs extends ContainerLogs {
  readonly name: string;
  readonly role: "sandbox" | "browser";
  /** What its setup command printed; null: it has none, or that is gone. */
  readonly setup: string | null;
}

/** What the first processes of a sandbox's containers printed last, and its setup command. Throws `SANDBOX_NOT_FOUND`. */
export async function readSandboxLogs(request: LogsRequest): Promise<readonly SandboxLogs[]> {
  const { engine, name, lines = 100, signal } = request;
  const found = await findSandbox(request, name, signal);
  return Promise.all(
    found.map(async (sandbox) => ({
      name: sandbox.container.name,
      role: sandbox.labels.role,
      setup: readSetupLog(sandbox),
      ...(await engine.sandboxes.logs(sandbox.container.id, lines, signal)),
    })),
  );
}

function readSetupLog({ recordsDir, labels }: FoundSandbox): string | null {
  if (recordsDir === null || labels.role !== "sandbox") return null;
  const read = readRegularFile(setupLogPath(recordsDir), maxLogBytes);
  return read.ok ? read.bytes.toString("utf8") : null;
}

/** As much as is kept of a setup command's output, and as UTF-8 once more. */
const maxLogBytes = 3_000_000;
