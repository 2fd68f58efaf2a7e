import { watch } from "node:fs";
import { errnoOf } from "../host/file-problem.ts";

/** What listens to one folder. */
export interface FolderEar {
  close(): void;
}

/** The path of what changed, from the folder: may be wrong or null, and is good for sorting out only. */
export type OnFolderEvent = (name: string | null) => void;

export interface ListenOptions {
  /** To everything below as well: where the system has that (macOS, Windows). */
  readonly recursive: boolean;
  /** Whether listening keeps the process alive. */
  readonly persistent: boolean;
}

/** Listens to a folder's entries and to its own end. Throws the system's error where it does not listen. */
export type ListenToFolder = (path: string, onEvent: OnFolderEvent, options: ListenOptions) => FolderEar;

/** Node's `fs.watch`: inotify on Linux, FSEvents on macOS. */
export const listenToFolder: ListenToFolder = (path, onEvent, options) => {
  const watcher = watch(path, options);
  watcher.on("change", (_type, name) => onEvent(typeof name === "string" ? name : null));
  // Windows says so of a folder that was removed.
  watcher.on("error", () => onEvent(null));
  return watcher;
};

/** `path` is read at once. Null where this user may not listen; throws the system's error at one of its limits. */
export type Listen = (path: string, onEvent: OnFolderEvent) => FolderEar | null;

/**
 * Listening that nobody can flood. Each event is a call into JavaScript, and the loop is not left before the last of
 * them: a program in a sandbox could hold up its gateway for ever by writing. Once all ears together have heard a burst,
 * each that hears more is closed and tells null; whoever has it looks at the folder and listens anew.
 */
export function listenInBursts(listenTo: ListenToFolder, options: ListenOptions): Listen {
  let since = 0;
  let count = 0;
  return (path, onEvent) => {
    const ear = orNull(() =>
      listenTo(
        path,
        (name) => {
          const now = performance.now();
          if (now - since > burst.ms) {
            since = now;
            count = 0;
          }
          count += 1;
          if (count <= burst.events) return onEvent(name);
          ear?.close();
          onEvent(null);
        },
        options,
      ),
    );
    return ear;
  };
}

/** What the system says where it will not listen to more: inotify_add_watch(2), inotify_init(2), with the way out. */
export const watchLimits: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "sudo sysctl fs.inotify.max_user_watches=524288"],
  ["EMFILE", "sudo sysctl fs.inotify.max_user_instances=1024\nulimit -n 65536"],
  ["ENFILE", "sudo sysctl fs.file-max=2097152"],
  ["ENOMEM", "Free some memory."],
]);

/** The system's name for why it cannot listen or read; null where `error` is none of its errors. */
export function systemErrno(error: unknown): string | null {
  const errno = errnoOf(error);
  if (errno === "DISK_FAILED") return errnoOf((error as Error).cause) || null;
  return /^E[A-Z0-9]+$/.test(errno) ? errno : null;
}

/** About three milliseconds of work. */
const burst = { events: 1_000, ms: 100 };

function orNull(listen: () => FolderEar): FolderEar | null {
  try {
    return listen();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "" || watchLimits.has(errno)) throw error;
    return null;
  }
}
