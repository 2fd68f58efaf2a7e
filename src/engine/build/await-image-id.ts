import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { BuildStepEvent } from "../engine.ts";

/** Follows a build to its end and gives the id of its image. */
export async function awaitImageId(
  build: AsyncIterable<BuildStepEvent>,
  onEvent: (event: BuildStepEvent) => void = () => {},
): Promise<string> {
  let id: string | null = null;
  for await (const event of build) {
    onEvent(event);
    if (event.type === "image-id") id = event.id;
  }
  if (id !== null) return id;
  throw new SkillcrateError("ENGINE_PROTOCOL", "a build ended without an image", {
    hint: "Run it again; if it stays so, report the engine's version.",
  });
}
