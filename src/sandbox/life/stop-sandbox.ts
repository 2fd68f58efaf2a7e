import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { scopeSlug } from "../scope.ts";
import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";
import { type SandboxSummary, summarize } from "./list-sandboxes.ts";
import { withIdleSandbox } from "./with-idle-sandbox.ts";

export interface StopRequest extends GatewaySandboxes {
  /** A container's name or id, the whole key of a scope, its folder's name, or the beginning of a name or id. */
  readonly name: string;
  /** Also while somebody uses it. */
  readonly force?: boolean;
  /** What runs in it is killed after this; default 10. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * Stops what runs of a sandbox; the next use starts it again. Gives its containers as they are then. Throws
 * `SANDBOX_NOT_FOUND` where a name means none or several, and `SANDBOX_IN_USE`.
 */
export async function stopSandbox(request: StopRequest): Promise<readonly SandboxSummary[]> {
  const { engine, name, force = false, timeoutSeconds = 10, signal } = request;
  const found = findByName(await findSandboxes(request, request), name);
  const options = { patienceMs, force, ...(signal === undefined ? {} : { signal }) };
  for (const sandbox of found) {
    const outcome = await withIdleSandbox(sandbox, options, () =>
      engine.sandboxes.stop(sandbox.container.id, timeoutSeconds),
    );
    if (outcome === "in use") throw inUse(sandbox);
  }
  return found.map((sandbox) => ({ ...summarize(sandbox), state: "exited" }));
}

const patienceMs = 10_000;

function inUse({ container }: FoundSandbox): SkillcrateError {
  return new SkillcrateError("SANDBOX_IN_USE", `The sandbox ${quoteValue(container.name)} is in use.`, {
    hint: "Wait until its session rests, or stop it all the same: --force",
  });
}

/** All containers of the one scope that is meant. */
function findByName(found: readonly FoundSandbox[], name: string): readonly FoundSandbox[] {
  const names = ({ container, labels }: FoundSandbox) => [
    container.name,
    container.id,
    scopeSlug(labels.scope),
  ];
  const exact = found.filter((one) => one.labels.scope.key === name || names(one).includes(name));
  const begun = found.filter((one) => names(one).some((known) => known.startsWith(name)));
  const meant = exact.length > 0 || name === "" ? exact : begun;
  const scopes = new Set(meant.map(({ labels }) => labels.scopeDir)).size;
  if (scopes === 1) return meant;
  const candidates = meant.map(({ container }) => container.name).sort(compareText);
  throw new SkillcrateError(
    "SANDBOX_NOT_FOUND",
    scopes === 0
      ? `No sandbox is called ${quoteValue(name)}.`
      : `${scopes} sandboxes could be meant by ${quoteValue(name)}.`,
    {
      hint:
        scopes === 0
          ? "skillcrate sandbox list"
          : `Name one of: ${candidates.slice(0, 10).join(", ")}${candidates.length > 10 ? ", …" : ""}`,
    },
  );
}
