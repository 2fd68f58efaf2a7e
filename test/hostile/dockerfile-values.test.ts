import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { env, runScript } from "../../src/dockerfile/instruction.ts";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import type { BuildStage, ImagePlan, Layer, TreeStage } from "../../src/plan/image-plan.ts";
import { runWords } from "../dockerfile/rendering.ts";
import { apt, builtInPlan, cargo, go, npm, plannedFor, python } from "../plan/planning.ts";

const skills = plannedFor([
  {
    name: "a",
    bins: {
      fd: apt("fd-find", { fd: "/usr/bin/fdfind" }),
      zx: { ...npm("zx", "8.0.0", ["zx"]), links: { zx: "build/cli.js" } },
      nano: { ...python("nano", "1.0", ["nano"]), extras: ["pdf"] },
      tool: go("example.com/tool", "v1.0.0", "tool"),
      zz: { ...cargo("zz", "1.0.0", ["zz"]), features: ["fast"] },
    },
  },
]);

/** Text that means something to a Dockerfile, a shell, apt, npm, pip or a file system, and is no name of anything. */
const hostile = [
  "jq\nRUN id>/pwn",
  "jq\r\nRUN id",
  "jq;id",
  "`id`",
  "$(id)",
  "$\u007bIFS}id",
  "$HOME",
  "a&&b",
  "a|b",
  "a b",
  '"a"',
  "'a'",
  "a\\",
  "a \\\n",
  "*",
  "-rf",
  "--privileged",
  "",
  "<<EOF",
  "# syntax=evil/frontend",
  "a\u0000b",
  "a\u202eb",
  "ａ",
  "x".repeat(5000),
  "../../etc/passwd",
  "__proto__\n",
];

type Place = readonly [string, (value: string) => ImagePlan, readonly string[]];

