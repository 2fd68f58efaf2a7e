import type { InferredNode, InferredPython } from "../infer/inferred.ts";
import type { WantedLibrary } from "./library.ts";

/** A library that was found in a skill's files, as the resolver takes it. */
export function inferredLibrary(found: InferredNode | InferredPython): WantedLibrary {
  const { kind, name, versionRange, evidence, place } = found;
  const extras = found.kind === "python" ? found.extras : undefined;
  return {
    language: kind,
    naming: namesPackage(found) ? "package" : "module",
    name,
    ...(versionRange === undefined ? {} : { range: versionRange }),
    ...(extras === undefined ? {} : { extras }),
    because: evidence,
    place,
    declared: false,
  };
}

/** Whether it is a list of dependencies that names it, and not an import. */
function namesPackage(found: InferredNode | InferredPython): boolean {
  return found.kind === "python"
    ? found.naming === "distribution"
    : found.place.file.endsWith("/package.json");
}
