import type { ErrorCode } from "../../diagnostic/error-codes.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem, errnoOf, type FileProblem, toFileProblem } from "../../host/file-problem.ts";

/** The error for something in a workspace that cannot be read; `path` as it is seen inside. */
export function unreadable(path: string, problem: FileProblem): SkillcrateError {
  const { code, hint } = readAdvice[problem.kind];
  return new SkillcrateError(code, `Cannot read ${quoteValue(path)}: ${describeFileProblem(problem)}.`, {
    hint,
  });
}

const readAdvice: Readonly<Record<FileProblem["kind"], { readonly code: ErrorCode; readonly hint: string }>> =
  {
    missing: { code: "WORKSPACE_NOT_FOUND", hint: "List the folder that it should be in." },
    link: {
      code: "WORKSPACE_LINK",
      hint: "Name what it leads to, or allow links that stay in the sandbox's folders.",
    },
    "wrong-type": { code: "WORKSPACE_WRONG_TYPE", hint: "Only regular files and folders are read." },
    denied: { code: "WORKSPACE_UNREADABLE", hint: "Inside the sandbox: chmod u+rwX on it." },
    "too-large": { code: "WORKSPACE_TOO_LARGE", hint: "Raise the limit, or take it as a stream." },
    unreadable: { code: "WORKSPACE_UNREADABLE", hint: "See the name of the system's error." },
  };

export function tooLarge(path: string, what: string): SkillcrateError {
  return new SkillcrateError("WORKSPACE_TOO_LARGE", `${quoteValue(path)} was not taken: ${what}.`, {
    hint: "Raise the limit, or take it in parts.",
  });
}

/** What `task` throws of the file system becomes an error that names the path that was read. */
export async function reading<Result>(path: string, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw unreadable(path, toFileProblem(error));
  }
}

/**
 * What failed while a file or folder was written; `path` as the caller knows it. An error of ours, and one that is none
 * of the file system's, passes unchanged.
 */
export function writeFailure(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof SkillcrateError || errno === "") return error;
  // Of these it says that they are the machine's.
  if (errno === "EMFILE" || errno === "ENFILE" || errno === "ENOMEM") toFileProblem(error);
  const { code, what, hint } = writeAdvice.get(errno) ?? otherFailure;
  return new SkillcrateError(code, `Cannot write ${quoteValue(path)}: ${what} (${errno}).`, {
    hint,
    cause: error,
  });
}

interface WriteAdvice {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const full: WriteAdvice = {
  code: "WORKSPACE_WRITE_FAILED",
  what: "the disk is full",
  hint: "Free some space on it, then try again.",
};
const inTheWay: WriteAdvice = {
  code: "WORKSPACE_WRONG_TYPE",
  what: "a link or a file stands where a folder should be",
  hint: "Take it away; it may have been put there by what ran in the sandbox.",
};
const otherFailure: WriteAdvice = {
  code: "WORKSPACE_WRITE_FAILED",
  what: "the system refused",
  hint: "Correct the folder's owner and mode, or its disk, then try again.",
};

const writeAdvice: ReadonlyMap<string, WriteAdvice> = new Map([
  ["ENOSPC", full],
  ["EDQUOT", full],
  ["ELOOP", inTheWay],
  ["ENOTDIR", inTheWay],
  ["EROFS", { ...otherFailure, what: "its disk is read-only" }],
]);
