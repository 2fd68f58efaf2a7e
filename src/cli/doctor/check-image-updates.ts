import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { checkUpdates, type PackageUpdate } from "../../engine/network/check-updates.ts";
import { formatCount } from "../../report/format-count.ts";
import { type Check, ok, type Patient } from "./check.ts";
import type { OwnImage } from "./check-images.ts";

/** An answer of the apt index holds for this long. */
const freshMs = 24 * 60 * 60 * 1000;

/** Which images wait for security updates; asks the apt index where the last answer is older than a day. */
export async function checkImageUpdates(patient: Patient, present: readonly OwnImage[]): Promise<Check[]> {
  return await Promise.all(present.map((own) => checkOne(patient, own)));
}

async function checkOne(patient: Patient, own: OwnImage): Promise<Check> {
  const { name, tag } = own.labels;
  try {
    const security = await readUpdates(patient, own);
    if (security.length === 0) return ok("updates", `${tag} has all security updates`);
    const packages = security.map((update) => update.package).join(" ");
    return {
      name: "updates",
      status: "warning",
      detail: `${tag} is behind ${formatCount(security.length, "security update")}: ${packages}`,
      fix: isBuiltIn(name) ? "skillcrate setup --refresh" : `skillcrate build PATHS --name ${name} --refresh`,
    };
  } catch (error) {
    // The mirror's failure, not the image's.
    if (!(error instanceof SkillcrateError) || error.code !== "APT_FAILED") throw error;
    return { name: "updates", status: "unknown", detail: `${tag}: ${error.message}`, fix: error.hint };
  }
}

async function readUpdates(
  { engine, state, network, context: { signal } }: Patient,
  { image, labels: { tag } }: OwnImage,
): Promise<readonly PackageUpdate[]> {
  const known = (await state.updates.read()).value.images[tag];
  if (known?.id === image.id && Date.now() - Date.parse(known.checkedAt) < freshMs) return known.security;
  const { security } = await checkUpdates(engine, image.id, { network, signal });
  const entry = { id: image.id, checkedAt: new Date().toISOString(), security: [...security] };
  await state.updates.change((current) => ({ ...current, images: { ...current.images, [tag]: entry } }));
  return security;
}

function isBuiltIn(name: string): boolean {
  return ["base", "common", "browser"].includes(name);
}
