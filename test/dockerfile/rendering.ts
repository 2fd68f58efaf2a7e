import type { RenderedImage, Rendering } from "../../src/dockerfile/build-context.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { builtInSpecs } from "../plan/planning.ts";

const contents: Record<string, Uint8Array> = Object.assign(
  {},
  ...builtInSpecs.map((loaded) => loaded.contents),
);

/** A plan rendered; throws where that is refused. */
export function rendered(
  plan: ImagePlan,
  rendering: Rendering,
  network: Partial<NetworkSettings> = {},
): RenderedImage {
  const { image, diagnostics } = renderImage(plan, {
    rendering,
    network: { ...noNetworkSettings, ...network },
    contents,
  });
  if (image === null) throw new Error(JSON.stringify(diagnostics));
  return image;
}

/** The words of a line that runs something: mounts, and then the exec form's. */
export function runWords(line: string): { mounts: string[]; words: string[] } {
  const [, flags = "", json = ""] = /^RUN ((?:--mount=\S+ )*)(\[.*\])$/.exec(line) ?? [];
  const words: unknown = JSON.parse(json);
  if (!Array.isArray(words)) throw new Error(`not in exec form: ${line}`);
  return { mounts: flags.split(" ").filter((flag) => flag !== ""), words: words.map(String) };
}

/** The Dockerfile with the name of each script in place of its text, and mounts in short. */
export function outline(dockerfile: string): string[] {
  return dockerfile.split("\n").map((line) => {
    if (!line.startsWith("RUN ")) return line;
    const { mounts, words } = runWords(line);
    const short = mounts.map((mount) => `<${/(?:from|id|source)=([^,]+)/.exec(mount)?.[1]}>`);
    return ["RUN", ...short, ...words.slice(3)].join(" ");
  });
}

/** The text of a file of the context; null where there is none. */
export function contextText(image: RenderedImage, path: string): string | null {
  const file = image.context.find((candidate) => candidate.path === path);
  return file === undefined ? null : new TextDecoder().decode(file.content);
}
