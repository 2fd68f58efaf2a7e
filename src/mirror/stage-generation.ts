import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, symlinkSync, writeSync } from "node:fs";
import type { Pace } from "../host/pace.ts";
import { mirrorNames } from "./mirror-paths.ts";
import type { Generation } from "./mirror-request.ts";
import type { ResolvedSkill } from "./resolve-skill.ts";
import { versionName } from "./skill-entry.ts";

/** Makes a generation's folder: a link to each skill's version, and the manifest. */
export async function stageGeneration(
  dir: string,
  generation: Generation,
  skills: readonly ResolvedSkill[],
  pace: Pace,
): Promise<void> {
  mkdirSync(dir);
  chmodSync(dir, 0o755);
  for (const { folder, sha256 } of skills) {
    symlinkSync(`../../${mirrorNames.versions}/${versionName(sha256)}`, `${dir}/${folder}`);
    if (pace.isDue()) await pace.rest();
  }
  const fd = openSync(`${dir}/${mirrorNames.manifest}`, "wx");
  try {
    fchmodSync(fd, 0o644);
    for (const part of renderManifest(generation, skills)) {
      writeWhole(fd, part);
      if (pace.isDue()) await pace.rest();
    }
  } finally {
    closeSync(fd);
  }
}

/** A line for each skill and each entry, in parts of one skill, so that no part is long. */
function* renderManifest(generation: Generation, skills: readonly ResolvedSkill[]): Generator<string> {
  const { id } = generation;
  yield `{"format":"skillcrate/mirror@1","id":${JSON.stringify(id)},"skills":[\n`;
  yield `${generation.skills.map((skill) => JSON.stringify(skill)).join(",\n")}\n],"entries":[\n`;
  let separator = "";
  for (const { folder, entries } of skills) {
    if (entries.length === 0) continue;
    const lines = entries.map((entry) => JSON.stringify({ ...entry, path: `${folder}/${entry.path}` }));
    yield `${separator}${lines.join(",\n")}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}

function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written);
  }
}
