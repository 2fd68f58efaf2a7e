import { readRequirement } from "../python/read-requirement.ts";
import { type DependencyReading, noDependencies } from "./dependency-file.ts";

/** One requirement of a file that lists them. */
export function pythonDependency(text: string, offset: number): DependencyReading {
  const read = readRequirement(text);
  switch (read.kind) {
    case "package": {
      const { kind: _, ...named } = read;
      const how = "listed in";
      return {
        mentions: [{ kind: "python", naming: "distribution", ...named, offset, confidence: "certain", how }],
        faults: [],
      };
    }
    case "elsewhere":
      return noDependencies;
    default:
      return { mentions: [], faults: [{ kind: read.kind, reason: read.reason, text, offset }] };
  }
}
