import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder of a test's own, links in its path resolved; removed when the test has finished. */
export function tempFolder(): string {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
