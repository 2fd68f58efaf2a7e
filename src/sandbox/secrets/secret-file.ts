import { lstatSync } from "node:fs";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../host/file-problem.ts";
import { closeFolder, openFolder, pathIn } from "../../host/open-folder.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { withLock } from "../../host/with-lock.ts";
import { writeFileAtomically } from "../../host/write-file-atomically.ts";
import { openScopeFolder } from "../open-scope-folder.ts";
import type { ScopeFolder } from "../scope-folder.ts";
import { hideValues } from "./hide-values.ts";
import { type ParsedEnv, parseEnvText } from "./parse-env-text.ts";
import { decodeValue } from "./secret-value.ts";
import { writeEnvText } from "./write-env-text.ts";

/** Larger files are refused: no person writes them, and a reader must not be kept busy by one. */
export const maxSecretFileBytes = 1 << 20;

/** A scope's own secrets. */
export interface SecretFile extends ParsedEnv {
  /** Whether there is such a file at all. */
  readonly exists: boolean;
}

/**
 * Reads a scope's `.env`. One that cannot be used (a link, a pipe, too large, no text) gives no secret and an error that
 * says why; never blocks.
 */
export function readSecretFile(folder: ScopeFolder): SecretFile {
  const opened = openFolder(folder.dir);
  if (!opened.ok) {
    return opened.problem.kind === "missing"
      ? noSecrets([], false)
      : noSecrets([unreadable(folder.dir, describeFileProblem(opened.problem))], true);
  }
  try {
    return readAt(pathIn(opened.folder, ".env"), folder.envFile, { isOurs: true });
  } finally {
    closeFolder(opened.folder);
  }
}

/** Reads any `.env` file, for an import; the same rules hold but for its mode. */
export function readEnvFile(path: string): SecretFile {
  return readAt(path, path, { isOurs: false });
}

export interface ChangedSecrets {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  /** What the file has that gives nothing, after the change. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Sets (a text) and removes (null) secrets of a scope: all of them or, throwing, none. The file is replaced as a whole,
 * mode 0600; its other lines stay. Throws `INPUT_INVALID` where the file cannot be read, or a value cannot be written
 * such that it reads back the same.
 */
export async function changeSecretFile(
  workspaceRoot: string,
  folder: ScopeFolder,
  changes: ReadonlyMap<string, string | null>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ChangedSecrets> {
  const scope = openScopeFolder(workspaceRoot, folder);
  try {
    return await withLock(
      folder.recordsDir,
      "secrets",
      async () => {
        const address = pathIn(scope, ".env");
        const before = readText(address, folder.envFile);
        if (before.kind === "refused")
          throw refused(`${quoteValue(folder.envFile)} is not changed.`, before.diagnostic);
        const text = before.kind === "text" ? before.text : "";
        const edited = writeEnvText(text, changes);
        const [first, ...others] = edited.refused;
        if (first !== undefined) throw unwritable(first, others.length, folder.envFile);
        if (Buffer.byteLength(edited.text) > maxSecretFileBytes) throw tooLarge(folder.envFile);
        if (edited.text !== text || isOpenToOthers(address)) write(address, edited.text, folder.envFile);
        return describeChange(
          parseEnvText(text, folder.envFile),
          parseEnvText(edited.text, folder.envFile),
          changes,
        );
      },
      options,
    );
  } finally {
    closeFolder(scope);
  }
}

function readAt(address: string, path: string, { isOurs }: { readonly isOurs: boolean }): SecretFile {
  const read = readText(address, path);
  if (read.kind === "missing") return noSecrets([], false);
  if (read.kind === "refused") return noSecrets([read.diagnostic], true);
  const parsed = parseEnvText(read.text, path);
  const ofMode = isOurs && isOpenToOthers(address) ? [openToOthers(path)] : [];
  return { ...parsed, diagnostics: [...ofMode, ...parsed.diagnostics], exists: true };
}

type ReadText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic };

function readText(address: string, path: string): ReadText {
  const read = readRegularFile(address, maxSecretFileBytes);
  if (!read.ok) {
    if (read.problem.kind === "missing") return { kind: "missing" };
    return { kind: "refused", diagnostic: unreadable(path, describeFileProblem(read.problem)) };
  }
  const text = decodeValue(read.bytes);
  if (text === null || text.includes("\0")) {
    return { kind: "refused", diagnostic: unreadable(path, "it is not UTF-8 text") };
  }
  return { kind: "text", text };
}

function write(address: string, text: string, path: string): void {
  try {
    writeFileAtomically(address, text);
  } catch (error) {
    throw stateFailure("write", path, error);
  }
}

function describeChange(
  before: ParsedEnv,
  after: ParsedEnv,
  changes: ReadonlyMap<string, string | null>,
): ChangedSecrets {
  const names = [...changes.keys()];
  const was = (name: string) => before.values.has(name);
  const is = (name: string) => after.values.has(name);
  return {
    added: names.filter((name) => is(name) && !was(name)),
    replaced: names.filter((name) => is(name) && was(name)),
    removed: names.filter((name) => !is(name) && was(name)),
    diagnostics: after.diagnostics,
  };
}

function isOpenToOthers(address: string): boolean {
  const stats = lstatSync(address, { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & 0o077) !== 0;
}

function noSecrets(diagnostics: readonly Diagnostic[], exists: boolean): SecretFile {
  return { values: hideValues(new Map()), lines: new Map(), diagnostics, exists };
}

function unreadable(path: string, why: string): Diagnostic {
  return {
    code: "SECRET_FILE_UNREADABLE",
    severity: "error",
    message: `The secrets in ${quoteValue(path)} are not used: ${why}.`,
    hint: `Make it a regular file of text, at most ${maxSecretFileBytes} bytes, that this user can read.`,
    place: { file: path, line: 1, column: 1 },
  };
}

function openToOthers(path: string): Diagnostic {
  return {
    code: "SECRET_FILE_MODE",
    severity: "warning",
    message: `Other users may read ${quoteValue(path)}.`,
    hint: "chmod 600 on it, and rotate what is in it if somebody else uses this machine. The next secret set repairs the mode.",
    place: { file: path, line: 1, column: 1 },
  };
}

function refused(message: string, diagnostic: Diagnostic): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", message, { hint: diagnostic.hint, diagnostics: [diagnostic] });
}

function unwritable(name: string, others: number, path: string): SkillcrateError {
  const more = others === 0 ? "" : `, and of ${others} more`;
  return new SkillcrateError(
    "INPUT_INVALID",
    `The value of ${quoteValue(name)}${more} cannot be written to ${quoteValue(path)} such that it reads back the same; nothing was changed.`,
    {
      hint: "A .env file cannot hold all three kinds of quotes together with line ends or #. Encode it, for example with base64; or repair a quote left open in the file.",
    },
  );
}

function tooLarge(path: string): SkillcrateError {
  return new SkillcrateError(
    "INPUT_INVALID",
    `${quoteValue(path)} would have more than ${maxSecretFileBytes} bytes; nothing was changed.`,
    { hint: "Remove what is no longer needed: skillcrate secret list, skillcrate secret rm NAME." },
  );
}
