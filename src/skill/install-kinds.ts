import type { InstallKind } from "./skill.ts";

/** What an entry of one kind of installer must say. */
export interface InstallShape {
  readonly kind: InstallKind;
  /** Keys of which the first present one says what to install. */
  readonly sources: readonly InstallSource[];
  /** Keys that people write instead, though the format gives them to other kinds. */
  readonly otherWords: readonly string[];
}

export type InstallSource = "formula" | "cask" | "package" | "packages" | "module" | "crate" | "url";

const packages = ["package", "packages"] as const;

const shapes: Readonly<Record<InstallKind, InstallShape>> = {
  brew: { kind: "brew", sources: ["formula", "cask"], otherWords: ["package", "name"] },
  node: { kind: "node", sources: packages, otherWords: ["module", "npm", "name"] },
  go: { kind: "go", sources: ["module"], otherWords: ["package", "name"] },
  uv: { kind: "uv", sources: packages, otherWords: ["formula", "module", "name"] },
  pip: { kind: "pip", sources: packages, otherWords: ["formula", "module", "name"] },
  pipx: { kind: "pipx", sources: packages, otherWords: ["formula", "module", "name"] },
  python: { kind: "python", sources: packages, otherWords: ["formula", "module", "name"] },
  cargo: { kind: "cargo", sources: ["crate", ...packages], otherWords: ["name"] },
  apt: { kind: "apt", sources: packages, otherWords: ["formula", "name"] },
  download: { kind: "download", sources: ["url"], otherWords: [] },
};

/** Other words for a kind; `npm` belongs to the format, the rest is read with a warning. */
const aliases = new Map<string, InstallKind>([
  ["npm", "node"],
  ["pnpm", "node"],
  ["yarn", "node"],
  ["bun", "node"],
  ["npx", "node"],
  ["bunx", "node"],
  ["nodejs", "node"],
  ["homebrew", "brew"],
  ["golang", "go"],
  ["pip3", "pip"],
  ["uvx", "uv"],
  ["apt-get", "apt"],
  ["aptitude", "apt"],
  ["debian", "apt"],
  ["deb", "apt"],
  ["crate", "cargo"],
  ["rust", "cargo"],
]);

export interface KindMatch {
  readonly shape: InstallShape;
  readonly isRespelled: boolean;
}

export function matchInstallKind(declared: string): KindMatch | undefined {
  const lower = declared.toLowerCase();
  const kind = isKind(lower) ? lower : aliases.get(lower);
  if (kind === undefined) return undefined;
  return { shape: shapes[kind], isRespelled: declared !== kind && declared !== "npm" };
}

function isKind(word: string): word is InstallKind {
  return Object.hasOwn(shapes, word);
}

/** The kind that an entry without one must be, by a key that no other kind has. */
export function inferInstallKind(keys: ReadonlySet<string>): InstallKind | undefined {
  const certain: readonly (readonly [string, InstallKind])[] = [
    ["formula", "brew"],
    ["cask", "brew"],
    ["crate", "cargo"],
    ["module", "go"],
    ["url", "download"],
  ];
  const kinds = certain.filter(([key]) => keys.has(key)).map(([, kind]) => kind);
  return new Set(kinds).size === 1 ? kinds[0] : undefined;
}

/** A key that names another origin or digest of the package: to pass over it would install something else. */
export function isSourceKey(key: string): boolean {
  return sourceKeys.has(key.replace(/[_-]/g, "").toLowerCase());
}

const sourceKeys: ReadonlySet<string> = new Set([
  "branch",
  "checksum",
  "digest",
  "extraindexurl",
  "from",
  "git",
  "index",
  "indexurl",
  "integrity",
  "registry",
  "rev",
  "sha1",
  "sha512",
  "tag",
]);
