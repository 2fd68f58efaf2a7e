import type { WantedLibrary } from "./library.ts";
import { npm } from "./npm.ts";
import { python } from "./python.ts";

/** Why a name or a range must not reach an installer; null: nothing speaks against it. */
export function refuseLibraryName(wanted: WantedLibrary): string | null {
  const { language, naming, name, range, extras = [] } = wanted;
  if (language === "python" && naming === "module" && !modulePattern.test(name))
    return "it is no name of a module";
  const packages = [
    ...(naming === "package" ? [name] : []),
    ...(wanted.package === undefined ? [] : [wanted.package]),
  ];
  if (language === "node" && naming === "module") packages.push(name);
  const { parsePackage } = language === "node" ? npm : python;
  for (const text of packages) {
    const parsed = parsePackage(text);
    if ("refused" in parsed) return parsed.refused;
    if (parsed.package.name !== text) return "a version stands in its name";
  }
  if (range !== undefined && !(language === "node" ? nodeRange : pythonRange).test(range))
    return "its range of versions is written in no way that is understood";
  return extras.every((extra) => extraPattern.test(extra))
    ? null
    : "its extras are written in no way that is understood";
}

// Python's identifiers, ASCII only.
const modulePattern = /^(?!.{256})[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const extraPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;
const pythonRange =
  /^(?!.{200})(?:[<>~!=]=|[<>]|===)[0-9][0-9A-Za-z.!+*_-]*(?:,(?:[<>~!=]=|[<>]|===)[0-9][0-9A-Za-z.!+*_-]*)*$/;
const nodeRange =
  /^(?!.{200})(?:[~^]|[<>]?=?)v?[0-9xX*][0-9A-Za-z.*+-]*(?:(?: | \|\| | - )(?:[~^]|[<>]?=?)v?[0-9xX*][0-9A-Za-z.*+-]*)*$/;
