import type { DeclaredPackage, Ecosystem, PackageRequest, ParsedPackage, Provision } from "./ecosystem.ts";
import { fitsPythonRange } from "./fits-python-range.ts";
import { pythonPins } from "./python-pins.ts";
import type { Companion, PythonRecipe } from "./recipe.ts";

/** Tools from a Python package index, each in an environment of its own. */
export const python: Ecosystem = {
  kind: "python",
  installKinds: ["uv", "pip", "pipx", "python"],
  naming: "python",
  parsePackage,
  provide,
  knownBins: (name) => pythonPins.get(canonicalName(name))?.bins ?? null,
};

// PEP 508 without markers and URLs: name, extras, version clauses.
const requirementPattern =
  /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?) *(?:\[ *([A-Za-z0-9._-]+(?: *, *[A-Za-z0-9._-]+)*)? *\])? *([<>=!~][<>=!~0-9A-Za-z.*+, -]*)?$/;
// PEP 440, final releases and pre-releases, no local versions and no wildcards.
const exactPattern = /^={2,3} *(\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?)$/;
// PEP 440 version specifiers, without spaces.
const rangePattern =
  /^(?:[<>~!=]=|[<>]|===)[0-9][0-9A-Za-z.!+*_-]*(?:,(?:[<>~!=]=|[<>]|===)[0-9][0-9A-Za-z.!+*_-]*)*$/;
/** pip reads a name with such an ending as a file beside it. */
const archive = /\.(?:whl|zip|tgz|gz|bz2|xz|tar)$/i;
const expected = "a package of a Python index such as nano-pdf, name[extra] or name==1.2.3";
const longest = 200;

/** As uv writes versions of tools; an address after `@` is none. */
const uvPattern = /^([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9._,-]+\])?)@(?:latest|(\d[0-9A-Za-z.]*))$/;

function parsePackage(spelled: string): ParsedPackage {
  const text = spelled.replace(uvPattern, (_, name: string, version?: string) =>
    version === undefined ? name : `${name}==${version}`,
  );
  const [, name, extras, clauses] = (text.length <= longest ? requirementPattern.exec(text) : null) ?? [];
  if (name === undefined || archive.test(name)) return { refused: reasonAgainst(text), expected };
  const version = clauses === undefined ? undefined : exactPattern.exec(clauses.trim())?.[1];
  const range = clauses?.replaceAll(" ", "");
  if (range !== undefined && !rangePattern.test(range)) return { refused: reasonAgainst(text), expected };
  const names = (extras ?? "")
    .split(",")
    .map((extra) => extra.trim())
    .filter((extra) => extra !== "");
  return {
    package: {
      name,
      ...(version !== undefined && { version }),
      ...(version === undefined && range !== undefined && { range }),
      ...(names.length > 0 && { extras: names }),
    },
  };
}

function reasonAgainst(text: string): string {
  if (text.startsWith("-")) return "pip reads it as an option";
  if (/@|:\/\/|^git\+/.test(text)) return "pip fetches it from outside the index";
  if (/[/\\]|^\./.test(text) || archive.test(text)) return "pip reads it as a local file";
  return "it is not a Python requirement";
}

function provide({ bin, package: declared, companions }: PackageRequest): Provision {
  const { name, range } = declared;
  const pin = pythonPins.get(canonicalName(name));
  if (pin !== undefined && !pin.bins.includes(bin)) {
    return { failure: `the Python package ${name} has no command ${bin}: it has ${pin.bins.join(", ")}` };
  }
  const recipe: PythonRecipe = {
    kind: "python",
    ...choosePackage(declared),
    ...(companions.length > 0 && { with: companions.map(choosePackage) }),
    bins: pin?.bins ?? [bin],
  };
  if (recipe.version !== undefined) return { recipe };
  const unpinned =
    range === undefined
      ? "no version is named, so every build takes the newest"
      : `${range} is no exact version, so every build takes the newest that fits`;
  return { recipe, unpinned };
}

/** With the skill's exact version, else the pinned one where it fits the skill's range, else whatever does. */
function choosePackage({ name, version, range, extras }: DeclaredPackage): Companion {
  const pinned = pythonPins.get(canonicalName(name))?.version;
  const fits = pinned !== undefined && (range === undefined || fitsPythonRange(pinned, range));
  const exact = version ?? (fits ? pinned : undefined);
  return {
    package: name,
    ...(exact !== undefined && { version: exact }),
    ...(exact === undefined && range !== undefined && { range }),
    ...(extras !== undefined && { extras }),
  };
}

/** PEP 503: case, dots and underscores make no difference. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]+/g, "-");
}
