import { entriesFor } from "./entries-for.ts";
import type { Overlay, OverlayInstall, SkillCorrection } from "./overlay.ts";
import { type InstallEntry, readInstallEntry } from "./read-install.ts";
import type { RecipePlatform } from "./resolve-context.ts";

/**
 * The overlay's install entries for a command of a skill on a platform, strongest first: those for the skill itself,
 * those for a pattern that it fits, those for the command wherever it is required.
 */
export function overlayEntries(
  bin: string,
  corrections: readonly SkillCorrection[],
  bins: Overlay["bins"],
  platform: RecipePlatform,
): readonly InstallEntry[] {
  const applies = (install: OverlayInstall) => install.platform === null || install.platform === platform;
  const toEntry = ({ spec, key }: OverlayInstall) => readInstallEntry(spec, key).entry;
  const ofSkill = corrections.flatMap(({ install }) => install).filter(applies);
  const ofBin = (Object.hasOwn(bins, bin) ? (bins[bin] ?? []) : []).filter(applies);
  return [...entriesFor(bin, ofSkill.map(toEntry)), ...ofBin.map(toEntry)];
}
