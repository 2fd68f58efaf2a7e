import { expect, test } from "vitest";
import type { RenderedImage } from "../../../src/dockerfile/build-context.ts";
import { placesOf, placesOfStep, titleOfStep } from "../../../src/engine/build/build-image-places.ts";
import type { ImagePlan, Requester } from "../../../src/plan/image-plan.ts";

function asks(skill: string, line: number): Requester {
  return { skill, bin: "x", place: { file: `/${skill}/SKILL.md`, line, column: 3 } };
}

const dockerfile = `# first line

FROM debian AS python-client
USER root
ARG APT_EPOCH=1
RUN ["sh","-ec","install"]

FROM python-client AS python-tool
RUN ["sh","-ec","pip"]

FROM debian
USER root
RUN ["sh","-ec","apt"]
COPY --from=python-tool ["/opt/a","/opt/a"]
ENV A="1"
WORKDIR /workspace
USER sandbox
`;

const ids: Readonly<Record<number, string>> = {
  6: "python-client",
  9: "python-tool",
  13: "apt",
  14: "trees",
};

const rendered: RenderedImage = {
  rendering: "portable",
  dockerfile,
  context: [],
  buildArgs: {},
  origins: Object.entries(ids).map(([line, id]) => ({ line: Number(line), id })),
};

const plan = {
  stages: [
    { kind: "toolchain", id: "python-client", packages: [], alone: [] },
    {
      kind: "tree",
      ecosystem: "python",
      id: "python-tool",
      toolchain: "python-client",
      requestedBy: [asks("tool", 7)],
    },
  ],
  layers: [
    {
      kind: "packages",
      id: "apt",
      title: "",
      packages: [],
      requestedBy: [asks("b", 2), asks("a", 9), asks("a", 2), asks("b", 2)],
    },
    { kind: "trees", id: "trees", title: "", trees: [], requestedBy: [asks("tool", 8)] },
  ],
} as unknown as ImagePlan;

test.each([
  // BuildKit counts what does something, stage by stage.
  ["[python-client 2/2] RUN …", ["/tool/SKILL.md:7"]],
  ["[python-tool 2/2] RUN …", ["/tool/SKILL.md:7"]],
  ["[stage-2 2/4] RUN …", ["/a/SKILL.md:2", "/a/SKILL.md:9", "/b/SKILL.md:2"]],
  ["[linux/arm64 stage-2 2/4] RUN …", ["/a/SKILL.md:2", "/a/SKILL.md:9", "/b/SKILL.md:2"]],
  ["[stage-2 3/4] COPY …", ["/tool/SKILL.md:8"]],
  // Numbers are padded to the width of the count.
  ["[stage-2  3/14] COPY …", ["/tool/SKILL.md:8"]],
  // The classic builder counts every instruction, Podman those of a stage.
  ["[4/13] RUN …", ["/tool/SKILL.md:7"]],
  ["[6/13] RUN …", ["/tool/SKILL.md:7"]],
  ["[9/13] RUN …", ["/a/SKILL.md:2", "/a/SKILL.md:9", "/b/SKILL.md:2"]],
  ["[3.3/7] RUN …", ["/a/SKILL.md:2", "/a/SKILL.md:9", "/b/SKILL.md:2"]],
  // Nobody asked for these.
  ["[stage-2 1/4] FROM debian", []],
  ["[internal] load build context", []],
  ["[stage-9 1/4] RUN", []],
  ["[99/99] RUN", []],
  ["exporting to image", []],
])("%s", (title, places) => {
  expect(placesOfStep(plan, rendered, title).map(({ file, line }) => `${file}:${line}`)).toEqual(places);
});

test("without a stage's name BuildKit means the only stage there is", () => {
  const one = {
    ...rendered,
    dockerfile: 'FROM debian\nUSER root\nENV A="1"\nRUN x\n',
    origins: [{ line: 4, id: "apt" }],
  };
  expect(placesOfStep(plan, one, "[2/2] RUN x")).toHaveLength(3);
  expect(placesOfStep(plan, one, "[4/4] RUN x")).toHaveLength(3);
});

test("requesters without a place have none", () => {
  expect(placesOf([{ skill: "images/base.json5", bin: "git" }])).toEqual([]);
});

test("a label that tells a builder's leavings apart is one word", () => {
  const shown = '[2/14] LABEL "dev.skillcrate.state"="stage"';
  expect(titleOfStep(plan, rendered, shown)).toBe("label");
  expect(titleOfStep(plan, rendered, '[2/14] LABEL "org.example"="x"')).toContain("org.example");
});

test.each([
  [[], [], "python-client (stage)"],
  [["python3-pip"], [], "apt python3-pip (stage)"],
  [[], ["novnc"], "apt novnc (stage)"],
])("a stage of tools is named for its packages: %j, of which folders %j", (packages, alone, title) => {
  const stage = { kind: "toolchain", id: "python-client", packages, alone } as const;
  const named = titleOfStep({ ...plan, stages: [stage] }, rendered, "[python-client 2/2] RUN …");
  expect(named).toBe(title);
});
