import { describe, expect, test } from "vitest";
import type { BuildEvent } from "../../src/engine/build-event.ts";
import type { BinaryFacts } from "../../src/engine/image-facts.ts";
import { displayWidth } from "../../src/report/display-width.ts";
import { followBuildsAsJson } from "../../src/report/follow-builds-as-json.ts";
import { followBuildsLive } from "../../src/report/follow-builds-live.ts";
import { followBuildsPlainly } from "../../src/report/follow-builds-plainly.ts";
import { createStyle } from "../../src/report/style.ts";
import { withoutColors } from "../../src/report/without-colors.ts";
import { plainStyle } from "./plain-style.ts";

const facts: BinaryFacts = {
  name: "jq",
  path: "/usr/bin/jq",
  version: "jq-1.6",
  versionArgs: ["--version"],
  found: { sh: true, shLogin: true, bashLogin: true, exec: true, unknownUid: true },
  ok: true,
  problem: null,
};

const twoImages: readonly BuildEvent[] = [
  { type: "image-started", image: "base", tag: "p-sandbox:slim", hash: "0" },
  { type: "image-started", image: "skills", tag: "p-sandbox-skills:x", hash: "1" },
  { type: "step-started", image: "base", step: "1", title: "apt bash curl" },
  { type: "step-started", image: "skills", step: "1", title: "npm mcporter@0.7.3" },
  { type: "step-progress", image: "base", step: "1", bytes: 4_200_000, totalBytes: 133_000_000 },
  {
    type: "step-log",
    image: "skills",
    step: "1",
    text: "added 3 packages\rdone \u001b[31mred\u001b[0m\u202e\n",
  },
  { type: "step-done", image: "base", step: "1", cached: false, seconds: 12.3 },
  { type: "step-done", image: "skills", step: "1", cached: true, seconds: 0 },
  { type: "step-started", image: "skills", step: "2", title: "cache of r/c:x" },
  { type: "step-done", image: "skills", step: "2", cached: false, seconds: 1, problem: "not found" },
  { type: "probe-started", image: "base", binaries: 2, libraries: 0 },
  { type: "binary-probed", image: "base", facts },
  {
    type: "binary-probed",
    image: "base",
    facts: { ...facts, name: "rg", ok: false, problem: "exit code 127" },
  },
  {
    type: "image-built",
    image: "base",
    tag: "p-sandbox:slim",
    id: "sha256:0",
    sizeBytes: 214_000_000,
    seconds: 15,
  },
  { type: "image-current", image: "skills", tag: "p-sandbox-skills:x", id: "sha256:1" },
  {
    type: "step-failed",
    image: "browser",
    step: "1",
    title: "apt chromium",
    message: "exit code 100",
    log: [],
  },
  {
    type: "image-failed",
    image: "browser",
    code: "BUILD_FAILED",
    message: "exit code 100",
    hint: "x",
    places: [],
    log: [],
  },
];

const settings = { nowMs: () => 0 };

describe("in a file or pipe", () => {
  test("one line for each step and image that has ended, no control characters", () => {
    let written = "";
    const follower = followBuildsPlainly({
      ...settings,
      style: plainStyle,
      write: (text) => (written += text),
    });
    for (const event of twoImages) follower.event(event);
    follower.end();
    expect(written.split("\n")).toEqual([
      "· base     apt bash curl 12 s",
      "· skills   npm mcporter@0.7.3 cached",
      "! skills   cache of r/c:x: not found",
      "✗ base     rg: exit code 127",
      "✓ base     p-sandbox:slim built in 15 s, 214 MB",
      "✓ skills   p-sandbox-skills:x up to date",
      "✗ browser  apt chromium failed",
      "",
    ]);
  });
});

describe("on a terminal", () => {
  const style = createStyle({ isTTY: true, columns: 60 }, {});

  /** What a terminal shows after these writes: understands "up n rows" and "erase below", as the display uses them. */
  function screen(writes: string): string[] {
    const rows: string[] = [""];
    for (const part of withoutColors(writes)
      .replaceAll("\u001b", "␛")
      .split(/(␛\[\d+A|␛\[0J|\n)/)) {
      const up = /^␛\[(\d+)A$/.exec(part);
      if (up !== null)
        rows.splice(Math.max(rows.length - 1 - Number(up[1]), 0), Number.POSITIVE_INFINITY, "");
      else if (part === "\n") rows.push("");
      else if (part !== "␛[0J") rows[rows.length - 1] = (rows.at(-1) ?? "") + part;
    }
    return rows;
  }

  test("what runs stands below what has ended, and goes away with its end", () => {
    let written = "";
    const write = (text: string) => (written += text);
    const follower = followBuildsLive({ ...settings, style, write, rows: () => 24 });
    for (const event of twoImages.slice(0, 7)) follower.event(event);
    expect(screen(written)).toEqual([
      "· base     apt bash curl 12 s",
      "› skills   npm mcporter@0.7.3 0.0 s done red\\u202e",
      "",
    ]);
    for (const event of twoImages.slice(7)) follower.event(event);
    follower.end();
    expect(screen(written)).toEqual([
      "· base     apt bash curl 12 s",
      "· skills   npm mcporter@0.7.3 cached",
      "! skills   cache of r/c:x: not found",
      "✗ base     rg: exit code 127",
      "✓ base     p-sandbox:slim built in 15 s, 214 MB",
      "✓ skills   p-sandbox-skills:x up to date",
      "✗ browser  apt chromium failed",
      "",
    ]);
  });

  test("running lines never wrap, and never outnumber the terminal's rows", () => {
    let written = "";
    const write = (text: string) => (written += text);
    const follower = followBuildsLive({ ...settings, style, write, rows: () => 6 });
    for (let step = 0; step < 30; step += 1) {
      follower.event({
        type: "step-started",
        image: "base",
        step: `${step}`,
        title: `検索 ${"long title ".repeat(20)}`,
      });
      follower.event({ type: "step-log", image: "base", step: `${step}`, text: "y".repeat(500) });
    }
    follower.event({ type: "image-current", image: "skills", tag: "t", id: "i" });
    const rows = screen(written);
    follower.end();
    expect(rows.length).toBeLessThanOrEqual(6);
    expect(rows.every((row) => displayWidth(row) <= 60)).toBe(true);
  });
});

test("as NDJSON: every event, one line each, in order", () => {
  let written = "";
  const follower = followBuildsAsJson((text) => (written += text));
  for (const event of twoImages) follower.event(event);
  follower.end();
  const lines = written.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(twoImages);
});
