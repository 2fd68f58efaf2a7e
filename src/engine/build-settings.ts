import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { RenderedImage, Rendering } from "../dockerfile/build-context.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { Unavailable } from "../recipe/unavailable.ts";
import type { EngineInfo } from "./engine.ts";
import type { ImageFacts } from "./image-facts.ts";

/** A plan as a Dockerfile: `renderImage` with its settings filled in. No image where a diagnostic is an error. */
export type RenderPlan = (
  plan: ImagePlan,
  rendering: Rendering,
) => { readonly image: RenderedImage | null; readonly diagnostics: readonly Diagnostic[] };

export interface BuildSettings {
  readonly render: RenderPlan;
  /** What checks inside containers need; build steps get theirs from `render`. */
  readonly network: NetworkSettings;
  readonly signal: AbortSignal;
  /** Null: BuildKit where the engine has it. */
  readonly builder: "buildkit" | "classic" | null;
  /** Which images are built anew, every step of them, also where they are current. */
  readonly noCache: (plan: ImagePlan) => boolean;
  /** Images whose inline cache may be used. */
  readonly cacheFrom: readonly string[];
  /** Stores cache metadata in the images; BuildKit only. */
  readonly inlineCache: boolean;
  /** How many images are built at once. */
  readonly concurrency: number;
  /** Further tags of an image, by its planned tag. */
  readonly aliases: (tag: string) => readonly string[];
  /** Keeps facts by image id; called before the image is tagged. */
  readonly storeFacts: (facts: ImageFacts) => Promise<void>;
  /**
   * Plans an image anew without what cannot be had; null: it cannot do without. Not asked about stages that are marked
   * optional.
   */
  readonly replan: (plan: ImagePlan, unavailable: Unavailable) => ImagePlan | null;
}

/** Everything but what has no sensible default. */
export const defaultBuildSettings = {
  builder: null,
  noCache: () => false,
  cacheFrom: [],
  inlineCache: false,
  concurrency: 3,
  aliases: () => [],
  replan: () => null,
} satisfies Partial<BuildSettings>;

/** Which builder a build goes to. */
export function builderOf(
  { builder }: Pick<BuildSettings, "builder">,
  info: EngineInfo,
): "buildkit" | "classic" {
  return builder ?? (info.buildkit ? "buildkit" : "classic");
}
