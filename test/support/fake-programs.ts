import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Shell scripts that stand in for programs: name → the lines after `#!/bin/bash`. Gives the folder to put on PATH. */
export function writePrograms(folder: string, programs: Readonly<Record<string, string>>): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, body] of Object.entries(programs)) {
    const file = join(bin, name);
    writeFileSync(file, `#!/bin/bash\n${body}\n`);
    chmodSync(file, 0o755);
  }
  return bin;
}

/** The environment of this process with `folder` first on PATH and `more` on top; undefined removes a variable. */
export function withPrograms(
  folder: string,
  more: Readonly<Record<string, string | undefined>> = {},
): Record<string, string | undefined> {
  return { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, ...more };
}
