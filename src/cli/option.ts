/** One option of a command as data: help, parsing and checks are made from it. `V` is the type of its value. */
export interface OptionSpec<V> {
  /** As help shows it: `--name <name>`, `--strict`. */
  readonly flags: string;
  readonly summary: string;
  /** `flag` takes no value, `text` one, `list` several (comma-separated, or the option again). */
  readonly kind: "flag" | "text" | "list";
  readonly choices: readonly string[] | null;
  /** A value's grammar; refused values are answered with `expected`. */
  readonly grammar: Grammar | null;
  readonly fallback: V;
}

export interface Grammar {
  readonly accepts: (word: string) => boolean;
  readonly expected: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** The values of a table of options, each with the type that its spec gives. */
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]: O[K] extends OptionSpec<infer V> ? V : never;
};

export function flag(flags: string, summary: string): OptionSpec<boolean> {
  return { flags, summary, kind: "flag", choices: null, grammar: null, fallback: false };
}

export function text(
  flags: string,
  summary: string,
  grammar: Grammar | null = null,
): OptionSpec<string | null> {
  return { flags, summary, kind: "text", choices: null, grammar, fallback: null };
}

export function choice<C extends string>(
  flags: string,
  summary: string,
  choices: readonly C[],
): OptionSpec<C | null> {
  return { flags, summary, kind: "text", choices, grammar: null, fallback: null };
}

export function list<C extends string = string>(
  flags: string,
  summary: string,
  choices: readonly C[] | null = null,
  grammar: Grammar | null = null,
): OptionSpec<readonly C[]> {
  return { flags, summary, kind: "list", choices, grammar, fallback: [] };
}
