import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { debianReference } from "../engine/base/obtain-base.ts";
import type { ExternalBase } from "../plan/external-base.ts";
import type { Platform } from "../plan/image-plan.ts";
import { defaultStateDir } from "../source/default-state-dir.ts";
import { openState, type State } from "../source/open-state.ts";
import type { Surroundings } from "./command.ts";
import type { PlanGround } from "./plan-images.ts";

export function openDefaultState({ env, homeDir }: Pick<Surroundings, "env" | "homeDir">): State {
  return openState(defaultStateDir(env, homeDir));
}

/**
 * What is remembered of this machine's base image and apt index, without asking an engine. A base that was never
 * obtained, or another one than is named, has neither digest nor id.
 */
export async function readPlanGround(
  state: State,
  platform: Platform,
  baseImage: string | null,
): Promise<{ readonly ground: PlanGround; readonly diagnostics: readonly Diagnostic[] }> {
  const [bases, epoch] = await Promise.all([state.base.read(), state.aptEpoch.read()]);
  const last = bases.value.platforms[platform];
  // One that was named holds for the command that named it.
  const remembered = last?.origin === "named" && baseImage === null ? undefined : last;
  const reference = baseImage ?? remembered?.reference ?? debianReference;
  const base: ExternalBase =
    remembered !== undefined && remembered.reference === reference
      ? { reference, digest: remembered.digest, imageId: remembered.imageId }
      : { reference, digest: null, imageId: null };
  return {
    ground: { platform, base, aptEpoch: epoch.value.epoch },
    diagnostics: [...bases.diagnostics, ...epoch.diagnostics],
  };
}
