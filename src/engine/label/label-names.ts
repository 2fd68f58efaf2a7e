/** Labels of images. Every one is set on every image of ours, since an image inherits those of the image below. */
export const imageLabels = {
  /** The plan's hash, as it was asked for: equal means there is nothing to build. */
  plan: "dev.skillcrate.plan",
  image: "dev.skillcrate.image",
  /** Id of the image below. */
  base: "dev.skillcrate.base",
  /** Digest of the topmost layer: it tells an image of ours from one that somebody built upon it. */
  topLayer: "dev.skillcrate.top-layer",
  /**
   * `stage` on what the classic builder leaves of each step (its cache), and on the step's container. `building <run>` on a whole image until every
   * promise has been kept, then `verified`.
   */
  state: "dev.skillcrate.state",
  /** Short ids of the stages that an image was made from, apart by spaces; empty where BuildKit built it. */
  stages: "dev.skillcrate.stages",
  /** JSON: binary → version, or null where it only shows usage text. */
  binaries: "dev.skillcrate.binaries",
  /** JSON: binary → arguments that show its version, where they are not `--version`. */
  versionArgs: "dev.skillcrate.version-args",
  /** JSON: `language kind-of-name name` → version, or null where it does not say. */
  libraries: "dev.skillcrate.libraries",
  /** JSON: a list of `{package, bins, reason}`. */
  leftOut: "dev.skillcrate.left-out",
  /** SHA-256 over the Debian packages and their versions. */
  packages: "dev.skillcrate.packages",
  title: "org.opencontainers.image.title",
  /** The tag that the image was built for. */
  refName: "org.opencontainers.image.ref.name",
  description: "org.opencontainers.image.description",
  version: "org.opencontainers.image.version",
  baseName: "org.opencontainers.image.base.name",
  baseDigest: "org.opencontainers.image.base.digest",
} as const;

export const verifiedState = "verified";
export const buildingState = "building";
export const stageState = "stage";

/** The label `dev.skillcrate.made=base` of a bootstrapped Debian base. */
export const madeLabel = { key: "dev.skillcrate.made", base: "base" } as const;

/** The label of every container that is made for one moment; its value tells which process needs it. */
export const runLabel = "dev.skillcrate.run";
