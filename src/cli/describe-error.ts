import { escapeText } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";

/**
 * Any thrown value as a {@link SkillcrateError}: refusals of the operating system keep their code and path, an abort
 * becomes `CANCELLED`, and whatever nobody expected becomes `INTERNAL`, its trace kept as the cause.
 */
export function describeError(error: unknown, signal: AbortSignal): SkillcrateError {
  if (error instanceof SkillcrateError) return error;
  if (signal.aborted) {
    return new SkillcrateError("CANCELLED", `Stopped by ${String(signal.reason)}.`, {
      hint: "",
      cause: error,
    });
  }
  if (isSystemError(error)) {
    const path = error.path === undefined ? "" : ` ${escapeText(error.path)}`;
    return new SkillcrateError("SYSTEM", `The system refused ${error.syscall}${path} (${error.code}).`, {
      hint: systemHints.get(error.code) ?? "Check that the path exists and that this user may use it.",
      cause: error,
    });
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new SkillcrateError("INTERNAL", escapeText(message), {
    hint: "Run it again with SKILLCRATE_DEBUG=1 and report what it prints.",
    cause: error,
  });
}

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && "syscall" in error && typeof error.code === "string";
}

const systemHints = new Map([
  ["EACCES", "Give this user access to it, or choose another folder."],
  ["EMFILE", "Raise the limit of open files: ulimit -n 4096"],
  ["ENOSPC", "The disk is full: free some space and run it again."],
  ["EROFS", "The disk is read-only: choose another folder."],
]);
