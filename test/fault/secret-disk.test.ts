import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { changeSecretFile, readSecretFile } from "../../src/sandbox/secrets/secret-file.ts";
import { createFailingDisk } from "../support/failing-disk.ts";

const before = "# mine\nA='old value'\n";
const after = "# mine\nA='new value'\nB=2\n";

// In one test: from then on the functions of this process's disk are replaced.
test("whatever operation fails, the file is whole, old or new, and the next change succeeds", async () => {
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const folder = scopeFolder(dir, { kind: "shared", key: "shared" });
  mkdirSync(folder.dir, { recursive: true });
  const change = () =>
    changeSecretFile(
      dir,
      folder,
      new Map([
        ["A", "new value"],
        ["B", "2"],
      ]),
    );
  const disk = await createFailingDisk();
  const messages: string[] = [];
  let failures = 0;
  for (const errno of ["ENOSPC", "EIO", "EROFS", "EMFILE"] as const) {
    for (let at = 1; at < 1000; at += 1) {
      writeFileSync(folder.envFile, before, { mode: 0o600 });
      disk.arm(at, { kind: "once", errno });
      const error: unknown = await change().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      const { failed } = disk.disarm();
      if (failed === null) break;
      const held = readFileSync(folder.envFile, "utf8");
      expect([before, after], `${errno} at ${failed}`).toContain(held);
      if (error === null) expect(held, `${errno} at ${failed}`).toBe(after);
      if (error instanceof Error) messages.push(error.message);
      failures += 1;
      await change();
      expect(readSecretFile(folder).values.get("A")).toBe("new value");
      expect(readdirSync(folder.dir).sort()).toEqual([".env", "records"]);
    }
  }
  // Each error met every operation of a change.
  expect(failures).toBeGreaterThan(4 * 10);
  expect(messages.filter((message) => /value|mine/.test(message))).toEqual([]);
});
