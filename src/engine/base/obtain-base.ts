import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ExternalBase } from "../../plan/external-base.ts";
import type { Platform } from "../../plan/image-plan.ts";
import type { Engine, ImageDetails, TransferProgress } from "../engine.ts";
import { formatImageName, formatRepository, requireImageName } from "../port/image-name.ts";
import { bootstrapBase } from "./obtain-base-bootstrap.ts";
import { pullBase } from "./obtain-base-pull.ts";

export interface ObtainBaseOptions {
  /** The image that the user named, with a tag or a digest; null: Debian's bookworm-slim. */
  readonly named: string | null;
  /** What was obtained before, if anything. */
  readonly recorded: RecordedBase | null;
  readonly platform: Platform;
  /** A Debian mirror for a bootstrap; null: the one that this machine's apt uses. */
  readonly aptMirror: string | null;
  /** Asks the registry or the mirror again, also where an image is at hand. */
  readonly refresh: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BaseProgress) => void;
  /** Absolute path; by default the one of this package. */
  readonly bootstrapScript?: string;
}

export type BaseOrigin = "named" | "pulled" | "bootstrapped";

export interface RecordedBase extends ExternalBase {
  readonly origin: BaseOrigin;
}

/** A base that the engine has. `digest` is null where no registry knows the image. */
export interface ObtainedBase extends RecordedBase {
  readonly imageId: string;
}

export type BaseProgress =
  | ({ readonly type: "pulling"; readonly reference: string } & TransferProgress)
  | { readonly type: "bootstrapping"; readonly line: string };

export const debianReference = "debian:bookworm-slim";
export const bootstrappedReference = "skillcrate-debian:bookworm-slim";

/**
 * The image below all others, in the engine. In this order: the one that was named; the one recorded before; Debian's
 * official image or a bootstrapped one at hand; the official one from the registry; a bootstrap from a Debian mirror.
 * Throws `BASE_UNAVAILABLE` with every way that was tried and why it failed, and at once what has nothing to do with
 * the way (the engine is down, its disk is full, the signal).
 */
export async function obtainBase(engine: Engine, options: ObtainBaseOptions): Promise<ObtainedBase> {
  const attempts: Attempt[] = [];
  for (const way of waysTo(options)) {
    const result = await way(engine, options);
    if (typeof result !== "string") return result;
    attempts.push(result);
  }
  throw unavailable(attempts);
}

/**
 * The very base that a lock names, from the engine or by its digest from the registry. Throws `BASE_UNAVAILABLE`, and
 * what {@link obtainBase} throws at once.
 */
export async function obtainLockedBase(
  engine: Engine,
  base: ExternalBase,
  options: Pick<ObtainBaseOptions, "platform" | "signal" | "onProgress">,
): Promise<void> {
  const way = haveRecorded({ ...base, origin: "pulled" });
  const result = await way(engine, {
    ...options,
    named: null,
    recorded: null,
    aptMirror: null,
    refresh: false,
  });
  if (typeof result === "string") throw unavailable([result]);
}

/** Why a way did not work, with what was tried. */
type Attempt = string;
type Way = (engine: Engine, options: ObtainBaseOptions) => Promise<ObtainedBase | Attempt>;

function waysTo({ named, recorded, refresh }: ObtainBaseOptions): readonly Way[] {
  if (named !== null) {
    const atHand = haveAtHand(named, "named");
    const pulled = pullNamed(named, "named");
    return refresh ? [pulled, atHand] : [atHand, pulled];
  }
  const known = recorded === null || recorded.origin === "named" ? [] : [haveRecorded(recorded)];
  const atHand = [haveAtHand(debianReference, "pulled"), haveAtHand(bootstrappedReference, "bootstrapped")];
  const anew = [pullNamed(debianReference, "pulled"), bootstrap];
  return refresh ? anew : [...known, ...atHand, ...anew];
}

/** The bytes that were recorded, from the engine or by their digest from the registry. */
function haveRecorded(recorded: RecordedBase): Way {
  return async (engine, options) => {
    const { reference, digest, imageId, origin } = recorded;
    const exact = digest === null ? imageId : `${reference}@${digest}`;
    if (exact === null) return `${reference}: nothing was recorded that tells which image it was`;
    const here = await describeBase(engine, exact, reference, origin, options);
    if (typeof here !== "string" || digest === null) return here;
    const failure = await pullBase(engine, exact, options);
    return failure ?? (await describeBase(engine, exact, reference, origin, options));
  };
}

function haveAtHand(reference: string, origin: BaseOrigin): Way {
  return async (engine, options) => {
    const base = await describeBase(engine, reference, reference, origin, options);
    // Somebody's own image by that name is not Debian's: only a registry gives digests.
    const unknown = typeof base !== "string" && origin === "pulled" && base.digest === null;
    return unknown ? `${reference}: the engine's image by that name did not come from a registry` : base;
  };
}

function pullNamed(reference: string, origin: BaseOrigin): Way {
  return async (engine, options) => {
    const failure = await pullBase(engine, reference, options);
    return failure ?? (await describeBase(engine, reference, reference, origin, options));
  };
}

const bootstrap: Way = async (engine, options) => {
  const failure = await bootstrapBase(engine, bootstrappedReference, options);
  return (
    failure ??
    (await describeBase(engine, bootstrappedReference, bootstrappedReference, "bootstrapped", options))
  );
};

async function describeBase(
  engine: Engine,
  exact: string,
  reference: string,
  origin: BaseOrigin,
  { platform, signal }: ObtainBaseOptions,
): Promise<ObtainedBase | Attempt> {
  const image = await engine.images.inspect(exact, signal);
  if (image === null) return `${reference}: the engine does not have it`;
  const actual = `linux/${image.architecture}`;
  if (actual !== platform) return `${reference}: the engine has it for ${actual}, not for ${platform}`;
  const name = requireImageName(reference);
  return {
    reference: formatImageName({ ...name, digest: null }),
    digest: name.digest ?? digestIn(image, formatRepository(name)),
    imageId: image.id,
    origin,
  };
}

/** An engine names the repository as short as it can: `debian@sha256:…` also for `docker.io/library/debian`. */
function digestIn({ repoDigests }: ImageDetails, repository: string): string | null {
  const entry = repoDigests
    .map((text) => text.split("@"))
    .find(
      ([owner]) =>
        owner === repository ||
        `docker.io/library/${owner}` === repository ||
        `docker.io/${owner}` === repository,
    );
  return entry?.[1] ?? null;
}

function unavailable(attempts: readonly Attempt[]): SkillcrateError {
  const tried = attempts.map((attempt) => `\n  ${attempt}`).join("");
  return new SkillcrateError("BASE_UNAVAILABLE", `no base image could be had${tried}`, {
    hint: unavailableHint,
  });
}

const unavailableHint =
  "Name an image that this engine has or can pull, or a Debian mirror that this machine reaches:\n" +
  "--base-image <reference>\n" +
  "--apt-mirror <url>";
