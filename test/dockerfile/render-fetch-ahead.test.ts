import { expect, test } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderFetchAhead } from "../../src/dockerfile/render-fetch-ahead.ts";
import { apt, builtInPlan, npm, plannedFor } from "../plan/planning.ts";
import { outline, rendered } from "./rendering.ts";

const base = builtInPlan("base");
const skills = plannedFor([{ name: "video", bins: { ffmpeg: apt("ffmpeg"), tree: apt("tree") } }]);
const withoutPackages = plannedFor([
  { name: "porter", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) } },
]);
const corp = { ...noNetworkSettings, aptMirror: "http://user:canary@mirror.corp/debian" };

test("packages of the images above go into their own caches, without those of the image below", () => {
  const image = renderFetchAhead(base, [skills, withoutPackages], corp);
  const blocks = image?.dockerfile.trimEnd().split("\n\n") ?? [];
  const below = base.layers.flatMap((layer) => (layer.kind === "packages" ? layer.packages : []));
  expect(below).toContain("git");
  expect(outline(blocks[2] ?? "")).toEqual([
    `${blocks[1]?.split("\n")[0]?.replace("apt-lists", "fetch-ahead")}`,
    "USER root",
    `RUN <apt-lists> <skillcrate-apt-mine> <.skillcrate/apt> fetch-packages ${below.join(" ")} -- ffmpeg tree`,
  ]);
  expect(image?.dockerfile).not.toContain("canary");
});

test("the index is read by the very step of the lowest image, so that it is read once", () => {
  const lists = (dockerfile = "") => dockerfile.split("\n\n").find((block) => block.includes("AS apt-lists"));
  const image = renderFetchAhead(base, [skills], corp);
  expect(lists(image?.dockerfile)).toBe(lists(rendered(base, "buildkit", corp).dockerfile));
  const settings = image?.context.filter(({ path }) => path !== "Dockerfile");
  expect(rendered(base, "buildkit", corp).context).toEqual(expect.arrayContaining(settings ?? []));
});

test("nothing is fetched where no image above has packages, or they are locked, or a value is refused", () => {
  const locked = { ...skills, locked: { indexReadAt: "20260102T030405Z", parts: {} } };
  const layers = [{ kind: "packages", id: "p", title: "", requestedBy: [], packages: ["-oX"] }] as const;
  for (const above of [[], [withoutPackages], [locked], [{ ...skills, layers }]]) {
    expect(renderFetchAhead(base, above, noNetworkSettings)).toBeNull();
  }
});
