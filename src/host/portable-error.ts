import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ErrorCode } from "../diagnostic/error-codes.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";

/** An error as plain data: what structured cloning makes of one has neither its class nor its code. */
export interface PortableError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Of the one error class. */
  readonly own: {
    readonly code: ErrorCode;
    readonly hint: string;
    readonly diagnostics: readonly Diagnostic[];
  } | null;
  /** Of the system's errors. */
  readonly system: Readonly<Record<string, string | number>>;
  readonly cause: PortableError | null;
}

/** What was thrown and is no error becomes one of its text. */
export function packError(thrown: unknown): PortableError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack = "", cause } = error;
  return {
    name,
    message,
    stack,
    own:
      error instanceof SkillcrateError
        ? { code: error.code, hint: error.hint, diagnostics: error.diagnostics }
        : null,
    system: Object.fromEntries(
      Object.entries(error).filter(([key, value]) => systemFields.has(key) && value !== undefined),
    ),
    cause: cause === undefined ? null : packError(cause),
  };
}

/** The same error: class, code, hint, causes, and the stack of where it was thrown. */
export function unpackError({ name, message, stack, own, system, cause }: PortableError): Error {
  const options = cause === null ? {} : { cause: unpackError(cause) };
  if (own !== null) {
    const { code, hint, diagnostics } = own;
    return Object.assign(new SkillcrateError(code, message, { hint, diagnostics, ...options }), { stack });
  }
  return Object.assign(new Error(message, options), { name, stack, ...system });
}

/** See https://nodejs.org/api/errors.html#class-systemerror */
const systemFields = new Set(["code", "errno", "syscall", "path", "dest"]);
