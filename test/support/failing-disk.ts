import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { constants } from "node:os";

/**
 * `once`: one operation fails with this error. `from-then-on`: so does every later one that writes, as on a full or
 * read-only disk. `short-write`: a write takes half of what it was given. `kill`: the process is gone before the
 * operation is made; only those that change something are counted. `act`: something happens just before the operation, which itself is made as usual; only those on what lies `below` a
 * folder are counted.
 */
export type DiskFault =
  | { readonly kind: "once" | "from-then-on"; readonly errno: "ENOSPC" | "EIO" | "EROFS" | "EMFILE" }
  | { readonly kind: "short-write" }
  | { readonly kind: "kill" }
  | { readonly kind: "act"; readonly act: () => void; readonly below: string };

export interface FailingDisk {
  /** The `at`-th operation from now on (the first is 1) meets the fault. */
  arm(at: number, fault: DiskFault): void;
  /** What has been counted since {@link arm}, and the operation that met the fault; null where it never came to it. */
  disarm(): { readonly operations: number; readonly failed: string | null };
}

/**
 * Makes every function of node:fs in this process count its calls and fail on demand. So does starting a program, which
 * is taken to be `sync`: it does nothing, and fails with exit code 1. For processes of a test's own: nothing puts the
 * functions back. Those that a module captured before this call are not seen.
 */
export async function createFailingDisk(): Promise<FailingDisk> {
  let counted = 0;
  let armed: { readonly at: number; readonly fault: DiskFault } | null = null;
  let failed: string | null = null;

  /** The error that an operation meets, null for none. */
  const meet = (operation: string, args: readonly unknown[]): Error | "short" | null => {
    if (armed === null) return null;
    // What only reads makes no difference to what a kill leaves.
    if (armed.fault.kind === "kill" && !changesDisk(operation, args, "EROFS")) return null;
    const { at, fault } = armed;
    if (fault.kind === "act" && !resolvePath(args[0]).startsWith(fault.below)) return null;
    counted += 1;
    if (fault.kind === "short-write") {
      if (counted < at || failed !== null || !isWrite(operation)) return null;
      failed = operation;
      return "short";
    }
    const again =
      fault.kind === "from-then-on" && failed !== null && changesDisk(operation, args, fault.errno);
    if (counted !== at && !again) return null;
    if (fault.kind === "kill") process.kill(process.pid, "SIGKILL");
    failed ??= `${operation} ${String(args[0])}`;
    if (fault.kind === "act") {
      // What it does itself is not counted.
      armed = null;
      fault.act();
      armed = { at, fault };
    }
    return "errno" in fault ? failure(operation, fault.errno) : null;
  };
  replaceAll(meet);
  replaceAsync(fs.promises, meet);
  const handle = await fs.promises.open("/dev/null", "r");
  replaceAsync(Object.getPrototypeOf(handle), meet);
  await handle.close();
  childProcess.spawn = ((program: string) => {
    const exitCode = meet(program, [""]) === null ? 0 : 1;
    const child = new EventEmitter();
    process.nextTick(() => child.emit("close", exitCode));
    return child;
  }) as typeof childProcess.spawn;
  syncBuiltinESMExports();
  return {
    arm: (at, fault) => {
      counted = 0;
      failed = null;
      armed = { at, fault };
    },
    disarm: () => {
      armed = null;
      return { operations: counted, failed };
    },
  };
}

const { readlinkSync } = fs;

/** Where a descriptor, or a path through one, leads; empty where it is no such thing. */
function resolvePath(place: unknown): string {
  const [, fd, rest = ""] = /^(?:\/proc\/self\/fd\/)?(\d+)(\/.*)?$/.exec(String(place)) ?? [];
  return fd === undefined ? String(place) : `${readlinkSync(`/proc/self/fd/${fd}`)}${rest}`;
}