const places: readonly Place[] = [
  [
    "a package",
    (value) => inLayer("packages", { packages: ["tree", value] }),
    [
      "bash-",
      "vim+",
      "-oDPkg::Pre-Invoke::=id",
      "./x.deb",
      "x=",
      "lib.*",
      "x/testing",
      "x^",
      "~nx",
      "?name(x)",
      "X",
    ],
  ],
  ["a toolchain's package", (value) => inStage("toolchain", { packages: [value] }), ["bash-", "./x.deb"]],
  [
    "an npm package",
    (value) => inTree("npm", { packages: [{ name: value, version: "1.0.0" }] }),
    [
      "file:..",
      "git+ssh://h/x",
      "user/repo",
      "./x",
      "~/x",
      ".",
      "x.tgz",
      "x.tar.gz",
      "npm:evil",
      "@/x",
      "@a/b/c",
      "--registry=http://h",
    ],
  ],
  [
    "an npm version",
    (value) => inTree("npm", { packages: [{ name: "x", version: value }] }),
    ["latest", "^1.0.0", "npm:evil@1", "file:..", "https://h/x.tgz", "1"],
  ],
  [
    "the platform package of Node",
    (value) => inTree("node", { packages: [{ name: value, version: "1.0.0" }] }),
    ["file:.."],
  ],
  ["the version of npm", (value) => inTree("node", { npm: { name: "npm", version: value } }), ["latest"]],
  [
    "a file in an npm package",
    (value) => inTree("npm", { links: { zx: value } }),
    ["/etc/passwd", "a/../../b", "a//b"],
  ],
  ["a command of an npm package", (value) => inTree("npm", { links: { [value]: "a" } }), ["../sh"]],
  [
    "a Python package",
    (value) => inTree("python", { packages: [{ name: value, version: "1" }] }),
    ["-r", "x @ https://h/x.whl", "x.whl", "x[y]", "./x", "x==1", "x;y"],
  ],
  [
    "a Python version",
    (value) => inTree("python", { packages: [{ name: "x", version: value }] }),
    ["*", ">=1", "1,<2"],
  ],
  [
    "a Python extra",
    (value) => inTree("python", { packages: [{ name: "x", version: "1", extras: [value] }] }),
    ["a]", "a,b"],
  ],
  [
    "a Go package",
    (value) => inTree("go", { packages: [{ name: value, version: "v1.0.0" }] }),
    [
      "-toolexec=sh",
      "example.com/...",
      "example.com/../x",
      "example.com/-x",
      "std",
      "./x",
      "example.com/x@v2",
    ],
  ],
  [
    "a Go version",
    (value) => inTree("go", { packages: [{ name: "example.com/x", version: value }] }),
    ["latest", "1.0.0", "v1", "main", "v1.0.0+x"],
  ],
  ["a Go command", (value) => inTree("go", { command: value }), ["../sh", "a/b"]],
  [
    "a release of Go",
    (value) => inStage("toolchain", { go: { name: "example.com/go", version: value } }),
    ["latest"],
  ],
  [
    "a crate",
    (value) => inTree("cargo", { packages: [{ name: value, version: "1.0.0" }] }),
    ["--git=x", "+nightly", "./x", "user/x", "x@1"],
  ],
  [
    "a crate's version",
    (value) => inTree("cargo", { packages: [{ name: "x", version: value }] }),
    ["latest", "^1", "=1.0.0", "1.0"],
  ],
  ["a crate's feature", (value) => inTree("cargo", { features: [value] }), ["a,b", "--all-features"]],
  ["a stage", (value) => inTree("npm", { id: value }), ["Stage", "1a"]],
  ["a stage's toolchain", (value) => inTree("python", { toolchain: value }), ["scratch AS x"]],
  [
    "a tree's folder",
    (value) => inTree("npm", { output: value }),
    ["/etc", "/opt/skills/", "/opt/skills/a/../../../etc"],
  ],
  ["npm's folder", (value) => inTree("node", { npmOutput: value }), ["/usr"]],
  [
    "a copied tree",
    (value) => inLayer("trees", { trees: [{ stage: "npm-x", path: value }] }),
    ["/", "/opt/skills/a*"],
  ],
  [
    "the stage that it comes from",
    (value) => inLayer("trees", { trees: [{ stage: value, path: "/opt/skills/a" }] }),
    ["registry.example/evil"],
  ],
  [
    "a new name",
    (value) => inLayer("links", { links: [{ path: value, target: "/usr/bin/fdfind" }] }),
    ["bin/x", "/usr/local/bin/../../../etc/x", "/a//b", "/a/"],
  ],
  [
    "what it leads to",
    (value) => inLayer("links", { links: [{ path: "/usr/local/bin/x", target: value }] }),
    ["x", "/a/./b"],
  ],
  [
    "a copied file",
    (value) => withFile({ source: value }),
    ["/etc/passwd", "../x", "a/../../x", "a*", "[a]"],
  ],
  ["its place", (value) => withFile({ target: value }), ["etc/x", "/etc/../x"]],
  ["the user", (value) => withUser({ name: value }), ["Root", "0", "root:x", "+1"]],
  ["the user's home", (value) => withUser({ home: value }), ["home", "/home/../etc"]],
  ["the user to run as", (value) => ({ ...skills, config: { ...skills.config, user: value } }), ["root:0"]],
  [
    "the working folder",
    (value) => ({ ...skills, config: { ...skills.config, workdir: value } }),
    ["work", "/a/$b"],
  ],
  [
    "a variable",
    (value) => ({ ...skills, config: { ...skills.config, env: { [value]: "x" } } }),
    ["A=B", "lower"],
  ],
  [
    "a port",
    (value) => ({ ...skills, config: { ...skills.config, expose: [value] } }),
    ["22", "22/sctp", "1-9/tcp"],
  ],
  [
    "the image below",
    (value) => ({ ...skills, below: { kind: "external", reference: value, digest: null, imageId: null } }),
    ["debian AS x", "scratch", "npm-client", "apt-lists"],
  ],
  [
    "its digest",
    (value) => ({
      ...skills,
      below: { kind: "external", reference: "debian", digest: value, imageId: null },
    }),
    ["sha256:0", "md5:0"],
  ],
  ["the state of the index", (value) => ({ ...skills, aptEpoch: value }), ["a,b"]],
  ["the image's name", (value) => ({ ...skills, name: value }), ["a,target=/etc", "A"]],
];

