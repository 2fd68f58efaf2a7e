/** Keys that the format defines at the top of a head. */
export type TopField =
  | "name"
  | "description"
  | "homepage"
  | "website"
  | "url"
  | "license"
  | "user-invocable"
  | "disable-model-invocation"
  | "command-dispatch"
  | "command-tool"
  | "command-arg-mode"
  | "allowed-tools"
  | "compatibility"
  | "metadata";

/** Keys inside a namespace. */
export type NamespaceField =
  | "always"
  | "emoji"
  | "homepage"
  | "skillKey"
  | "primaryEnv"
  | "os"
  | "requires"
  | "install";

/** Keys inside `requires`. */
export type RequiresField = "bins" | "anyBins" | "env" | "config";

/** Everything that says what a skill is or needs, at whatever level it stands. */
export type SkillField = Exclude<NamespaceField, "requires"> | RequiresField;

export interface KeyMatch<Field extends string> {
  readonly field: Field;
  /** Other letter case or separators than the format's, or another word for the same thing. */
  readonly isRespelled: boolean;
}

/** Finds the field that a key means. `_` and `-` are equal everywhere; other differences are respellings. */
export function matchKey<Field extends string>(
  key: string,
  table: FieldTable<Field>,
): KeyMatch<Field> | undefined {
  const field = table.get(squash(key));
  if (field === undefined) return undefined;
  return { field, isRespelled: key.replaceAll("_", "-") !== field };
}

export type FieldTable<Field extends string> = ReadonlyMap<string, Field>;

export function squash(key: string): string {
  return key.replace(/[_-]/g, "").toLowerCase();
}

export const topFields: FieldTable<TopField> = tableOf([
  "name",
  "description",
  "homepage",
  "website",
  "url",
  "license",
  "user-invocable",
  "disable-model-invocation",
  "command-dispatch",
  "command-tool",
  "command-arg-mode",
  "allowed-tools",
  "compatibility",
  "metadata",
]);

const namespaceFieldNames = [
  "always",
  "emoji",
  "homepage",
  "skillKey",
  "primaryEnv",
  "os",
  "requires",
  "install",
] as const satisfies readonly NamespaceField[];

const requiresFieldNames = ["bins", "anyBins", "env", "config"] as const satisfies readonly RequiresField[];

/** What may stand outside of any namespace by mistake: only the format's own words, for others mean other things. */
export const misplacedFields: FieldTable<NamespaceField | RequiresField> = tableOf([
  ...namespaceFieldNames,
  ...requiresFieldNames,
]);

/** Inside a namespace, where other words for the same thing are certain too. */
export const namespaceFields: FieldTable<NamespaceField | RequiresField> = tableOf(
  [...namespaceFieldNames, ...requiresFieldNames],
  {
    require: "requires",
    requirements: "requires",
    installs: "install",
    platforms: "os",
    bin: "bins",
    binaries: "bins",
    envvars: "env",
    requiredenv: "env",
  },
);

/** Inside `requires`. */
export const requiresFields: FieldTable<RequiresField | "os" | "primaryEnv"> = tableOf(
  [...requiresFieldNames, "os", "primaryEnv"],
  {
    bin: "bins",
    binaries: "bins",
    commands: "bins",
    anybin: "anyBins",
    envvars: "env",
    environment: "env",
    platforms: "os",
  },
);

function tableOf<Field extends string>(
  names: readonly Field[],
  otherWords: Readonly<Record<string, Field>> = {},
): FieldTable<Field> {
  return new Map([...names.map((name) => [squash(name), name] as const), ...Object.entries(otherWords)]);
}
