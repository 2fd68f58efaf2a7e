import type { ErrorCode } from "../../diagnostic/error-codes.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../engine.ts";
import type { ObtainBaseOptions } from "./obtain-base.ts";

/** A registry that is there sends its first byte sooner than this. */
const firstByteMs = 10_000;

/** Null where the image was pulled, else why not. */
export async function pullBase(
  engine: Engine,
  reference: string,
  { platform, signal, onProgress }: ObtainBaseOptions,
): Promise<string | null> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), firstByteMs);
  try {
    await engine.registry.pull(
      reference,
      engine.info.platform === platform ? null : platform,
      (progress) => {
        clearTimeout(timer);
        onProgress({ type: "pulling", reference, ...progress });
      },
      AbortSignal.any([signal, waiting.signal]),
    );
    return null;
  } catch (error) {
    if (!(error instanceof SkillcrateError) || signal.aborted) throw error;
    if (waiting.signal.aborted) return `${reference}: no registry answered within ${firstByteMs / 1000} s`;
    if (registryFailures.includes(error.code)) return `${reference}: ${error.message}`;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const registryFailures: readonly ErrorCode[] = [
  "CREDENTIALS_FAILED",
  "ENGINE_REFUSED",
  "IMAGE_NOT_FOUND",
  "REGISTRY_DENIED",
  "REGISTRY_FAILED",
];
