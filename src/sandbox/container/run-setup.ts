import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine, ExecResult } from "../../engine/engine.ts";
import { containerGone } from "../../engine/port/exec-command.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { writeFileAtomically } from "../../host/write-file-atomically.ts";
import type { ContainerPlan } from "./container-plan.ts";
import { readSetupFailure, type SetupFailure, setupLogPath, writeSetupFailure } from "./container-records.ts";
import type { EnsureContainerRequest } from "./ensure-request.ts";
import { readContainerLabels } from "./read-container-labels.ts";

/**
 * Runs the setup command of a new container; all that it prints is kept in the scope's records. Throws
 * `SANDBOX_SETUP_FAILED`, now and whenever the same plan is asked for until that is forgotten.
 */
export async function runSetup(request: EnsureContainerRequest, id: string): Promise<void> {
  const { plan, recordsDir, onEvent } = request;
  if (plan.setup === null) return;
  const result = await execute(request, plan.setup, id);
  writeFileAtomically(setupLogPath(recordsDir), result.stdout + result.stderr);
  if (result.exitCode !== 0) {
    const failure = { planHash: plan.hash, exitCode: result.exitCode, lines: lastLines(result) };
    writeSetupFailure(recordsDir, failure);
    throw setupFailed(plan, recordsDir, failure);
  }
  onEvent?.({ type: "container", name: plan.name, step: "set-up" });
}

export function refuseAfterFailedSetup(plan: ContainerPlan, recordsDir: string): void {
  if (plan.setup === null) return;
  const failure = readSetupFailure(recordsDir, plan.hash);
  if (failure !== null) throw setupFailed(plan, recordsDir, failure);
}

async function execute(
  { engine, plan, signal }: EnsureContainerRequest,
  { command, timeoutMs }: NonNullable<ContainerPlan["setup"]>,
  id: string,
): Promise<ExecResult> {
  const stop = () => void endContainer(engine, id);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const spec = { command, timeoutMs, outputLimitBytes: maxOutputBytes };
    const result = await engine.containers.exec(id, spec);
    throwIfCancelled(signal);
    if (result.exitCode === 0 || result.timedOut || (await isRunning(engine, id))) return result;
    throw containerGone(id, `set up the container ${quoteValue(plan.name)}`);
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

const maxOutputBytes = 1_000_000;

/** The API cannot end a command; its container can be removed under it, and is half-made anyway. */
async function endContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.containers.remove(id);
  } catch (error) {
    // Whoever waits for the command hears of an engine that fails.
    if (!(error instanceof SkillcrateError)) throw error;
  }
}

/** A command that went down with its container has not failed. */
async function isRunning(engine: Engine, id: string): Promise<boolean> {
  return (await engine.sandboxes.inspect(id))?.state === "running";
}

function lastLines({ stdout, stderr }: ExecResult): readonly string[] {
  const lines = `${stdout}\n${stderr}`.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.slice(-shownLines).map((line) => line.slice(0, longestLine));
}

const shownLines = 10;
const longestLine = 500;

function setupFailed(
  { name, setup, body }: ContainerPlan,
  recordsDir: string,
  { exitCode, lines }: SetupFailure,
): SkillcrateError {
  const how =
    exitCode === null
      ? `did not end within ${(setup?.timeoutMs ?? 0) / 1000} s`
      : `ended with exit code ${exitCode}`;
  const said = lines.map((line) => `\n  ${escapeText(line)}`).join("");
  return new SkillcrateError(
    "SANDBOX_SETUP_FAILED",
    `The setup command of the sandbox ${quoteValue(name)} ${how}.${said}`,
    {
      hint: `It is run again once docker.setupCommand has changed, or on:\nskillcrate sandbox recreate ${scopeOption(body)}\nAll that it printed: ${escapeText(setupLogPath(recordsDir))}`,
    },
  );
}

function scopeOption({ Labels }: ContainerPlan["body"]): string {
  const scope = readContainerLabels(Labels)?.scope;
  if (scope === undefined || scope.kind === "shared") return "--shared";
  return `--${scope.kind} ${quoteValue(scope.key)}`;
}
