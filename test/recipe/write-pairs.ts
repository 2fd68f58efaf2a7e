import type { InstallKind, InstallSpec, Skill } from "../../src/skill/skill.ts";
import type { HandChecked } from "./hand-checked/hand-checked-pair.ts";
import { installEntry, skillWith } from "./resolve-one.ts";

/** A row of the table as one line. */
export function keyOf({ bin, install, os }: HandChecked): string {
  return [bin, ...(os === undefined ? [] : [`(${os})`]), ...install].join(" | ");
}

/** The pairs of a skill, each as the line that its row would be. */
export function pairsOf({ requires, install, os }: Skill): string[] {
  const elsewhere = os.length > 0 && !os.includes("linux") ? [`(${os.join(" ")})`] : [];
  return [...requires.bins, ...requires.anyBins].map((bin) => {
    const entries = install.filter(({ bins }) => bins.length === 0 || bins.includes(bin));
    return [bin, ...elsewhere, ...entries.map(writeEntry)].join(" | ");
  });
}

/** A skill that declares a row's pair and nothing else. */
export function skillOf({ bin, install, os, homepage }: HandChecked): Skill {
  return skillWith(
    [bin],
    install.map((text) => readEntry(text, bin)),
    { ...(os !== undefined && { os: [os] }), ...(homepage !== undefined && { homepage }) },
  );
}

function writeEntry(spec: InstallSpec): string {
  const { declaredKind, formula, tap, cask, packages, module, url, os, bins } = spec;
  const inTap = formula !== undefined && tap !== undefined && !formula.includes("/");
  const names = [inTap ? `${tap}/${formula}` : formula, cask, ...packages, module, url];
  const given = new Set(names.filter((name) => name !== undefined));
  const marks = [...os, ...(bins.length === 0 ? [unsaid] : [])];
  return [declaredKind, ...given, ...marks.map((mark) => `(${mark})`)].join(" ");
}

/** Marks an entry that does not say which commands it gives. */
const unsaid = "unsaid";

const kinds: ReadonlyMap<string, InstallKind> = new Map([
  ["apt", "apt"],
  ["brew", "brew"],
  ["download", "download"],
  ["go", "go"],
  ["node", "node"],
  ["npm", "node"],
  ["pip", "pip"],
  ["uv", "uv"],
]);

/** What `writeEntry` wrote, as an entry again. */
function readEntry(text: string, bin: string): InstallSpec {
  const [declaredKind = "", ...words] = text.split(" ");
  const names = words.filter((word) => !word.startsWith("("));
  const [name = ""] = names;
  const kind = name === "" ? null : (kinds.get(declaredKind) ?? null);
  return {
    ...installEntry("brew", { declaredKind }),
    kind,
    bins: words.includes(`(${unsaid})`) ? [] : [bin],
    os: (["darwin", "linux", "win32"] as const).filter((system) => words.includes(`(${system})`)),
    ...partsOf(kind, name, names),
  };
}

function partsOf(kind: InstallKind | null, name: string, names: readonly string[]): Partial<InstallSpec> {
  switch (kind) {
    case "brew":
      return { formula: name };
    case "go":
      return { module: name };
    case "download":
      return { url: name };
    default:
      return { packages: names };
  }
}
