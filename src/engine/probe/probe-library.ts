import { randomBytes } from "node:crypto";
import { escapeText } from "../../diagnostic/quote-value.ts";
import type { LibraryName } from "../../recipe/library.ts";
import type { ExecResult } from "../engine.ts";
import type { LibraryFacts } from "../image-facts.ts";
import type { ThrowawayContainer } from "../throwaway-container.ts";
import type { Survey } from "./probe-survey.ts";

/** How long an import may take before it counts as hung: big libraries on a busy machine need over 20 s. */
const importLimitSeconds = 60;

/** Imports a library in an interpreter of its own, as a script in any folder would. */
export async function probeLibrary(
  container: ThrowawayContainer,
  { language, naming, name }: LibraryName,
  { hasTimeout }: Survey,
): Promise<LibraryFacts> {
  // A library may print whatever it likes while it is imported.
  const marker = `${randomBytes(8).toString("hex")} `;
  const guard = hasTimeout ? ["timeout", "-k", "1", String(importLimitSeconds)] : [];
  const result = await container.exec({
    command: [...guard, ...interpreters[language], marker, name, naming],
    outputLimitBytes: 256 * 1024,
    timeoutMs: (importLimitSeconds + 5) * 1000,
  });
  const answer = result.stdout.split("\n").find((line) => line.startsWith(marker));
  const ok = result.exitCode === 0 && answer !== undefined;
  return {
    language,
    naming,
    name,
    version: (ok && shorten(answer.slice(marker.length))) || null,
    ok,
    problem: ok ? null : describeFailure(language, result),
  };
}

function describeFailure(
  language: LibraryName["language"],
  { exitCode, stderr, timedOut }: ExecResult,
): string {
  if (timedOut || exitCode === 124) return `its import did not end within ${importLimitSeconds} s`;
  if (exitCode === 126 || exitCode === 127)
    return `there is no ${language === "node" ? "node" : "python3"} to import it`;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return shorten(lines.at(-1) ?? `its import ended with exit code ${exitCode ?? "unknown"}`);
}

function shorten(line: string): string {
  const escaped = escapeText(line.trim());
  return escaped.length > 200 ? `${escaped.slice(0, 199)}…` : escaped;
}

// Prints the marker and the version. A package of an index is asked for its modules: one that can be imported will do,
// since some bring their tests along; one without any holds data.
const pythonScript = `
import importlib, importlib.metadata, sys
marker, name, naming = sys.argv[1:]
if naming == "module":
    version = getattr(importlib.import_module(name), "__version__", "")
else:
    found = importlib.metadata.distribution(name)
    version = found.version
    files = [file.parts for file in found.files or [] if file.suffix in (".py", ".so")]
    modules = sorted({parts[0].split(".")[0] for parts in files if parts[0] != ".." and len(parts) < 3})
    for index, module in enumerate(modules):
        try:
            importlib.import_module(module)
            break
        except Exception:
            if index == len(modules) - 1:
                raise
print()
print(marker + (version if isinstance(version, str) else ""))
`;

// Some packages have nothing to import by their bare name, only parts: those are there if Node finds them at all.
const nodeScript = `
const [marker, name] = process.argv.slice(1);
const { join } = require("node:path");
const tell = () => {
  let version = "";
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      version ||= require(join(folder, name, "package.json")).version;
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  process.stdout.write("\\n" + marker + version + "\\n", () => process.exit(0));
};
import(name).then(tell, (error) => {
  if (error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return tell();
  process.stderr.write(String(error).split("\\n")[0] + "\\n", () => process.exit(1));
});
`;

const interpreters: Readonly<Record<LibraryName["language"], readonly string[]>> = {
  // -I: nothing of the working folder or of the user's own packages counts.
  python: ["python3", "-I", "-c", pythonScript],
  node: ["node", "-e", nodeScript],
};
