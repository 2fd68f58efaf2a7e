import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { NetworkSettings } from "../../dockerfile/network-settings.ts";
import type { Engine } from "../engine.ts";
import { runWithAptIndex } from "./apt-container.ts";

export interface UpdateOptions {
  readonly network: NetworkSettings;
  readonly signal: AbortSignal;
}

export interface WaitingUpdates {
  readonly imageId: string;
  /** Sorted by package. */
  readonly security: readonly PackageUpdate[];
  /** Others, such as those of a point release. */
  readonly other: readonly PackageUpdate[];
}

export interface PackageUpdate {
  readonly package: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Which updates an image's own package sources have for it. Throws `IMAGE_NOT_FOUND`, and `APT_FAILED` where the index
 * cannot be read or the image has no apt.
 */
export async function checkUpdates(
  engine: Engine,
  reference: string,
  { network, signal }: UpdateOptions,
): Promise<WaitingUpdates> {
  const image = await engine.images.inspect(reference, signal);
  if (image === null) {
    throw new SkillcrateError("IMAGE_NOT_FOUND", `the engine has no image ${quoteValue(reference)}`, {
      hint: "Build it first.",
    });
  }
  const script = "apt-get -q --simulate --with-new-pkgs upgrade";
  const simulation = await runWithAptIndex(engine, {
    image: image.id,
    network,
    signal,
    script,
    packages: true,
  });
  const updates = readSimulation(simulation);
  const strip = (security: boolean) =>
    updates.filter((update) => update.security === security).map(({ security: _, ...update }) => update);
  return { imageId: image.id, security: strip(true), other: strip(false) };
}

/** Reads lines such as `Inst jq [1.6-2.1] (1.6-2.1+deb12u1 Debian-Security:12/stable-security [amd64])`. */
export function readSimulation(text: string): readonly (PackageUpdate & { readonly security: boolean })[] {
  return text
    .split("\n")
    .flatMap((line) => {
      const { name, from, to, origins } = upgradeLine.exec(line)?.groups ?? {};
      if (name === undefined || from === undefined || to === undefined) return [];
      return [{ package: name, from, to, security: /-security\b/i.test(origins ?? "") }];
    })
    .sort((left, right) => compareText(left.package, right.package));
}

const upgradeLine = /^Inst (?<name>\S+) \[(?<from>\S+)\] \((?<to>\S+) (?<origins>[^)]*)\)/;
