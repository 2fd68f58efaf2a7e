import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { RequiresField } from "./skill-fields.ts";

/** What a name in one of the lists of `requires` may be. */
export interface NameGrammar {
  readonly field: RequiresField;
  readonly pattern: RegExp;
  readonly code: DiagnosticCode;
  /** What one such name is called. */
  readonly noun: string;
  readonly hint: string;
}

/** A program's file name: nothing that a shell, a Dockerfile or an option parser gives a meaning. */
export const binaryPattern = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/** POSIX names of environment variables. */
export const environmentNamePattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Keys separated by dots; keys that reach into JavaScript's own objects are none. */
const configPathPattern =
  /^(?!(?:.*\.)?(?:__proto__|constructor|prototype)(?:\.|$))[\w$@/:-]{1,64}(?:\.[\w$@/:-]{1,64}){0,15}$/;

const binaryHint =
  "Write the program's name alone: letters, digits, and . _ + - inside, at most 64 characters.";

export const nameGrammars: Readonly<Record<RequiresField, NameGrammar>> = {
  bins: {
    field: "bins",
    pattern: binaryPattern,
    code: "SKILL_BINARY_INVALID",
    noun: "a binary",
    hint: binaryHint,
  },
  anyBins: {
    field: "anyBins",
    pattern: binaryPattern,
    code: "SKILL_BINARY_INVALID",
    noun: "a binary",
    hint: binaryHint,
  },
  env: {
    field: "env",
    pattern: environmentNamePattern,
    code: "SKILL_ENV_NAME_INVALID",
    noun: "an environment variable",
    hint: "Write the variable's name alone: letters, digits and _, not a digit first, at most 128 characters.",
  },
  config: {
    field: "config",
    pattern: configPathPattern,
    code: "SKILL_CONFIG_PATH_INVALID",
    noun: "a configuration key",
    hint: 'Write the key\'s path with dots, for example "channels.discord".',
  },
};
