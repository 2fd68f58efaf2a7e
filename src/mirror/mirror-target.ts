import { randomBytes } from "node:crypto";
import { fchmodSync, fstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder, pathIn } from "../host/open-folder.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { mirrorNames } from "./mirror-paths.ts";

export interface TargetPlace {
  readonly targetDir: string;
  readonly recordsDir: string;
  readonly adopt?: boolean;
}

/** The mirror's folder, open; null where there is none yet. Throws `MIRROR_TARGET_FOREIGN` if something else is there. */
export function openTarget(place: TargetPlace): OpenFolder | null {
  const found = inspect(place);
  if (found.kind === "mirror") return found.folder;
  if (found.kind === "unused") closeFolder(found.folder);
  if (found.kind === "foreign" && place.adopt !== true) throw foreign(place.targetDir, found.clause);
  return null;
}

/** The same, made where there is none. The caller holds the lock. */
export function makeTarget(place: TargetPlace): OpenFolder {
  const found = inspect(place);
  if (found.kind === "mirror") return found.folder;
  if (found.kind === "foreign") {
    if (place.adopt !== true) throw foreign(place.targetDir, found.clause);
    setAside(place.targetDir);
  }
  const folder = found.kind === "unused" ? found.folder : makeFolder(place.targetDir);
  try {
    // What a first run left that never came to show anything.
    for (const name of readdirSync(pathIn(folder, ""))) rmSync(pathIn(folder, name), { recursive: true });
    fchmodSync(folder.fd, 0o755);
    const token = randomBytes(16).toString("hex");
    mkdirSync(place.recordsDir, { recursive: true, mode: 0o700 });
    // The record first: a folder with a mark and without its record would be taken for somebody else's.
    writeToken(tokenFile(place.recordsDir), token);
    writeToken(pathIn(folder, mirrorNames.mark), token);
    return folder;
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
}

type Found =
  | { readonly kind: "missing" }
  /** Ours to fill: empty, or never shown anything. */
  | { readonly kind: "unused"; readonly folder: OpenFolder }
  | { readonly kind: "mirror"; readonly folder: OpenFolder }
  | { readonly kind: "foreign"; readonly clause: string };

function inspect({ targetDir, recordsDir }: TargetPlace): Found {
  const opened = openFolder(targetDir);
  if (!opened.ok) {
    return opened.problem.kind === "missing"
      ? { kind: "missing" }
      : { kind: "foreign", clause: describeFileProblem(opened.problem) };
  }
  const { folder } = opened;
  try {
    const found = inspectOpen(folder, recordsDir);
    if (found.kind === "foreign") closeFolder(folder);
    return found;
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
}

function inspectOpen(folder: OpenFolder, recordsDir: string): Found {
  const { uid } = fstatSync(folder.fd);
  if (process.geteuid !== undefined && uid !== process.geteuid())
    return { kind: "foreign", clause: `it belongs to the user ${uid}` };
  // A sandbox may have written here before this was a mirror: only a token that the host knows says that it is one.
  if (isMarked(folder, readToken(tokenFile(recordsDir)))) return { kind: "mirror", folder };
  const names = readdirSync(pathIn(folder, ""));
  // Read after the names: somebody who makes this a mirror right now wrote it before the first of them.
  const token = readToken(tokenFile(recordsDir));
  if (isMarked(folder, token)) return { kind: "mirror", folder };
  const neverShown = token !== null && names.every((name) => namesBeforeShowing.has(name));
  if (names.length === 0 || neverShown) return { kind: "unused", folder };
  const [first = ""] = names;
  return { kind: "foreign", clause: `it holds ${quoteValue(first)}, which this tool did not put there` };
}

function isMarked(folder: OpenFolder, token: string | null): boolean {
  return token !== null && readToken(pathIn(folder, mirrorNames.mark)) === token;
}

const namesBeforeShowing = new Set<string>([
  mirrorNames.mark,
  stagedToken(mirrorNames.mark),
  mirrorNames.staging,
  mirrorNames.versions,
  mirrorNames.generations,
]);

function tokenFile(recordsDir: string): string {
  return join(recordsDir, "mirror-token");
}

function readToken(path: string): string | null {
  const read = readRegularFile(path, mostTokenBytes);
  if (read.ok) {
    const text = read.bytes.toString("latin1").trim();
    return /^[0-9a-f]{32}$/.test(text) ? text : null;
  }
  const { kind } = read.problem;
  // Whatever else has the name is no token of ours.
  if (kind !== "denied" && kind !== "unreadable") return null;
  throw new SkillcrateError(
    "MIRROR_FAILED",
    `Cannot read ${quoteValue(path)}: ${describeFileProblem(read.problem)}.`,
    { hint: "Correct its owner and mode, or remove it and mirror with `adopt`." },
  );
}

const mostTokenBytes = 100;

function writeToken(path: string, token: string): void {
  const staged = stagedToken(path);
  writeFileSync(staged, `${token}\n`, { mode: 0o600 });
  renameSync(staged, path);
}

function stagedToken(path: string): string {
  return `${path}.new`;
}

function makeFolder(targetDir: string): OpenFolder {
  mkdirSync(dirname(targetDir), { recursive: true });
  mkdirSync(targetDir, 0o755);
  const opened = openFolder(targetDir);
  if (!opened.ok) throw foreign(targetDir, describeFileProblem(opened.problem));
  return opened.folder;
}

/** By rename: a link itself is moved, never what it leads to. */
function setAside(targetDir: string): void {
  const taken = new Set(readdirSync(dirname(targetDir)));
  let n = 1;
  while (taken.has(`${basename(targetDir)}.replaced-${n}`)) n += 1;
  renameSync(targetDir, `${targetDir}.replaced-${n}`);
}

function foreign(targetDir: string, clause: string): SkillcrateError {
  return new SkillcrateError(
    "MIRROR_TARGET_FOREIGN",
    `Skills are not mirrored into ${quoteValue(targetDir)}: ${clause}.`,
    {
      hint: "Move it away, or mirror with `adopt`, which renames it to NAME.replaced-1 and starts with an empty folder.",
    },
  );
}
