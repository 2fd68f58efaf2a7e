import { hash } from "node:crypto";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { FileContent } from "./content-store.ts";
import { mirrorNames } from "./mirror-paths.ts";
import type { Generation } from "./mirror-request.ts";
import type { ResolvedSkill, WritingGround } from "./resolve-skill.ts";
import { versionName } from "./skill-entry.ts";

/**
 * Makes a generation's folder: a link to each skill's version, and the manifest, which scopes with the same skills share
 * like any file. Gives what the manifest is.
 */
export async function stageGeneration(
  dir: string,
  generation: Generation,
  skills: readonly ResolvedSkill[],
  { store, pace }: Pick<WritingGround, "store" | "pace">,
): Promise<FileContent> {
  mkdirSync(dir);
  chmodSync(dir, 0o755);
  for (const { folder, sha256 } of skills) {
    symlinkSync(`../../${mirrorNames.versions}/${versionName(sha256)}`, `${dir}/${folder}`);
    if (pace.isDue()) await pace.rest();
  }
  const parts: Buffer[] = [];
  for (const part of renderManifest(generation, skills)) {
    parts.push(Buffer.from(part));
    if (pace.isDue()) await pace.rest();
  }
  const bytes = Buffer.concat(parts);
  const content = { sha256: hash("sha256", bytes, "hex"), mode: 0o644, size: bytes.length };
  const path = `${dir}/${mirrorNames.manifest}`;
  if (!store.place(content, path, null)) {
    writeFileSync(path, bytes, { flag: "wx" });
    chmodSync(path, content.mode);
  }
  return content;
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
