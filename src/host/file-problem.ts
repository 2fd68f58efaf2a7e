import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";

/** Why a file or folder cannot be read, as a property of that file and not of the machine. */
export type FileProblem =
  | { readonly kind: "missing" }
  | { readonly kind: "link" }
  /** Neither a file nor a folder, or the wrong one of the two; `what` names it for people. */
  | { readonly kind: "wrong-type"; readonly what: string }
  | { readonly kind: "denied" }
  | { readonly kind: "too-large"; readonly sizeBytes: number }
  | { readonly kind: "unreadable"; readonly errno: string };

/**
 * What a failed open, read or listing says about the file. Throws `DISK_FAILED` for what is no property of the file
 * (no descriptors, no memory): going on would call good input bad.
 */
export function toFileProblem(error: unknown): FileProblem {
  const errno = errnoOf(error);
  const known = problems.get(errno);
  if (known !== undefined) return known;
  if (fileErrors.has(errno)) return { kind: "unreadable", errno };
  throw new SkillcrateError("DISK_FAILED", `Reading from the disk failed (${errno || "unknown error"}).`, {
    hint: errno === "EMFILE" ? "Allow more open files: ulimit -n 4096" : "See the cause; then try again.",
    cause: error,
  });
}

/** The `code` of a Node file system error, or an empty string. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** A clause for a message: "it is a link", "it is larger than …". */
export function describeFileProblem(problem: FileProblem): string {
  switch (problem.kind) {
    case "missing":
      return "it is not there";
    case "link":
      return "it is a symbolic link, and links are not followed";
    case "wrong-type":
      return `it is ${problem.what}`;
    case "denied":
      return "this user may not read it";
    case "too-large":
      return `it has ${problem.sizeBytes} bytes`;
    case "unreadable":
      return `the system refuses to read it (${problem.errno})`;
  }
}

const problems = new Map<string, FileProblem>([
  ["ENOENT", { kind: "missing" }],
  ["ENOTDIR", { kind: "wrong-type", what: "no folder, or below something that is none" }],
  // O_NOFOLLOW on a link.
  ["ELOOP", { kind: "link" }],
  ["EACCES", { kind: "denied" }],
  ["EPERM", { kind: "denied" }],
  ["EISDIR", { kind: "wrong-type", what: "a folder" }],
  // Opening a socket: ENXIO on Linux, EOPNOTSUPP on macOS.
  ["ENXIO", { kind: "wrong-type", what: "a socket or a device" }],
  ["EOPNOTSUPP", { kind: "wrong-type", what: "a socket" }],
]);

const fileErrors = new Set([
  "ENAMETOOLONG",
  "EIO",
  "EINVAL",
  "ENODEV",
  "ESTALE",
  "EILSEQ",
  // Another process holds a lease on the file: O_NONBLOCK does not wait for it.
  "EAGAIN",
  "ERR_INVALID_ARG_VALUE",
]);
