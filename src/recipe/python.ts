import type { Ecosystem, PackageRequest, ParsedPackage, Provision } from "./ecosystem.ts";
import { pythonPins } from "./python-pins.ts";
import type { PythonRecipe } from "./recipe.ts";

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
/** pip reads a name with such an ending as a file beside it. */
const archive = /\.(?:whl|zip|tgz|gz|bz2|xz|tar)$/i;
const expected = "a package of a Python index such as nano-pdf, name[extra] or name==1.2.3";
const longest = 200;

function parsePackage(text: string): ParsedPackage {
  const [, name, extras, clauses] = (text.length <= longest ? requirementPattern.exec(text) : null) ?? [];
  if (name === undefined || archive.test(name)) return { refused: reasonAgainst(text), expected };
  const version = clauses === undefined ? undefined : exactPattern.exec(clauses.trim())?.[1];
  const names = (extras ?? "")
    .split(",")
    .map((extra) => extra.trim())
    .filter((extra) => extra !== "");
  return {
    package: {
      name,
      ...(version !== undefined && { version }),
      ...(version === undefined && clauses !== undefined && { range: clauses.replaceAll(" ", "") }),
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

function provide({ bin, package: { name, version, range, extras } }: PackageRequest): Provision {
  const pin = pythonPins.get(canonicalName(name));
  if (pin !== undefined && !pin.bins.includes(bin)) {
    return { failure: `the Python package ${name} has no command ${bin}: it has ${pin.bins.join(", ")}` };
  }
  const exact = version ?? pin?.version;
  const recipe: PythonRecipe = {
    kind: "python",
    package: name,
    ...(exact !== undefined && { version: exact }),
    ...(extras !== undefined && { extras }),
    bins: pin?.bins ?? [bin],
  };
  if (exact === undefined) {
    const named = range === undefined ? "no version is named" : `${range} is no exact version`;
    return { recipe, unpinned: `${named}, so every build takes the newest` };
  }
  return range === undefined ? { recipe } : { recipe, unpinned: `${range} is no pin: ${exact} is taken` };
}

/** PEP 503: case, dots and underscores make no difference. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]+/g, "-");
}