type Meet = (operation: string, args: readonly unknown[]) => Error | "short" | null;
type Function = (...args: unknown[]) => unknown;

/** Both the functions that end in Sync and those that take a callback. */
function replaceAll(meet: Meet): void {
  const functions = fs as unknown as Record<string, Function>;
  // Closing what was only read cannot fail.
  const writable = new Set<unknown>();
  for (const name of Object.keys(fs).filter((key) => key.endsWith("Sync"))) {
    const real = functions[name];
    if (real === undefined) continue;
    const replaced: Function = (...args) => {
      if (name === "closeSync" && !writable.delete(args[0])) return real(...args);
      const met = meet(name, args);
      if (met === "short") return real(...halved(args));
      if (met === null) {
        const result = real(...args);
        if (name === "openSync" && isForWriting(args[1])) writable.add(result);
        return result;
      }
      // The system lets go of a descriptor also when closing it fails.
      if (name === "closeSync") real(...args);
      if (name === "existsSync") return false;
      throw met;
    };
    // `realpathSync.native` is not counted: it reads.
    functions[name] = Object.assign(replaced, real);
    const callbackName = name.slice(0, -"Sync".length);
    const withCallback = functions[callbackName];
    if (withCallback === undefined || name === "existsSync") continue;
    functions[callbackName] = (...args) => {
      const met = meet(callbackName, args);
      if (met === "short") return withCallback(...halved(args));
      if (met === null) return withCallback(...args);
      const callback = args.at(-1) as Function;
      if (callbackName !== "close") return process.nextTick(callback, met);
      return withCallback(args[0], () => callback(met));
    };
  }
}

/** The functions of fs.promises, or the methods of its file handles. */
function replaceAsync(object: object, meet: Meet): void {
  const functions = object as Record<string, Function>;
  for (const name of Object.getOwnPropertyNames(object)) {
    const real = Object.getOwnPropertyDescriptor(object, name)?.value;
    if (typeof real !== "function" || /^(constructor|watch|getAsyncId|_|on|ref|unref)/.test(name)) continue;
    functions[name] = async function (this: unknown, ...args) {
      const met = meet(name, args);
      if (met === null) return real.apply(this, args);
      if (met === "short") return real.apply(this, halved([this, ...args]).slice(1));
      if (name === "close") await real.apply(this, args);
      throw met;
    };
  }
}

/** Flags of open: a number, or letters of which only `r` reads alone. */
function isForWriting(flags: unknown): boolean {
  return typeof flags === "number"
    ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0
    : (flags ?? "r") !== "r";
}

function isWrite(operation: string): boolean {
  return operation === "writeSync" || operation === "write";
}

/** Whether an operation would meet a disk that is full or read-only. Removing and renaming work on a full one. */
function changesDisk(operation: string, args: readonly unknown[], errno: string): boolean {
  if (/^open/.test(operation)) return isForWriting(args[1]);
  if (/^(write|append|mkdir|mkdtemp|symlink|link|copyFile|cp)/.test(operation)) return true;
  return errno === "EROFS" && /^(rename|unlink|rm|l?f?ch(mod|own)|l?f?utimes|f?truncate)/.test(operation);
}

/** `write(fd, buffer, offset, length, …)`: half of the length. */
function halved([fd, buffer, offset, length, ...rest]: unknown[]): unknown[] {
  if (!(buffer instanceof Uint8Array)) return [fd, buffer, offset, length, ...rest];
  const start = typeof offset === "number" ? offset : 0;
  const wanted = typeof length === "number" ? length : buffer.length - start;
  return [fd, buffer, start, Math.max(1, Math.floor(wanted / 2)), ...rest];
}

function failure(operation: string, errno: keyof typeof constants.errno): Error {
  const fields = { code: errno, errno: -constants.errno[errno], syscall: operation.replace("Sync", "") };
  return Object.assign(new Error(`${errno}: made to fail, ${fields.syscall}`), fields);
}
