import { findSourceRow } from "./catalog/find-rows.ts";
import type { Ecosystem, PackageRequest, ParsedPackage, Provision } from "./ecosystem.ts";
import type { GoRecipe } from "./recipe.ts";

/** Commands written in Go, each built from its module into a tree of its own. */
export const go: Ecosystem = {
  kind: "go",
  installKinds: ["go"],
  naming: "go",
  namesIn: ({ module }) => (module === undefined ? [] : [module]),
  parsePackage,
  provide,
  knownBins: (path) => findSourceRow("go", path)?.bins ?? [commandOf(path)],
};

// The rules of golang.org/x/mod/module for paths that can be fetched (CheckPath): a host in lower case with a dot, then
// elements of letters, digits and `-._~` that neither begin nor end with a dot; ours begin with no dash either.
const hostPattern = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const elementPattern = /^[A-Za-z0-9_~](?:[A-Za-z0-9_~.-]*[A-Za-z0-9_~-])?$/;
// Canonical versions, pseudo-versions and those of modules from before there were modules.
const exactPattern = /^v\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+incompatible)?$/;
/** Version queries: `latest`, `v1`, a branch, a commit. */
const queryPattern = /^[0-9A-Za-z][0-9A-Za-z._-]*$/;
const expected = "the import path of a command such as github.com/owner/tool/cmd/tool@v1.2.3";
const longest = 200;

function parsePackage(text: string): ParsedPackage {
  const at = text.indexOf("@", 1);
  const path = at === -1 ? text : text.slice(0, at);
  const query = at === -1 ? null : text.slice(at + 1);
  if (text.length > longest || !isImportPath(path)) return { refused: reasonAgainst(path), expected };
  if (query === null) return { package: { name: path } };
  if (exactPattern.test(query)) return { package: { name: path, version: query } };
  if (queryPattern.test(query)) return { package: { name: path, range: query } };
  return { refused: "what follows the @ is no version of a Go module", expected };
}

function isImportPath(path: string): boolean {
  const [host = "", ...elements] = path.split("/");
  const isFile = path.endsWith(".go");
  return !isFile && hostPattern.test(host) && elements.every((element) => elementPattern.test(element));
}

function reasonAgainst(path: string): string {
  if (path.startsWith("-")) return "go reads it as an option";
  if (/^[./~]|\\|\.go$/.test(path)) return "go reads it as a local file";
  if (path.includes("...")) return "go reads it as a pattern";
  if (path.includes(":")) return "go takes import paths, no addresses";
  if (/^[^./@]+(?:\/|$)/.test(path)) return "an import path begins with a host, such as github.com";
  return "it is not the import path of a Go command";
}

function provide({ bin, package: { name, version, range } }: PackageRequest): Provision {
  const row = findSourceRow("go", name);
  const [gives = commandOf(name)] = row?.bins ?? [];
  if (gives !== bin) return { failure: `the Go package ${name} has no command ${bin}: it has ${gives}` };
  const known = row?.answer.kind === "go" ? (row.answer.version ?? undefined) : undefined;
  const exact = version ?? known;
  const recipe: GoRecipe = {
    kind: "go",
    package: name,
    ...(exact !== undefined && { version: exact }),
    bins: [bin],
  };
  if (exact === undefined) {
    const named = range === undefined ? "no version is named" : `${range} is no exact version`;
    return { recipe, unpinned: `${named}, so every build takes the newest` };
  }
  const ranged = range !== undefined && range !== "latest";
  return { recipe, ...(ranged && { unpinned: `${range} is no pin: ${exact} is taken` }) };
}

/** What Go calls the program: the last part of its path that is no major version. */
function commandOf(path: string): string {
  const elements = path.split("/");
  const last = elements.at(-1) ?? "";
  return /^v\d+$/.test(last) ? (elements.at(-2) ?? last) : last;
}
