import { closeSync, openSync } from "node:fs";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { describeFileProblem, type FileProblem } from "../../host/file-problem.ts";
import { listEntries } from "../../host/list-entries.ts";
import { closeFile, fileVersion, type OpenFile, openFileIn } from "../../host/open-file.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "../../host/open-folder.ts";
import { readChunks } from "../../host/read-chunks.ts";
import { createFlags } from "../../host/staged-file.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { writeChunk } from "../../host/write-chunk.ts";
import { makeFolderIn, setAttributes } from "../../host/write-in-folder.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { splitPath } from "./inside-path.ts";
import { findMount } from "./to-host-path.ts";
import { reading, tooLarge } from "./workspace-failure.ts";

/** Beyond any of these nothing is copied. */
export interface CopyLimits {
  /** Entries of any type, folders included. */
  readonly maxEntries: number;
  /** Of all files together. */
  readonly maxBytes: number;
  /** Folders in folders; two descriptors are held for each. */
  readonly maxDepth: number;
}

export const defaultCopyLimits: CopyLimits = { maxEntries: 20_000, maxBytes: 1024 ** 3, maxDepth: 64 };

/** What one copy has done so far. */
export interface CopyState {
  /** What is mounted inside a folder has a path of its own, and is not copied with it. */
  readonly mounts: readonly SandboxMount[];
  readonly limits: CopyLimits;
  readonly signal: AbortSignal | undefined;
  files: number;
  bytes: number;
  entries: number;
  readonly diagnostics: Diagnostic[];
}

/**
 * Copies what a folder holds into an empty one, both held open: regular files and folders. The rest is said in the
 * state's diagnostics. Throws `WORKSPACE_TOO_LARGE` at a limit, and the file system's error where writing fails.
 */
export async function copyTree(
  from: OpenFolder,
  to: OpenFolder,
  insidePath: string,
  state: CopyState,
  depth = 1,
): Promise<void> {
  const { limits, signal } = state;
  const left = limits.maxEntries - state.entries;
  const { entries, complete } = await reading(insidePath, () => listEntries(from, left, signal));
  if (!complete) throw tooLarge(insidePath, `it holds more than ${limits.maxEntries} files and folders`);
  state.entries += entries.length;
  for (const entry of entries) {
    throwIfCancelled(signal);
    const path = `${insidePath}/${entry.name}`;
    if (findMount(splitPath(path), state.mounts) !== null) {
      leaveOut(path, "something is mounted there", "Copy it by its own path.", state);
    } else if (entry.isDirectory()) await copyFolderIn(from, to, entry.name, path, state, depth);
    else await copyFileIn(from, to, entry.name, path, state);
  }
}

async function copyFolderIn(
  from: OpenFolder,
  to: OpenFolder,
  name: string,
  path: string,
  state: CopyState,
  depth: number,
): Promise<void> {
  const { maxDepth } = state.limits;
  if (depth === maxDepth) throw tooLarge(path, `it lies more than ${maxDepth} folders deep`);
  const opened = openFolderIn(from, name);
  if (!opened.ok) return leaveOutProblem(path, name, opened.problem, state);
  try {
    const copy = makeFolderIn(to, name, { mode: 0o755, owner: null });
    try {
      await copyTree(opened.folder, copy, path, state, depth + 1);
    } finally {
      closeFolder(copy);
    }
  } finally {
    closeFolder(opened.folder);
  }
}

async function copyFileIn(
  from: OpenFolder,
  to: OpenFolder,
  name: string,
  path: string,
  state: CopyState,
): Promise<void> {
  const opened = openFileIn(from, name);
  if (!opened.ok) return leaveOutProblem(path, name, opened.problem, state);
  try {
    const copy = openSync(pathIn(to, name), createFlags, 0o600);
    try {
      await copyBytes(opened.file, copy, path, state);
    } finally {
      closeSync(copy);
    }
  } finally {
    closeFile(opened.file);
  }
}

/** Copies a file's bytes into an empty one and gives that its mode; counts both. */
export async function copyBytes(file: OpenFile, to: number, path: string, state: CopyState): Promise<void> {
  const { limits, signal } = state;
  const left = limits.maxBytes - state.bytes;
  let copied = 0;
  const chunks = readChunks(file, left, signal);
  for (;;) {
    const next = await reading(path, () => chunks.next());
    if (next.done === true) break;
    copied += next.value.length;
    if (copied > left) throw tooLarge(path, `more than ${limits.maxBytes} bytes would be copied`);
    await writeChunk(to, next.value);
  }
  setAttributes(to, { mode: (file.mode & 0o100) === 0 ? 0o644 : 0o755, owner: null });
  state.files += 1;
  state.bytes += copied;
  if (fileVersion(file.fd) !== file.version) state.diagnostics.push(changed(path));
}

function changed(path: string): Diagnostic {
  return {
    code: "WORKSPACE_FILE_CHANGED",
    severity: "warning",
    message: `${quoteValue(path)} was written to while it was copied.`,
    hint: "Copy it again once the sandbox is done with it.",
  };
}

function leaveOutProblem(path: string, name: string, problem: FileProblem, state: CopyState): void {
  // A name that cannot be found again was not valid UTF-8 on the disk.
  const garbled = problem.kind === "missing" && name.includes("\ufffd");
  const why = garbled ? "its name is not UTF-8" : describeFileProblem(problem);
  const hint =
    problem.kind === "link" ? "Copy what it leads to by its own path." : "Make it a readable regular file.";
  leaveOut(path, why, hint, state);
}

function leaveOut(path: string, why: string, hint: string, { diagnostics }: CopyState): void {
  diagnostics.push({
    code: "WORKSPACE_ENTRY_LEFT_OUT",
    severity: "warning",
    message: `${quoteValue(path)} was not copied: ${why}.`,
    hint,
  });
}
