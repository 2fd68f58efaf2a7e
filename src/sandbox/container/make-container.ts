import { isDeepStrictEqual } from "node:util";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { containerGone } from "../../engine/port/exec-command.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { checkContainerPlan } from "./check-container-plan.ts";
import { compareContainer, type Difference } from "./compare-container.ts";
import { type ContainerPlan, containerLabels } from "./container-plan.ts";
import type { ContainerStep, EnsureContainerRequest } from "./ensure-request.ts";
import { learnHardUlimits } from "./learn-hard-ulimits.ts";
import { lowerUlimits, readHardUlimits } from "./lower-ulimits.ts";
import { makingName, readMakingName } from "./making-name.ts";
import { ensureNetwork, removeNetwork } from "./own-network.ts";
import { refuseAfterFailedSetup, runSetup } from "./run-setup.ts";

/**
 * Makes a plan's container, and gives its id once it runs and its setup command has run. `before` is the one whose place
 * it takes: that is removed last, so that whatever fails leaves it as it was. A network that the container has for
 * itself is made first. The caller holds the scope's lock.
 *
 * A container that is not ready when it is created has another name until it is: a killed process leaves nothing under
 * a sandbox's name but what is one, and what it leaves elsewhere the next one removes.
 */
export async function makeContainer(
  request: EnsureContainerRequest,
  before: ContainerDetails | null,
): Promise<string> {
  const { engine, plan, recordsDir } = request;
  requireClosed(request);
  refuseAfterFailedSetup(plan, recordsDir);
  if (plan.network === null) return makeWithinLimits(request, before);
  await ensureNetwork(engine, plan.network);
  try {
    return await makeWithinLimits(request, before);
  } catch (error) {
    // Of the container that stays where it was it may be the network.
    if (before === null && !isEngineLost(error))
      await discard(() => removeOwnNetwork(engine, plan.body.Labels));
    throw error;
  }
}

/** With lower limits of processes than planned where the engine may not give those. */
async function makeWithinLimits(
  request: EnsureContainerRequest,
  before: ContainerDetails | null,
): Promise<string> {
  const { engine, plan, uses } = request;
  const first = lowerUlimits(plan, uses.hardUlimits);
  try {
    return await makeInNetwork({ ...request, plan: first }, before);
  } catch (error) {
    if (!(error instanceof SkillcrateError && error.code === "ULIMIT_REFUSED")) throw error;
    const learned = lowerUlimits(plan, (await learnHardUlimits(engine, plan)) ?? {});
    if (isDeepStrictEqual(learned.body, first.body)) throw error;
    uses.hardUlimits = { ...uses.hardUlimits, ...readHardUlimits(learned.body.Labels) };
    tell(request, "limited");
    return await makeInNetwork({ ...request, plan: learned }, before);
  }
}

async function makeInNetwork(
  request: EnsureContainerRequest,
  before: ContainerDetails | null,
): Promise<string> {
  const { engine, plan, signal } = request;
  // Without a setup command there is nothing that a look at it before each use would not find out.
  const direct = before === null && plan.setup === null;
  const name = direct ? plan.name : makingName(plan.name);
  // Without the signal: a request that is cut off may still have made its container.
  const id = await engine.sandboxes.create(name, plan.body);
  try {
    tell(request, "created");
    await requireAsPlanned(request, id);
    throwIfCancelled(signal);
    if (request.oldStopsFirst === true && before !== null) {
      await engine.sandboxes.stop(before.id, plan.body.StopTimeout);
    }
    await bothOf(engine.sandboxes.start(id), removeHalfMade(engine, plan, id));
    tell(request, "started");
    throwIfCancelled(signal);
    await runSetup(request, id);
    if (before !== null) await removeReplaced(request, before);
    if (!direct) await engine.sandboxes.rename(id, plan.name);
    if (!direct) tell(request, "named");
    return id;
  } catch (error) {
    if (!isEngineLost(error)) await discard(() => engine.containers.remove(id));
    throw error;
  }
}

async function removeReplaced(request: EnsureContainerRequest, before: ContainerDetails): Promise<void> {
  const { engine, plan } = request;
  await engine.containers.remove(before.id);
  const network = before.labels[containerLabels.network];
  if (network !== plan.network?.name) await removeOwnNetwork(engine, before.labels);
  tell(request, "replaced");
}

function removeOwnNetwork(engine: Engine, labels: ContainerDetails["labels"]): Promise<void> {
  const { network, owner } = containerLabels;
  return removeNetwork(engine, labels[network] ?? null, labels[owner] ?? "");
}

/** Then a removal would only wait for it once more; the next who makes this container, or `gc`, finds what is left. */
function isEngineLost(error: unknown): boolean {
  return error instanceof SkillcrateError && (error.code === "ENGINE_SILENT" || error.code === "ENGINE_DOWN");
}

function requireClosed({ plan, allowances }: EnsureContainerRequest): void {
  const diagnostics = checkContainerPlan(plan, allowances);
  if (diagnostics.length === 0) return;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The sandbox ${quoteValue(plan.name)} is not made: it would not be closed.`,
    { hint: "Correct what is named.", diagnostics },
  );
}

function tell({ plan, onEvent }: EnsureContainerRequest, step: ContainerStep): void {
  onEvent?.({ type: "container", name: plan.name, step });
}

/** Before it is started: what was made otherwise never runs. */
async function requireAsPlanned(request: EnsureContainerRequest, id: string): Promise<void> {
  const { engine, plan, signal } = request;
  const made = await engine.sandboxes.inspect(id, signal);
  if (made === null) throw containerGone(id, `compare the container ${quoteValue(plan.name)} with its plan`);
  const differences = compareContainer(plan, made.inspected);
  if (differences.length > 0) throw sandboxDiffers(plan, differences);
  tell(request, "compared");
}

export function sandboxDiffers({ name }: ContainerPlan, differences: readonly Difference[]): SkillcrateError {
  const lines = differences.map(
    ({ path, planned, real }) =>
      `\n  ${escapeText(path)}: planned ${describeValue(planned)}, found ${describeValue(real)}`,
  );
  return new SkillcrateError(
    "SANDBOX_DIFFERS",
    `The container ${quoteValue(name)} is not as planned:${lines.join("")}`,
    { hint: "Look for what changes containers on this engine: its daemon.json, a plugin, or docker update." },
  );
}

function describeValue(value: string | null): string {
  return value === null ? "nothing" : quoteValue(value);
}

/** Waits for both, whichever fails. */
async function bothOf(first: Promise<void>, second: Promise<void>): Promise<void> {
  for (const outcome of await Promise.allSettled([first, second])) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

/** What killed processes left of the same container: under the scope's lock nobody else makes one. */
async function removeHalfMade(engine: Engine, plan: ContainerPlan, ownId: string): Promise<void> {
  const { owner, scopeKey } = containerLabels;
  const labels = [owner, scopeKey].map((label) => `${label}=${plan.body.Labels[label] ?? ""}`);
  const left = (await engine.sandboxes.list(labels)).filter(
    ({ id, name }) => id !== ownId && readMakingName(name)?.name === plan.name,
  );
  await Promise.all(left.map(({ id }) => engine.containers.remove(id)));
}

/** What made the rest fail is what is told, whatever comes of this. */
async function discard(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof SkillcrateError)) throw error;
  }
}
