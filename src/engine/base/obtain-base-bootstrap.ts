import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { packageDir } from "../../host/package-dir.ts";
import { cancelled } from "../cancelled.ts";
import type { Engine } from "../engine.ts";
import { madeLabel } from "../label/label-names.ts";
import { isOwnBase } from "../label/own-image.ts";
import { removeUnlessInUse } from "../sweep-leftovers.ts";
import type { ObtainBaseOptions } from "./obtain-base.ts";

/**
 * Makes a base from Debian packages with this package's script, imports it and tags it. Null where that worked, else
 * why not.
 */
export async function bootstrapBase(
  engine: Engine,
  reference: string,
  options: ObtainBaseOptions,
): Promise<string | null> {
  const { platform, signal } = options;
  if (engine.info.platform !== platform)
    return `bootstrap: only for the engine's own ${engine.info.platform}`;
  const before = await engine.images.inspect(reference, signal);
  const result = await importScriptOutput(engine, options);
  if ("failure" in result) return `bootstrap from a Debian mirror: ${result.failure}`;
  await engine.images.tag(result.id, reference);
  if (before !== null && before.id !== result.id) await removeReplaced(engine, before.id);
  return null;
}

async function importScriptOutput(
  engine: Engine,
  options: ObtainBaseOptions,
): Promise<{ readonly id: string } | { readonly failure: string }> {
  const { platform, aptMirror, signal, onProgress, bootstrapScript } = options;
  const { execa } = await import("execa");
  const path = bootstrapScript ?? join(packageDir(), "scripts/bootstrap-base.sh");
  const script = execa("bash", [path, "--output", "-", "--arch", platform.replace("linux/", "")], {
    // Not as an argument, which every user of the machine can read: the URL may hold a password.
    env: { SKILLCRATE_APT_MIRROR: aptMirror ?? "" },
    stdin: "ignore",
    stderr: [reporting(onProgress), "pipe"],
    buffer: { stdout: false, stderr: true },
    reject: false,
    cancelSignal: signal,
    // It removes what it made; a signal may take 2 s in all.
    forceKillAfterDelay: 1200,
  });
  script.once("exit", () => {
    // Programs that it started may outlive it for a moment and hold its output open.
    if (signal.aborted) for (const output of [script.stdout, script.stderr]) output.destroy();
  });
  try {
    const started = await Promise.race([hasOutput(script.stdout), script.then(() => false)]);
    const id = started ? await engine.images.importRoot(script.stdout, importChanges, signal) : null;
    const result = await script;
    if (signal.aborted) throw cancelled("a base image was made from Debian packages");
    if (id !== null && !result.failed) return { id };
    // A tar that broke off in the middle may have been taken for a whole one.
    if (id !== null) await removeUnlessInUse(engine, id);
    return { failure: findReason(result.stderr) ?? `exit code ${result.exitCode}` };
  } finally {
    script.kill();
    await script;
  }
}

/** The script writes nothing before it has everything, and the engine should not wait that long for a first byte. */
async function hasOutput(output: Readable): Promise<boolean> {
  await once(output, "readable");
  return output.readableLength > 0;
}

/** The script's own last words, or those of a program that it ran. */
function findReason(stderr: string): string | null {
  const lines = stderr.trim().split("\n");
  const own = lines.findLastIndex((line) => line.startsWith(scriptName));
  const words = own === -1 ? lines.slice(-1) : lines.slice(own);
  const reason = words.map((line) => line.replace(scriptName, "").trim()).join(" ");
  return reason === "" ? null : escapeText(reason).slice(0, 300);
}

const scriptName = "bootstrap-base.sh: ";

// What the official image has, so that both behave alike; and the label by which it is known as made here.
const importChanges = [
  "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  'CMD ["bash"]',
  `LABEL ${madeLabel.key}=${madeLabel.base}`,
];

/** Hands lines on as they come, and lets them through. */
function reporting(
  onProgress: ObtainBaseOptions["onProgress"],
): (line: unknown) => Generator<unknown, void, void> {
  return function* report(line) {
    onProgress({ type: "bootstrapping", line: escapeText(String(line)) });
    yield line;
  };
}

async function removeReplaced(engine: Engine, id: string): Promise<void> {
  const image = await engine.images.inspect(id);
  if (image?.tags.length === 0 && (await isOwnBase(engine, image))) await removeUnlessInUse(engine, id);
}
