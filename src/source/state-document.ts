import { mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { z } from "zod";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { stateFailure } from "../host/state-failure.ts";
import { type LockOptions, withLock } from "../host/with-lock.ts";
import { writeFileAtomically } from "../host/write-file-atomically.ts";

/** One JSON file of the state folder. `Empty` is what stands for a file that is not there. */
export interface StateDocument<Value, Empty> {
  readonly path: string;
  /**
   * What the file says. One that is damaged, of another version or not a regular file is renamed to `….broken-…`, said
   * in a diagnostic, and counts as not there. Throws `STATE_FAILED` where the disk does not let us read.
   */
  read(): Promise<StateRead<Value | Empty>>;
  /** Replaces the file by `next` of what it says, with no other process in between. Throws `STATE_FAILED`. */
  change(next: (current: Value | Empty) => Value, options?: LockOptions): Promise<StateRead<Value>>;
}

export interface StateRead<Value> {
  readonly value: Value;
  readonly diagnostics: readonly Diagnostic[];
}

export interface StateDocumentDefinition<Value, Empty> {
  readonly stateDir: string;
  /** Below the state folder, e.g. `base.json`. */
  readonly file: string;
  readonly schema: z.ZodType<Value>;
  readonly empty: Empty;
}

export function stateDocument<Value, Empty>(
  definition: StateDocumentDefinition<Value, Empty>,
): StateDocument<Value, Empty> {
  const { stateDir, file, schema, empty } = definition;
  const path = join(stateDir, file);
  const locked = <Result>(task: () => Promise<Result>, options?: LockOptions): Promise<Result> =>
    withLock(stateDir, `file-${file.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`, task, options);

  const readHoldingLock = (): StateRead<Value | Empty> => {
    const read = readDocument(path, schema);
    if (read.kind === "broken") return { value: empty, diagnostics: [setAside(path, read.why)] };
    return { value: read.kind === "value" ? read.value : empty, diagnostics: [] };
  };

  return {
    path,
    async read() {
      const read = readDocument(path, schema);
      if (read.kind !== "broken")
        return { value: read.kind === "value" ? read.value : empty, diagnostics: [] };
      try {
        // Looked at again under the lock: another process may just have set it aside and written a good one.
        return await locked(async () => readHoldingLock());
      } catch (error) {
        if (!(error instanceof SkillcrateError) || error.code !== "STATE_FAILED") throw error;
        return { value: empty, diagnostics: [brokenDiagnostic(path, read.why, error.message)] };
      }
    },
    async change(next, options) {
      return locked(async () => {
        const { value: current, diagnostics } = readHoldingLock();
        const value = schema.parse(next(current));
        try {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
        } catch (error) {
          throw stateFailure("write", path, error);
        }
        return { value, diagnostics };
      }, options);
    },
  };
}

type ReadDocument<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "missing" }
  | { readonly kind: "broken"; readonly why: string };

/** More than the facts of an image with every Debian package would have. */
const maxDocumentBytes = 16_000_000;

function readDocument<Value>(path: string, schema: z.ZodType<Value>): ReadDocument<Value> {
  const read = readRegularFile(path, maxDocumentBytes);
  if (read.ok) return parseDocument(read.bytes.toString("utf8"), schema);
  const { problem } = read;
  if (problem.kind === "missing") return { kind: "missing" };
  if (problem.kind === "denied" || problem.kind === "unreadable") {
    throw stateFailure(
      "read",
      path,
      Object.assign(new Error(describeFileProblem(problem)), { code: "EACCES" }),
    );
  }
  return { kind: "broken", why: describeFileProblem(problem) };
}

function parseDocument<Value>(text: string, schema: z.ZodType<Value>): ReadDocument<Value> {
  if (text.trim() === "") return { kind: "broken", why: "it is empty" };
  let written: unknown;
  try {
    written = JSON.parse(text, refuseProtoKey);
  } catch (error) {
    // SyntaxError: cut or damaged, or a forbidden key. RangeError: nested deeper than the stack.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return { kind: "broken", why: `it is not JSON of ours: ${quoteValue(error.message)}` };
  }
  const result = schema.safeParse(written);
  if (result.success) return { kind: "value", value: result.data };
  const [issue] = result.error.issues;
  const where = issue?.path.map(String).join(".") ?? "";
  const at = where === "" ? "" : ` at ${quoteValue(where)}`;
  return { kind: "broken", why: `it has another shape or version${at}: ${quoteValue(issue?.message ?? "")}` };
}

function refuseProtoKey(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("a key is called __proto__");
  return value;
}

function setAside(path: string, why: string): Diagnostic {
  const aside = `${path}.broken-${new Date().toISOString().replace(/[:.]/g, "")}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    return brokenDiagnostic(path, why, stateFailure("rename", path, error).message);
  }
  return brokenDiagnostic(path, why, null, aside);
}

function brokenDiagnostic(path: string, why: string, failure: string | null, aside?: string): Diagnostic {
  const moved =
    aside === undefined
      ? `It could not be set aside: ${failure ?? ""}`
      : `Set aside as ${quoteValue(basename(aside))}.`;
  return {
    code: "STATE_BROKEN",
    severity: "warning",
    message: `${quoteValue(path)} is not used: ${why}. ${moved}`,
    hint: "Nothing to do: it is found out anew. If another version of this program wrote it, give each a state folder.",
    place: { file: aside ?? path, line: 1, column: 1 },
  };
}
