import { expect, test } from "vitest";
import type { RenderedImage } from "../../../src/dockerfile/build-context.ts";
import { markStages } from "../../../src/engine/build/mark-stages.ts";

const label = 'LABEL "dev.skillcrate.state"="stage"';
const dockerfile = [
  "# first line",
  "",
  "FROM debian AS tools",
  "RUN one",
  "",
  "FROM tools AS tree",
  "RUN two",
  "",
  "FROM debian",
  "RUN three",
  "",
].join("\n");

function render(text: string): RenderedImage {
  const origins = text
    .split("\n")
    .flatMap((line, index) => (line === "" ? [] : [{ line: index + 1, id: line }]));
  const context = [
    { path: "Dockerfile", mode: 0o644, content: Buffer.from(text) },
    { path: "file", mode: 0o755, content: Buffer.from("x") },
  ];
  return { rendering: "portable", dockerfile: text, context, buildArgs: { a: "b" }, origins };
}

test("every stage that stands on no other begins with the label, and so do those upon it", () => {
  const marked = markStages(render(dockerfile));
  const lines = marked.dockerfile.split("\n");
  expect(lines.filter((line) => line === label)).toHaveLength(2);
  expect(lines[lines.indexOf("FROM debian AS tools") + 1]).toBe(label);
  expect(lines[lines.indexOf("FROM debian") + 1]).toBe(label);
  expect(lines.filter((line) => line !== label).join("\n")).toBe(dockerfile);
  expect(new TextDecoder().decode(marked.context[0]?.content)).toBe(marked.dockerfile);
  expect(marked.context[1]).toEqual(render(dockerfile).context[1]);
});

test("each instruction keeps its origin", () => {
  const marked = markStages(render(dockerfile));
  const lines = marked.dockerfile.split("\n");
  for (const { line, id } of marked.origins) expect(lines[line - 1]).toBe(id);
});
