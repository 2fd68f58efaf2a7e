import { existsSync } from "node:fs";
import { join } from "node:path";
import { closeFolder, listFolder, type OpenFolder, pathIn } from "../../host/open-folder.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { removeIn } from "../../host/remove-in.ts";
import { makeFolderIn, type Owner, replaceFileIn } from "../../host/write-in-folder.ts";
import type { ImportName, ImportSource, PreparedImport } from "./home-import.ts";
import { importGh } from "./import-gh.ts";
import { importGit } from "./import-git.ts";
import { type ImportPlace, maxImportBytes } from "./import-place.ts";
import { importSshAgent } from "./import-ssh-agent.ts";

/**
 * Copies what the named imports need. A folder of copies is mounted, and not the host's files: those are replaced by
 * rename at every login, which a mount of a file never sees; they belong to another user; and beside them lies what
 * nobody asked for. What is not asked for any more is removed.
 */
export function importLogins(
  scope: OpenFolder,
  names: readonly ImportName[],
  source: ImportSource | undefined,
  user: Owner,
  owner: Owner | null,
): readonly PreparedImport[] {
  const wanted = [...new Set(names)].sort();
  if (wanted.length === 0 && !existsSync(pathIn(scope, "imports"))) return [];
  if (wanted.length > 0 && source === undefined) throw new RangeError("imports need importFrom");
  const folder = makeFolderIn(scope, "imports", { mode: 0o700, owner: null });
  try {
    const listed = listFolder(folder);
    for (const { name } of listed.ok ? listed.entries : []) {
      if (!wanted.some((known) => known === name)) removeIn(folder, name);
    }
    return wanted.map((name) =>
      importers[name]({
        names: wanted,
        source: source ?? { homeDir: "/", sshAuthSock: null },
        sandboxUid: user.uid,
        dir: join(scope.path, "imports", name),
        write: (files) => writeCopies(folder, name, files, owner),
      }),
    );
  } finally {
    closeFolder(folder);
  }
}

const importers: Readonly<Record<ImportName, (place: ImportPlace) => PreparedImport>> = {
  gh: importGh,
  git: importGit,
  "ssh-agent": importSshAgent,
};

function writeCopies(
  imports: OpenFolder,
  name: string,
  files: ReadonlyMap<string, string | Buffer>,
  owner: Owner | null,
): void {
  const folder = makeFolderIn(imports, name, { mode: 0o700, owner });
  try {
    const listed = listFolder(folder);
    for (const entry of listed.ok ? listed.entries : [])
      if (!files.has(entry.name)) removeIn(folder, entry.name);
    for (const [file, content] of files) {
      const read = readRegularFile(pathIn(folder, file), maxImportBytes);
      if (read.ok && read.bytes.equals(Buffer.from(content))) continue;
      replaceFileIn(folder, file, content, { mode: 0o400, owner });
    }
  } finally {
    closeFolder(folder);
  }
}
