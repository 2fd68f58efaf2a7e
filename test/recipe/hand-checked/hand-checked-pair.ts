/** A command with the install entries that can be for it, and what it should come from on Linux. */
export interface HandChecked {
  readonly bin: string;
  /**
   * Each entry as `kind name…`, in the order of the skill; in brackets the one system that it is for, and `unsaid` where
   * it does not say which commands it gives.
   */
  readonly install: readonly string[];
  /** The skill's homepage, where only that tells which program is meant. */
  readonly homepage?: string;
  /** The only system of the skill, where that is not Linux. */
  readonly os?: "darwin";
  /**
   * `apt fd-find`: a recipe's kind and package · `present`: every Debian image has it · `excluded`: the skill is for
   * another system · null: Linux cannot have it, or nobody publishes it.
   */
  readonly right: string | null;
  /** Why that is right. */
  readonly because: string;
  /** For null: where it can be read that there is nothing. */
  readonly evidence?: string;
}

export function row(bin: string, install: readonly string[], right: string, because: string): HandChecked {
  return { bin, install, right, because };
}

export function debian(bins: string, because: string): HandChecked[] {
  return bins.split(" ").map((bin) => row(bin, [], `apt ${bin}`, because));
}

export function debianAs(bin: string, name: string, because: string): HandChecked {
  return row(bin, [], `apt ${name}`, because);
}

export function npm(bin: string, name: string, because: string): HandChecked {
  return row(bin, [], `npm ${name}`, because);
}

/** By its project: which of the release files is the one for the platform is the resolver's to know. */
export function release(bin: string, install: readonly string[], project: string): HandChecked {
  return row(bin, install, `download https://${project}/`, "the author's release file for Linux");
}

export function notOnNpm(bin: string, install: readonly string[], name: string): HandChecked {
  return nothing(bin, install, `its author's instructions name ${name} on npm`, `${name}: ${asked}`);
}

export function nothing(
  bin: string,
  install: readonly string[],
  because: string,
  evidence: string,
): HandChecked {
  return { bin, install, right: null, because, evidence };
}

const asked =
  "the npm registry as it is reached from here, asked on 2026-11-22, has no such package, so that nobody can say what it holds";
