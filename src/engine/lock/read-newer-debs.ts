import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { LockedDeb } from "../../plan/part-lock.ts";
import type { Engine } from "../engine.ts";
import { runWithAptIndex } from "../network/apt-container.ts";
import type { UpdateOptions } from "../network/check-updates.ts";
import { fileFunctions } from "./apt-lock-script.ts";
import { readAptAnswer } from "./read-apt-answer.ts";
import { packagesOf } from "./read-locked-parts.ts";

/**
 * The package files with which apt would bring packages of a locked image up to date, those that they need included.
 * Throws `LOCK_MISMATCH` where the engine's image is not the one of the lock.
 */
export async function readNewerDebs(
  engine: Engine,
  plan: ImagePlan,
  names: readonly string[],
  { network, signal }: UpdateOptions,
): Promise<readonly LockedDeb[]> {
  if (names.length === 0) return [];
  const image = await engine.images.inspect(plan.tag, signal);
  if (image === null || !(await isOfLock(engine, plan, image.id, signal))) throw notOfLock(plan);
  const script = [
    fileFunctions,
    "cp /var/lib/dpkg/status $status",
    "part newer layer",
    `files_for ${names.join(" ")}`,
    "",
  ].join("\n");
  const text = await runWithAptIndex(engine, { image: image.id, network, signal, script, packages: true });
  const newer = readAptAnswer(text).parts.get("newer");
  return newer?.kind === "debian" ? newer.packages : [];
}

async function isOfLock(
  engine: Engine,
  { layers, locked }: ImagePlan,
  imageId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const inside = await packagesOf(engine, imageId, signal);
  return layers
    .flatMap(({ id }) => locked?.parts[id] ?? [])
    .flatMap((lock) => (lock.kind === "debian" ? lock.packages : []))
    .every(({ name, version }) => inside[name] === version);
}

function notOfLock({ tag }: ImagePlan): SkillcrateError {
  return new SkillcrateError("LOCK_MISMATCH", `the engine's ${tag} is not the image of the lock`, {
    hint: "Build it first: skillcrate build --frozen",
  });
}
