import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../../host/open-folder.ts";
import { homeFolderNames } from "./home-paths.ts";
import { openHomeRoot } from "./open-home-root.ts";

/** Opens a scope's folder. Throws `SCOPE_FOREIGN` where it is something else. The caller closes it. */
export function openFoundScope(dir: string): OpenFolder {
  const opened = openFolder(dir);
  if (opened.ok) return opened.folder;
  throw new SkillcrateError(
    "SCOPE_FOREIGN",
    `${quoteValue(dir)} is no sandbox's folder: ${describeFileProblem(opened.problem)}.`,
    { hint: "Look at what is there." },
  );
}

/** Opens those roots of a home that are there, hands over each, and closes it. */
export async function forEachHomeFolder(
  scope: OpenFolder,
  task: (folder: OpenFolder, name: string) => Promise<void>,
): Promise<void> {
  for (const name of homeFolderNames) {
    const opened = openHomeRoot(scope, name);
    if (!opened.ok) continue;
    try {
      await task(opened.folder, name);
    } finally {
      closeFolder(opened.folder);
    }
  }
}
