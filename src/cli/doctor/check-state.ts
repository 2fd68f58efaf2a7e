import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { State } from "../../source/open-state.ts";
import { type Check, ok } from "./check.ts";

/** Whether the folder of remembered state can be used, and whether something in it was damaged. */
export async function checkState(state: State): Promise<Check> {
  const name = "state";
  const detail = quoteValue(state.dir);
  if (!(await isWritable(state.dir))) {
    const fix =
      "Set SKILLCRATE_STATE_DIR to a folder that this user can write, or correct the owner of this one.";
    return { name, status: "problem", detail: `${detail} cannot be written`, fix };
  }
  const reads = await Promise.all([state.base.read(), state.aptEpoch.read(), state.updates.read()]);
  const [broken] = reads.flatMap((read) => read.diagnostics);
  if (broken === undefined) return ok(name, detail);
  return { name, status: "warning", detail: broken.message, fix: broken.hint };
}

/** A folder that is not there yet can be made where the nearest one above it can be written. */
async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const above = dirname(path);
    return error.code === "ENOENT" && above !== path && (await isWritable(above));
  }
}
