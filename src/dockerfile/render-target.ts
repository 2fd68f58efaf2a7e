import type { ImagePlan } from "../plan/image-plan.ts";
import type { Rendering } from "./build-context.ts";
import type { Mount } from "./instruction.ts";
import { hasSettings } from "./network-files.ts";
import type { NetworkSettings } from "./network-settings.ts";
import { type NetworkClient, settingsFolder, settingsSource } from "./settings-paths.ts";

/** What is rendered, and for whom. */
export interface RenderTarget {
  readonly plan: ImagePlan;
  readonly rendering: Rendering;
  readonly network: NetworkSettings;
}

/** The image below as `FROM` takes it. */
export function belowReference({ plan: { below } }: RenderTarget): string {
  return below.kind === "external" && below.digest !== null
    ? `${below.reference}@${below.digest}`
    : below.reference;
}

/** A client's settings for one step of the BuildKit rendering; none where nothing is set. */
export function settingsMounts(client: NetworkClient, { network }: RenderTarget): Mount[] {
  if (!hasSettings(client, network)) return [];
  return [{ type: "bind", source: settingsSource(client), target: settingsFolder }];
}
