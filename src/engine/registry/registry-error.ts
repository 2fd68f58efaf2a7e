import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { noSpace, saysNoSpace } from "../port/engine-error.ts";
import type { ImageName } from "../port/image-name.ts";
import { hostOf } from "./registry-credentials.ts";

/**
 * Why a transfer failed. The engine passes on what the registry said as text, under whatever status; the phrases are
 * those of the distribution API and of Docker and Podman themselves.
 */
export function registryError(text: string, doing: string, name: ImageName): SkillcrateError {
  const message = `cannot ${doing}: ${escapeText(text.trim())}`;
  const registry = name.registry ?? "";
  if (saysNoSpace(text)) return noSpace(message);
  if (/manifest unknown|manifest for .* not found|does not exist|no such image|name unknown/i.test(text)) {
    return new SkillcrateError("IMAGE_NOT_FOUND", message, {
      hint: `Check the name and the tag; a private image asks for: docker login ${registry}`.trimEnd(),
    });
  }
  if (/unauthorized|authentication required|no basic auth credentials|denied|forbidden/i.test(text)) {
    return new SkillcrateError("REGISTRY_DENIED", message, { hint: `docker login ${registry}`.trimEnd() });
  }
  return new SkillcrateError("REGISTRY_FAILED", message, {
    hint: `Check that the engine can reach ${registry === "" ? "its default registry" : quoteValue(hostOf(registry))}`,
  });
}
