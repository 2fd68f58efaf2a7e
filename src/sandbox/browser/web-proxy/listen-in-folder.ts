import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, lstatSync, renameSync, rmSync } from "node:fs";
import type { Server } from "node:net";
import { quoteValue } from "../../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder, pathIn } from "../../../host/open-folder.ts";

/**
 * Lets a server listen at a socket of this name in a folder, however long the folder's path is: bound by the folder's
 * descriptor, since a socket's own address has 108 bytes, under a name of its own, and renamed, so that a socket which an
 * ended process has left is replaced in one step. Everybody who gets into the folder may connect. The result takes the
 * socket away, unless it is somebody else's by then.
 *
 * Throws `BROWSER_DOORS_FAILED`.
 */
export async function listenInFolder(server: Server, path: string, name: string): Promise<() => void> {
  const opened = openFolder(path);
  if (!opened.ok) throw cannotListen(path, describeFileProblem(opened.problem));
  const { folder } = opened;
  const staged = pathIn(folder, `.${name}.${randomBytes(6).toString("hex")}`);
  try {
    server.listen(staged);
    await once(server, "listening");
    // A connection that could not be accepted (no descriptors are left) is nobody's.
    server.on("error", () => undefined);
    chmodSync(staged, 0o666);
    renameSync(staged, pathIn(folder, name));
    const { ino } = lstatSync(pathIn(folder, name));
    return () => {
      removeOwn(folder, name, ino);
      closeFolder(folder);
    };
  } catch (error) {
    server.close();
    closeFolder(folder);
    throw cannotListen(path, error instanceof Error ? error.message : String(error), error);
  }
}

function removeOwn(folder: OpenFolder, name: string, ino: number): void {
  const path = pathIn(folder, name);
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path);
}

function cannotListen(path: string, why: string, cause?: unknown): SkillcrateError {
  return new SkillcrateError(
    "BROWSER_DOORS_FAILED",
    `No socket can be opened in ${quoteValue(path)}: ${why}.`,
    {
      hint: "The folder must be this user's own; then try again.",
      cause,
    },
  );
}
