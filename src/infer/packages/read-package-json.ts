import type { Confidence } from "../inferred.ts";
import { readDependency } from "../javascript/read-dependency.ts";
import type { Mention } from "../mention.ts";
import type { DependencyFault, DependencyReading } from "./dependency-file.ts";

export interface PackageJsonReading extends DependencyReading {
  /** The package's own name, which is no dependency. */
  readonly ownName: string | null;
}

/** What is needed to develop a package is a guess: a skill's own scripts may run with it. */
const lists: readonly (readonly [string, Confidence])[] = [
  ["dependencies", "certain"],
  ["optionalDependencies", "likely"],
  ["devDependencies", "guess"],
];

export function readPackageJson(text: string): PackageJsonReading {
  const document = parse(text);
  if (document === null) {
    const fault: DependencyFault = {
      kind: "invalid",
      offset: 0,
      text: "package.json",
      reason: "it is no JSON object",
    };
    return { mentions: [], faults: [fault], ownName: null };
  }
  const mentions: Mention[] = [];
  const faults: DependencyFault[] = [];
  for (const [key, confidence] of lists) {
    const entries = Object.entries(objectOf(document[key]) ?? {});
    const start = Math.max(0, text.indexOf(`"${key}"`));
    let offset = start;
    for (const [name, version] of entries) {
      // One that is written with escapes is not found, and where it is missing there is no look for the next.
      if (offset !== -1) offset = text.indexOf(JSON.stringify(name), offset + 1);
      const at = offset === -1 ? start : offset;
      const read = readDependency(name, typeof version === "string" ? version : "{}");
      if (read.kind !== "package") {
        // What is only there for developers harms nobody.
        if (confidence !== "guess") faults.push({ ...read, offset: at, text: `${name}: ${String(version)}` });
        continue;
      }
      const { kind: _, ...named } = read;
      mentions.push({ kind: "node", ...named, offset: at, confidence, how: "listed in" });
    }
  }
  const ownName = document["name"];
  return { mentions, faults, ownName: typeof ownName === "string" ? ownName : null };
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return objectOf(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
