import { describe, expect, test } from "vitest";
import type { ImageDetails } from "../../../src/engine/engine.ts";
import type { BinaryFacts, ImageFacts, LibraryFacts } from "../../../src/engine/image-facts.ts";
import { requireSameLayers } from "../../../src/engine/label/label-image.ts";
import { labelInstruction } from "../../../src/engine/label/label-instruction.ts";
import { imageLabels } from "../../../src/engine/label/label-names.ts";
import { readImageLabels } from "../../../src/engine/label/label-reader.ts";
import { labelValues, versionToken } from "../../../src/engine/label/label-values.ts";
import { handMadePlan } from "../../support/hand-made-plan.ts";

const plan = handMadePlan({ name: "tools", tag: "t-tools:1", below: "debian:test", steps: [] });

function imageOf(layers: readonly string[], labels: Readonly<Record<string, string>> = {}): ImageDetails {
  return {
    id: "sha256:built",
    tags: [],
    repoDigests: [],
    sizeBytes: 1,
    labels,
    layers,
    env: [],
    user: "",
    architecture: "amd64",
    created: "2026-01-01T00:00:00Z",
  };
}

function binary(
  name: string,
  version: string | null,
  versionArgs: readonly string[] | null = ["--version"],
): BinaryFacts {
  const found = { sh: true, shLogin: true, bashLogin: true, exec: true, unknownUid: true };
  return { name, path: `/usr/bin/${name}`, version, versionArgs, found, ok: true, problem: null };
}

function factsOf(...binaries: readonly BinaryFacts[]): ImageFacts {
  return {
    format: "skillcrate/image-facts@1",
    imageId: "sha256:built",
    platform: "linux/amd64",
    user: { name: "sandbox", uid: 1000, gid: 1000, home: "/home/sandbox" },
    binaries,
    libraries: [library("node", "@scope/pdf-lib", "1.17.1"), library("python", "google.protobuf", null)],
    packages: { jq: "1.6-2.1" },
  };
}

function library(language: "node" | "python", name: string, version: string | null): LibraryFacts {
  return { language, naming: "module", name, version, ok: true, problem: null };
}

const built = imageOf(["sha256:1", "sha256:2"]);
const below = { ...imageOf(["sha256:1"]), id: "sha256:below" };
const leftOut = [{ package: "uv", bins: ["uv"], reason: 'no "route"' }];

function labelsOf(...binaries: readonly BinaryFacts[]): Readonly<Record<string, string>> {
  return labelValues({
    plan,
    below,
    built,
    facts: factsOf(...binaries),
    leftOut,
    stages: ["0123456789ab", "ba9876543210"],
  });
}