describe.each(places)("%s", (_, planWith, more) => {
  test.each([...hostile, ...more].map((value) => [value]))("%j is refused", (value) => {
    const { image, diagnostics } = renderImage(planWith(value), {
      rendering: "buildkit",
      network: noNetworkSettings,
      contents: { x: new Uint8Array() },
    });
    expect(image).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toContain("RENDER_VALUE_REFUSED");
    for (const { message } of diagnostics) expect(message).not.toMatch(/[\n\r\0\u202e]|x{200}/);
  });
});

test("numbers that are none are refused", () => {
  for (const uid of [0, -1, 1.5, Number.NaN, 1e9]) {
    const { image } = renderImage(withUser({ uid }), {
      rendering: "portable",
      network: noNetworkSettings,
      contents: {},
    });
    expect(image).toBeNull();
  }
});

describe("lines of configuration", () => {
  const values = { line: "a\nRUN id", escape: "\u001b[2J" };
  test.each(Object.entries(values))("%s", (_, value) => {
    const configs = [{ env: { A: value } }, { cmd: [value] }, { entrypoint: ["x", value] }];
    for (const config of configs) {
      const plan = { ...skills, config: { ...skills.config, ...config } };
      const { image } = renderImage(plan, {
        rendering: "portable",
        network: noNetworkSettings,
        contents: {},
      });
      expect(image).toBeNull();
    }
  });
});

describe("whatever a value is, it stays one word", () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));

  test("in the exec form: one line, and the same words back", () => {
    fc.assert(
      fc.property(fc.array(word), (values) => {
        const { text } = runScript("id", { name: "name", steps: ["true"] }, values);
        expect(text).not.toMatch(/[\n\r]/);
        expect(runWords(text).words).toEqual(["sh", "-ec", "true", "name", ...values]);
      }),
    );
  });

  test("in a real shell: a script's arguments are what was given", () => {
    const script = { name: "print", steps: ["set -u", "shift 0", `printf '%s\\0' "$@"`] };
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(..."ab $`\\\"'\n;&|<>*?()[]{}#~-=!%") }), {
          minLength: 1,
        }),
        (values) => {
          const [command = "", ...args] = runWords(runScript("id", script, values).text).words;
          const printed = execFileSync(command, args, { encoding: "utf8" });
          expect(printed.split("\0").slice(0, -1)).toEqual(values);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("in ENV: nothing is left for a builder to expand", () => {
    expect(env("id", "A", 'a "b" $C \\ $').text).toBe('ENV A="a \\"b\\" \\$C \\\\ \\$"');
  });
});

function inLayer<Kind extends Layer["kind"]>(
  kind: Kind,
  change: Partial<Extract<Layer, { kind: Kind }>>,
): ImagePlan {
  const layers = skills.layers.map((layer) => (layer.kind === kind ? { ...layer, ...change } : layer));
  return { ...skills, layers: layers as Layer[] };
}

function inStage(kind: BuildStage["kind"], change: object): ImagePlan {
  const stages = skills.stages.map((stage) => (stage.kind === kind ? { ...stage, ...change } : stage));
  return { ...skills, stages: stages as BuildStage[] };
}

function inTree(ecosystem: TreeStage["ecosystem"], change: object): ImagePlan {
  const stages = skills.stages.map((stage) =>
    stage.kind === "tree" && stage.ecosystem === ecosystem ? { ...stage, ...change } : stage,
  );
  return { ...skills, stages: stages as BuildStage[] };
}

function withFile(change: { source?: string; target?: string }): ImagePlan {
  const file = { source: "x", target: "/x", mode: 0o644, sha256: "", ...change };
  const layer: Layer = { kind: "files", id: "files", title: "", requestedBy: [], files: [file] };
  return { ...skills, layers: [layer] };
}

function withUser(change: object): ImagePlan {
  const base = builtInPlan("base");
  const layers = base.layers.map((layer) =>
    layer.kind === "user" ? { ...layer, user: { ...layer.user, ...change } } : layer,
  );
  return { ...base, layers };
}
