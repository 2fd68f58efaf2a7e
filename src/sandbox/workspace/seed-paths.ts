import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { insidePaths } from "../sandbox-mount.ts";

export interface SeedPaths {
  /** Each once, in the order given, `./` and doubled slashes taken out. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Takes the paths that can be seeded out of a list of them, and says why of each other one. Pure. */
export function checkSeedPaths(written: readonly string[]): SeedPaths {
  const paths = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const path of written) {
    const names = path.split("/").filter((name) => name !== "" && name !== ".");
    const why = refusal(path, names);
    if (why === null) paths.add(names.join("/"));
    else {
      diagnostics.push({
        code: "WORKSPACE_SEED_PATH",
        severity: "error",
        message: `The file to seed ${quoteValue(path)} is not taken: ${why}.`,
        hint: "Write a path from the agent's workspace, such as AGENTS.md or notes/rules.md.",
      });
    }
  }
  return { paths: [...paths], diagnostics };
}

const maxLevels = 16;

/** Where other folders are mounted, so that what is seeded there would not be seen. */
const covered: ReadonlySet<string> = new Set(
  [insidePaths.skills, insidePaths.home].map((path) => path.slice(insidePaths.workspace.length + 1)),
);

function refusal(path: string, names: readonly string[]): string | null {
  const [first] = names;
  if (first === undefined) return "it names no file";
  if (path.startsWith("/")) return "it is absolute";
  if (path.endsWith("/")) return "it names a folder";
  if (names.includes("..")) return "it holds '..'";
  if (path.includes("\0")) return "it holds a NUL";
  if (names.length > maxLevels) return `it has more than ${maxLevels} levels`;
  if (names.some((name) => Buffer.byteLength(name) > 255)) return "a name in it is longer than 255 bytes";
  return covered.has(first) ? `${quoteValue(first)} is a folder of its own in a sandbox` : null;
}
