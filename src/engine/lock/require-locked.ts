import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { goneExitCode, goneMarks } from "../../dockerfile/tell-gone.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { ImageFacts } from "../image-facts.ts";

/**
 * Holds a finished image to its lock. Trees hold themselves: their clients take nothing with another digest. Throws
 * `LOCK_MISMATCH` where Debian packages have other versions.
 */
export function requireLocked({ name, layers, locked }: ImagePlan, facts: ImageFacts): void {
  const wanted = new Map(
    layers
      .flatMap(({ id }) => locked?.parts[id] ?? [])
      .flatMap((lock) => (lock.kind === "debian" ? lock.packages : []))
      .map((deb) => [deb.name, deb.version]),
  );
  const wrong = [...wanted].filter(([deb, version]) => facts.packages[deb] !== version);
  if (wrong.length === 0) return;
  const shown = wrong
    .slice(0, 10)
    .map(([deb, version]) => `${deb} ${facts.packages[deb] ?? "is missing"}, locked ${version}`);
  throw new SkillcrateError("LOCK_MISMATCH", `${name} is not what its lock says: ${shown.join("; ")}`, {
    hint: "The image below brings other versions than it did; lock it again: skillcrate lock",
  });
}

/** The error of a locked step that could not have its packages, made from the last lines of its log; null: another one. */
export function packagesGone(step: string, exitCode: string, log: readonly string[]): SkillcrateError | null {
  if (exitCode !== String(goneExitCode)) return null;
  const named = (mark: string): string[] =>
    log.flatMap((line) => (line.startsWith(mark) ? [nameOf(line.slice(mark.length))] : []));
  const [gone, changed] = [named(goneMarks.gone), named(goneMarks.changed)];
  const isDebian = [...gone, ...changed].some((name) => name.endsWith(".deb"));
  const parts = [
    ...describe(`no ${isDebian ? "mirror" : "registry"} has`, gone),
    ...describe("another file now has the name of", changed),
  ];
  const archive = isDebian ? "Name an archive that still has them (--snapshot URL), or take" : "Take";
  return new SkillcrateError("LOCK_PACKAGES_GONE", `${step}: ${parts.join("; ")}`, {
    hint: `${archive} newer ones: skillcrate update`,
  });
}

/** Of a Debian package the file, wherever its archive keeps it. */
function nameOf(text: string): string {
  return escapeText(text.endsWith(".deb") ? text.slice(text.lastIndexOf("/") + 1) : text);
}

function describe(what: string, files: readonly string[]): string[] {
  return files.length === 0 ? [] : [`${what} ${files.join(", ")}`];
}
