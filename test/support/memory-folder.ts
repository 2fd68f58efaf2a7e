import { existsSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * An empty folder in memory where that can be had, else among the temporary ones: for what makes many thousand files or
 * has its disk synced many times. The caller removes it.
 */
export function memoryFolder(): string {
  const parent = existsSync("/dev/shm") ? "/dev/shm" : realpathSync(tmpdir());
  return mkdtempSync(join(parent, "skillcrate-test-"));
}
