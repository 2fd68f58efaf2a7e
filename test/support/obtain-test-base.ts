import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { compareText } from "../../src/diagnostic/compare-text.ts";
import type { Engine } from "../../src/engine/engine.ts";

const scripts = fileURLToPath(new URL("../../scripts", import.meta.url));

/**
 * The slim Debian base that all test images stand on, made by the set-up's own script and named for that script's
 * content, so that the next run finds it. Gives its tag. `proxy` is where its packages come through.
 */
export async function obtainTestBase(engine: Engine, proxy: string): Promise<string> {
  const tag = `skillcrate-test-base:${(await hashScripts()).slice(0, 16)}`;
  if ((await engine.images.inspect(tag)) !== null) return tag;
  const folder = await mkdtemp(join(tmpdir(), "skillcrate-test-base-"));
  try {
    const tar = join(folder, "root.tar");
    await execa("bash", [join(scripts, "bootstrap-base.sh"), "--output", tar], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { http_proxy: proxy },
    });
    const id = await engine.images.importRoot(createReadStream(tar), ['CMD ["bash"]']);
    await engine.images.tag(id, tag);
  } finally {
    await rm(folder, { recursive: true });
  }
  return tag;
}

/** What decides about the base's content: the script, and the files that it uses. */
async function hashScripts(): Promise<string> {
  const hooks = await readdir(join(scripts, "bootstrap-base"));
  const names = ["bootstrap-base.sh", ...hooks.sort(compareText).map((name) => join("bootstrap-base", name))];
  const hash = createHash("sha256");
  for (const name of names) {
    const content = await readFile(join(scripts, name));
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}
