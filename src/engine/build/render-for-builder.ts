import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { RenderedImage } from "../../dockerfile/build-context.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { RenderPlan } from "../build-settings.ts";
import { markStages } from "./mark-stages.ts";

/** A plan as the builder is sent it. Throws `INPUT_INVALID` with what forbids it. */
export function renderForBuilder(
  plan: ImagePlan,
  builder: "buildkit" | "classic",
  render: RenderPlan,
): { readonly image: RenderedImage; readonly diagnostics: readonly Diagnostic[] } {
  const { image, diagnostics } = render(plan, builder === "buildkit" ? "buildkit" : "portable");
  if (image !== null) return { image: builder === "buildkit" ? image : markStages(image), diagnostics };
  throw new SkillcrateError("INPUT_INVALID", `${plan.name} cannot be written as a Dockerfile`, {
    hint: "See the problems listed with it.",
    diagnostics,
  });
}
