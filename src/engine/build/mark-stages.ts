import type { RenderedImage } from "../../dockerfile/build-context.ts";
import { labelInstruction } from "../label/label-instruction.ts";
import { imageLabels, stageState } from "../label/label-names.ts";

/**
 * Labels what the classic builder leaves of each step, so that it can be found again: a `LABEL` at the head of every
 * stage that stands on no other, always the same one, since the builder's cache would miss with another.
 */
export function markStages(rendered: RenderedImage): RenderedImage {
  const label = labelInstruction({ [imageLabels.state]: stageState });
  const stages = new Set<string>();
  const lines: string[] = [];
  /** Where each line went, from 1 on both sides. */
  const places: number[] = [];
  for (const line of rendered.dockerfile.split("\n")) {
    places.push(lines.push(line));
    const from = /^FROM (\S+)(?: AS (\S+))?$/.exec(line);
    if (from === null) continue;
    if (!stages.has(from[1] ?? "")) lines.push(label);
    if (from[2] !== undefined) stages.add(from[2]);
  }
  const dockerfile = lines.join("\n");
  const content = new TextEncoder().encode(dockerfile);
  return {
    ...rendered,
    dockerfile,
    context: rendered.context.map((file) => (file.path === "Dockerfile" ? { ...file, content } : file)),
    origins: rendered.origins.map(({ line, id }) => ({ line: places[line - 1] ?? line, id })),
  };
}
