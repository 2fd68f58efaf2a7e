import type { LibraryLanguage, WantedLibrary } from "./library.ts";
import type { AddedLibrary, SkillCorrection } from "./overlay.ts";
import type { InstallEntry } from "./read-install.ts";
import type { SkillNeeds } from "./skill-needs.ts";

/**
 * The libraries that a skill wants: those of the overlay, and those that its files use, without those that the overlay
 * passes over. What the overlay says of a library goes before what the files say of it.
 */
export function wantedLibraries(
  needs: SkillNeeds | undefined,
  corrections: readonly SkillCorrection[],
): WantedLibrary[] {
  const added = corrections.flatMap(({ requires }) => [
    ...requires.python.map((library) => fromOverlay("python", library)),
    ...requires.node.map((library) => fromOverlay("node", library)),
  ]);
  const settled = new Set([
    ...corrections.flatMap(({ ignore }) => [
      ...ignore.python.map((name) => `python ${name}`),
      ...ignore.node.map((name) => `node ${name}`),
    ]),
    ...added.flatMap(({ language, name, package: of }) => [
      `${language} ${name}`,
      `${language} ${of ?? name}`,
    ]),
  ]);
  const used = needs?.libraries ?? [];
  return [...added, ...used.filter(({ language, name }) => !settled.has(`${language} ${name}`))];
}

function fromOverlay(language: LibraryLanguage, library: AddedLibrary): WantedLibrary {
  const { name, range, place } = library;
  return {
    language,
    naming: "module",
    name,
    ...(range === null ? {} : { range }),
    ...(library.package === null ? {} : { package: library.package }),
    because: "the overlay asks for it",
    place,
    declared: true,
  };
}

/**
 * Packages of a Python index that the skill's install entries name without a command: what its files import may come
 * from one of them. By themselves they are no libraries that anything uses.
 */
export function librariesOfInstall(entries: readonly InstallEntry[]): WantedLibrary[] {
  return entries
    .filter(({ ecosystem, spec }) => ecosystem?.kind === "python" && spec.bins.length === 0)
    .flatMap(({ key, spec, packages }) =>
      packages.map(({ name, version, range = version && `==${version}`, extras }) => ({
        language: "python",
        naming: "package",
        name,
        ...(range === undefined ? {} : { range }),
        ...(extras === undefined ? {} : { extras }),
        because: `the skill's ${key} names it`,
        place: spec.place,
        declared: false,
      })),
    );
}
