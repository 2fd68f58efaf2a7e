import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Rendering } from "../../src/dockerfile/build-context.ts";
import { mirrorExpression } from "../../src/dockerfile/network-files.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { apt, builtInPlan, npm, plannedFor, python } from "../plan/planning.ts";
import { contextText, outline, rendered } from "./rendering.ts";

const pem = ["MIIBcanaryone", "MIIBcanarytwo"]
  .map((body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`)
  .join("");
const corp: Partial<NetworkSettings> = {
  aptMirror: "https://user:apt-secret@mirror.corp/pool/debian/",
  npmRegistry: "https://user:npm-secret@npm.corp/",
  pythonIndex: "http://user:pip-secret@pypi.corp:8080/simple",
  httpProxy: "http://user:proxy-secret@proxy.corp:3128",
  httpsProxy: "http://user:proxy-secret@proxy.corp:3128",
  noProxy: "localhost,.corp",
  caPem: pem,
};
const skills = plannedFor([
  {
    name: "a",
    bins: { tree: apt("tree"), zx: npm("zx", "8.0.0", ["zx"]), nano: python("nano", "1", ["nano"]) },
  },
]);
const onlyTrees = plannedFor([{ name: "a", bins: { nano: python("nano", "1", ["nano"]) } }]);

function refusals(network: Partial<NetworkSettings>, rendering: Rendering, plan = skills) {
  const options = { rendering, network: { ...noNetworkSettings, ...network }, contents: {} };
  const { image, diagnostics } = renderImage(plan, options);
  expect(image === null).toBe(diagnostics.length > 0);
  return diagnostics.map(({ code }) => code);
}

describe("with BuildKit", () => {
  const image = rendered(skills, "buildkit", corp);

  test("settings come by mounts, and are in no line of the Dockerfile", () => {
    expect(image.dockerfile).not.toMatch(/corp|secret|canary/);
    const lines = outline(image.dockerfile);
    expect(lines).toContain("RUN <.skillcrate/apt> read-package-lists");
    expect(lines).toContain("RUN <apt-lists> <skillcrate-apt-mine> <.skillcrate/apt> install-packages tree");
    expect(lines.filter((line) => line.includes("<.skillcrate/npm>"))).toHaveLength(2);
    expect(lines.filter((line) => line.includes("<.skillcrate/python>"))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('COPY [".skillcrate'))).toEqual([
      'COPY [".skillcrate/node.py","/opt/node.py"]',
    ]);
  });

  test("each client has its own files", () => {
    expect(image.context.map(({ path }) => path)).toEqual([
      ".skillcrate/apt/ca.pem",
      ".skillcrate/apt/mirror.sed",
      ".skillcrate/apt/settings.sh",
      ".skillcrate/node.py",
      ".skillcrate/npm/ca.pem",
      ".skillcrate/npm/npmrc",
      ".skillcrate/python/ca.pem",
      ".skillcrate/python/pip.conf",
      "Dockerfile",
    ]);
    expect(contextText(image, ".skillcrate/npm/npmrc")).toBe(
      'registry="https://user:npm-secret@npm.corp/"\n',
    );
    expect(contextText(image, ".skillcrate/python/pip.conf")).toBe(
      "[global]\nindex-url = http://user:pip-secret@pypi.corp:8080/simple\ntrusted-host = pypi.corp:8080\n",
    );
  });

  test("proxies are the builders' own arguments, in both spellings", () => {
    const proxy = corp.httpProxy;
    expect(image.buildArgs).toEqual({
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      NO_PROXY: "localhost,.corp",
      http_proxy: proxy,
      https_proxy: proxy,
      no_proxy: "localhost,.corp",
    });
  });

  test("settings of what an image does not use stay out", () => {
    const paths = rendered(builtInPlan("base"), "buildkit", corp).context.map(({ path }) => path);
    expect(paths.filter((path) => /npm|python/.test(path))).toEqual([]);
  });

  test("certificates end in a line of their own, since others follow them", () => {
    const network = { caPem: pem.trimEnd() };
    const text = contextText(rendered(skills, "buildkit", network), ".skillcrate/apt/ca.pem");
    expect(text).toBe(pem);
  });

  test("nothing set: nothing mounted", () => {
    expect(rendered(skills, "buildkit").dockerfile).not.toContain("source=.skillcrate");
  });
});

describe("portable", () => {
  const trees: Partial<NetworkSettings> = { ...corp, aptMirror: null };

  test("settings enter only stages of which a folder is taken", () => {
    const { dockerfile } = rendered(skills, "portable", trees);
    expect(dockerfile).not.toMatch(/corp|secret|canary/);
    const blocks = dockerfile.split("\n\n");
    const holding = blocks.filter((block) => block.includes(".skillcrate"));
    expect(holding.map((block) => /AS (\S+)/.exec(block)?.[1])).toEqual(["npm-client", "python-client"]);
    expect(holding[0]).toMatch(/COPY \["\.skillcrate\/npm\/","\/mnt\/"\]$/);
  });

  test.each<[string, Partial<NetworkSettings>, string[]]>([
    ["an apt mirror", { aptMirror: "http://mirror.corp/debian" }, ["RENDER_NETWORK_KEPT"]],
    [
      "one over TLS with a CA",
      { aptMirror: "https://m.corp/debian", caPem: pem },
      ["RENDER_NETWORK_KEPT", "RENDER_NETWORK_KEPT"],
    ],
    [
      "the CA of a mirror that may stay",
      { aptMirror: "https://m.corp/debian", caPem: pem, keepMirror: true },
      ["RENDER_NETWORK_KEPT"],
    ],
    [
      "both, and both may stay",
      { aptMirror: "https://m.corp/debian", caPem: pem, keepMirror: true, keepCa: true },
      [],
    ],
    ["a CA for npm", { caPem: pem }, []],
  ])("%s", (_, network, codes) => {
    expect(refusals(network, "portable")).toEqual(codes);
    expect(refusals(network, "buildkit")).toEqual([]);
  });

  test("an archive of snapshots, for locked packages of the image itself", () => {
    const packages = { kind: "debian", packages: [] } as const;
    const layer = skills.layers.find(({ kind }) => kind === "packages")?.id ?? "";
    const locked = { ...skills, locked: { indexReadAt: "20260102T030405Z", parts: { [layer]: packages } } };
    const network = { snapshot: "https://snapshot.corp/archive" };
    expect(refusals(network, "portable", locked)).toEqual(["RENDER_NETWORK_KEPT"]);
    expect(refusals(network, "buildkit", locked)).toEqual([]);
    expect(refusals(network, "portable", skills)).toEqual([]);
  });

  test("an image without packages of its own has nothing to keep: the mirror stays in the toolchain", () => {
    const network = { aptMirror: "https://mirror.corp/debian", caPem: pem };
    expect(refusals(network, "portable", onlyTrees)).toEqual([]);
    const blocks = rendered(onlyTrees, "portable", network).dockerfile.split("\n\n");
    expect(blocks.filter((block) => block.includes(".skillcrate/apt"))).toEqual([blocks[1]]);
    expect(outline(blocks[1] ?? "").slice(2)).toEqual([
      'COPY [".skillcrate/apt/","/mnt/"]',
      "ARG APT_EPOCH=2026-11-01",
      "RUN unpack-packages -- python3-pip",
      'COPY [".skillcrate/python/","/mnt/"]',
    ]);
  });
});

describe("what may stay", () => {
  const keep = { aptMirror: "https://mirror.corp/debian", caPem: pem, keepCa: true, keepMirror: true };

  test.each<Rendering>(["portable", "buildkit"])(
    "%s: the final stage takes it in before its packages, and trusts it after",
    (rendering) => {
      const image = rendered(skills, rendering, keep);
      const final = outline(image.dockerfile.split("\n\n").at(-1) ?? "");
      const step = (text: string) => final.findIndex((line) => line.includes(text));
      expect(
        step('COPY [".skillcrate/certificates/","/usr/local/share/ca-certificates/skillcrate/"]'),
      ).toBeGreaterThan(0);
      expect(step("keep-mirror")).toBeGreaterThan(0);
      expect(step("install-packages tree")).toBeGreaterThan(step("keep-mirror"));
      expect(step("keep-certificates")).toBeGreaterThan(step("install-packages tree"));
      expect(image.dockerfile.match(/"keep-mirror"/g)).toHaveLength(1);
      expect(contextText(image, ".skillcrate/certificates/0002.crt")).toContain("MIIBcanarytwo");
    },
  );
});

describe("values that a client's file would misread", () => {
  test.each<[string, Partial<NetworkSettings>]>([
    ["a line of its own in .npmrc", { npmRegistry: "https://h/\nignore-scripts=false" }],
    ["a variable in .npmrc", { npmRegistry: "https://h/$" }],
    ["a line of its own in pip.conf", { pythonIndex: "https://h/\nextra-index-url = https://evil/" }],
    ["a quote", { npmRegistry: 'https://h/"' }],
    ["a sed command", { aptMirror: "http://h/\ne id" }],
    ["a backslash", { aptMirror: "http://h/\\1" }],
    ["no URL", { aptMirror: "file:///etc" }],
    ["a host that is none", { pythonIndex: "http://[x/" }],
    ["a proxy with a line end", { httpProxy: "http://h\nx" }],
  ])("%s", (_, network) => {
    expect(refusals(network, "buildkit")).toEqual(["RENDER_NETWORK_REFUSED"]);
  });

  test("a refusal does not repeat the value, which may hold a password", () => {
    const network = { ...noNetworkSettings, npmRegistry: "https://u:hunter2@h/ x" };
    const { diagnostics } = renderImage(skills, { rendering: "buildkit", network, contents: {} });
    expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
  });
});

describe("the mirror in Debian's sources", () => {
  const replace = (mirror: string, sources: string) =>
    execFileSync("sed", ["-E", mirrorExpression(mirror)], { input: sources, encoding: "utf8" });

  test("in both forms, the security archive beside it, other archives left alone", () => {
    const lines = [
      "deb http://archive.example/debian bookworm main",
      "deb [signed-by=/k.gpg] http://security.example/debian-security/ bookworm-security main",
      "deb https://apt.example/tools stable main",
      "URIs: http://archive.example/debian http://archive.example/debian",
      "URIs: http://archive.example/debian-security",
      "",
    ];
    expect(replace("https://mirror.corp/x&y/debian/", lines.join("\n")).split("\n")).toEqual([
      "deb https://mirror.corp/x&y/debian bookworm main",
      "deb [signed-by=/k.gpg] https://mirror.corp/x&y/debian-security bookworm-security main",
      "deb https://apt.example/tools stable main",
      "URIs: https://mirror.corp/x&y/debian https://mirror.corp/x&y/debian",
      "URIs: https://mirror.corp/x&y/debian-security",
      "",
    ]);
  });

  test("twice is the same as once", () => {
    const once = replace("http://m/debian", "deb http://archive.example/debian bookworm main\n");
    expect(replace("http://m/debian", once)).toBe(once);
  });
});
