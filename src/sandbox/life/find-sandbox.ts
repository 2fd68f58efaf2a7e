import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { scopeSlug } from "../scope.ts";
import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";

/**
 * The containers of one scope, its browser's included, by a container's name or id, the scope's whole key or its folder's
 * name, or the beginning of a name or id. Throws `SANDBOX_NOT_FOUND` where none is meant, or several scopes.
 */
export async function findSandbox(
  gateway: GatewaySandboxes,
  name: string,
  signal?: AbortSignal,
): Promise<readonly FoundSandbox[]> {
  const found = await findSandboxes(gateway, signal === undefined ? {} : { signal });
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
