import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";

/**
 * How sure a finding is. `certain`: a file that runs says so (an import or a command in a shipped script, a dependency
 * file); part of a plan by default. `likely` and `guess`: proposals for a person.
 */
export type Confidence = "certain" | "likely" | "guess";

/** Weakest first. */
export const confidences: readonly Confidence[] = ["guess", "likely", "certain"];

interface Found {
  readonly confidence: Confidence;
  /** One line for people: what says so, without the place. */
  readonly evidence: string;
  /** The first of the strongest. */
  readonly place: Place;
}

/** A command; its name fits the grammar of `requires.bins`. */
export interface InferredBin extends Found {
  readonly kind: "bin";
  readonly name: string;
}

export interface InferredPython extends Found {
  readonly kind: "python";
  /**
   * `module`: what an import statement says (`yaml`), dotted only inside a namespace that many packages share
   * (`google.cloud.storage`); parts of the standard library that Debian ships apart (`tkinter`) are here too.
   * `distribution`: what a package index calls it, normalised (`pyyaml`). One library may be found under both.
   */
  readonly naming: "module" | "distribution";
  readonly name: string;
  /** Version specifiers of Python packaging, without spaces: `>=2.0,<3`. */
  readonly versionRange?: string;
  readonly extras?: readonly string[];
}

export interface InferredNode extends Found {
  readonly kind: "node";
  /** A package of the npm registry, which is also what `require` and `import` call it: `docx`, `@scope/name`. */
  readonly name: string;
  /** Of semver: `^1.2.3`, `>=1 <3`. */
  readonly versionRange?: string;
}

/** Something that a skill uses and does not declare. */
export type Inferred = InferredBin | InferredPython | InferredNode;

export interface InferResult {
  /** Each kind and name once, sorted by kind, name and naming. */
  readonly needs: readonly Inferred[];
  /**
   * An error refuses the skill: a dependency is written so that an installer would read something else than a package's
   * name. A warning says what is not taken.
   */
  readonly diagnostics: readonly Diagnostic[];
}

/** A file of a skill as inference reads it. */
export interface SkillFile {
  /** From the skill's folder, with `/`. */
  readonly path: string;
  /** Empty for a file whose name is all that is known of it. */
  readonly text: string;
}
