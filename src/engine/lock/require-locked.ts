import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { goneExitCode, goneMarks } from "../../dockerfile/locked-apt-scripts.ts";
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
    log.flatMap((line) => (line.startsWith(mark) ? [fileName(line)] : []));
  const parts = [
    ...describe("no mirror has", named(goneMarks.gone)),
    ...describe("another file now has the name of", named(goneMarks.changed)),
  ];
  return new SkillcrateError("LOCK_PACKAGES_GONE", `${step}: ${parts.join("; ")}`, {
    hint: "Name an archive that still has them (--snapshot URL), or take newer ones: skillcrate update",
  });
}

function fileName(line: string): string {
  return line.slice(line.lastIndexOf("/") + 1);
}

function describe(what: string, files: readonly string[]): string[] {
  return files.length === 0 ? [] : [`${what} ${files.join(", ")}`];
}