describe("labels", () => {
  const labels = labelsOf(
    binary("ffmpeg", "ffmpeg version 5.1.9-0+deb12u1 Copyright", ["-version"]),
    binary("which", null),
  );

  test("are all there on every image, for those of the image below would be inherited", () => {
    expect(Object.keys(labels).sort()).toEqual(Object.values(imageLabels).sort());
  });

  test("tell no time", () => {
    expect(JSON.stringify(labels)).not.toMatch(/20\d\d-\d\d-\d\d/);
    expect(labelsOf()).toEqual(labelsOf());
  });

  test("name the base by its registry's digest, or by its id where no registry knows it", () => {
    expect(labels["org.opencontainers.image.base.digest"]).toBe("sha256:below");
    const pulled = {
      ...plan,
      below: { kind: "external", reference: "debian:1", digest: "sha256:abc", imageId: "sha256:below" },
    } as const;
    expect(
      labelValues({ plan: pulled, below, built, facts: factsOf(), leftOut: [], stages: [] }),
    ).toMatchObject({
      "org.opencontainers.image.base.name": "debian:1",
      "org.opencontainers.image.base.digest": "sha256:abc",
      "dev.skillcrate.base": "sha256:below",
      "dev.skillcrate.left-out": "[]",
    });
  });

  test("can be read back", () => {
    expect(readImageLabels(imageOf(built.layers, labels))).toEqual({
      planHash: plan.hash,
      name: "tools",
      tag: "t-tools:1",
      belowId: "sha256:below",
      binaries: [
        { name: "ffmpeg", version: "5.1.9-0+deb12u1", versionArgs: ["-version"] },
        { name: "which", version: null, versionArgs: null },
      ],
      libraries: [
        { language: "node", naming: "module", name: "@scope/pdf-lib" },
        { language: "python", naming: "module", name: "google.protobuf" },
      ],
      leftOut,
      stages: ["0123456789ab", "ba9876543210"],
    });
  });

  test("name no library that an interpreter would take for an option", () => {
    const odd = { "python module -c": null, "node module ok": "1", "ruby module x": null, "node x y": null };
    const image = imageOf(built.layers, { ...labels, [imageLabels.libraries]: JSON.stringify(odd) });
    expect(readImageLabels(image)?.libraries).toEqual([{ language: "node", naming: "module", name: "ok" }]);
  });

  test("are not those of an image that was built upon ours, nor of an unfinished one", () => {
    expect(readImageLabels(imageOf([...built.layers, "sha256:3"], labels))).toBeNull();
    expect(
      readImageLabels(imageOf(built.layers, { ...labels, [imageLabels.state]: "building x" })),
    ).toBeNull();
    expect(readImageLabels(imageOf([], {}))).toBeNull();
  });

  test("of a strange form are passed over", () => {
    const strange = {
      ...labels,
      [imageLabels.binaries]: '{"-rf": "1", "jq": 7, "a b": null, "ok": "1.0"}',
      [imageLabels.versionArgs]: '{"ok": "-V"}',
      [imageLabels.leftOut]: "[1, {}",
      [imageLabels.stages]: "../0123456789ab 0123456789a/ 0123",
    };
    expect(readImageLabels(imageOf(built.layers, strange))).toMatchObject({
      binaries: [
        { name: "jq", version: null, versionArgs: null },
        { name: "ok", version: "1.0", versionArgs: null },
      ],
      leftOut: [],
      stages: [],
    });
  });

  test("stay short of what a Dockerfile's line can hold", () => {
    const many = Array.from({ length: 1500 }, (_, index) =>
      binary(`tool-${index}`, `tool ${"1.2".repeat(8)}`),
    );
    const text = labelsOf(...many)[imageLabels.binaries] ?? "";
    expect(text.length).toBeLessThan(40_000);
    expect(Object.keys(JSON.parse(text))).toHaveLength(1500);
  });
});

test.each([
  ["jq-1.6", "1.6"],
  ["curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1", "7.88.1"],
  ["go version go1.19.8 linux/amd64", "1.19.8"],
  ["less 590 (GNU regular expressions)", "590"],
  ["xxd 2022-01-14 by Juergen", "2022-01-14"],
  ["v18.20.4", "18.20.4"],
  ["ffmpeg version 5.1.9-0+deb12u1 Copyright", "5.1.9-0+deb12u1"],
  ["sha256sum (GNU coreutils) 9.1", "9.1"],
  ["w3m version w3m/0.5.3+git20230121, options lang=en", "0.5.3+git20230121"],
  ["x11vnc: 0.9.16 lastmod: 2019-01-05", "0.9.16"],
  ["w3m", null],
  ["tool 1.2.", "1.2"],
  ["a line", null],
])("the version in %j", (line, token) => {
  expect(versionToken(line)).toBe(token);
});

describe("the instruction", () => {
  test("takes every printable character as it is", () => {
    expect(labelInstruction({ a: 'say "$HOME" \\ `id`', b: "" })).toBe(
      'LABEL "a"="say \\"\\$HOME\\" \\\\ `id`" "b"=""',
    );
  });

  test.each(["a\nRUN id", "a\rb", "\u2028", "a\u0000"])("refuses %j", (value) => {
    expect(() => labelInstruction({ a: value })).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});

describe("a labelled image", () => {
  const before = imageOf(["sha256:a", "sha256:b"]);

  test("has the layers that it had", () => {
    expect(() => requireSameLayers(before, imageOf(before.layers, { a: "b" }))).not.toThrow();
  });

  test.each([
    ["one more layer", imageOf([...before.layers, "sha256:c"])],
    ["one less", imageOf(["sha256:a"])],
    ["another one", imageOf(["sha256:a", "sha256:c"])],
    ["gone", null],
  ])("is refused with %s", (_, after) => {
    expect(() => requireSameLayers(before, after)).toThrow(
      expect.objectContaining({ code: "ENGINE_PROTOCOL" }),
    );
  });
});
