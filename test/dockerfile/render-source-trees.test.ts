import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Rendering } from "../../src/dockerfile/build-context.ts";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { goToolchain } from "../../src/recipe/go-release.ts";
import { cargo, go, plannedFor } from "../plan/planning.ts";
import { contextText, outline, rendered, runWords } from "./rendering.ts";

const plan = plannedFor([
  {
    name: "a",
    bins: {
      tool: go("example.com/x/cmd/tool", "v1.2.3", "tool"),
      other: go("example.com/y/other", null, "other"),
      zz: { ...cargo("zz-tool", "0.4.0", ["zz"]), features: ["fast", "small"] },
    },
  },
]);
const outputs = Object.fromEntries(
  plan.stages.flatMap((stage) => (stage.kind === "tree" ? [[stage.id.split("-")[1], stage.output]] : [])),
);
const release = goToolchain("linux/amd64");
const corp: Partial<NetworkSettings> = {
  goProxy: "https://user:go-secret@go.corp/",
  goSumDb: "sum.corp+ab12+cd/ef= https://user:sum-secret@sum.corp",
  cargoRegistry: "https://crates.corp/index",
  httpProxy: "http://user:proxy-secret@proxy.corp:3128",
};

function block(text: string, stage: string): string[] {
  const blocks = text.split("\n\n").map(outline);
  return blocks.find(([first]) => first?.endsWith(` AS ${stage}`)) ?? [];
}

function idOf(start: string): string {
  return plan.stages.find(({ id }) => id.startsWith(start))?.id ?? "";
}

describe("Go", () => {
  test("portable: the release comes with the toolchain, each command in a stage of its own", () => {
    const { dockerfile } = rendered(plan, "portable", corp);
    expect(block(dockerfile, "go-client")).toEqual([
      "FROM openclaw-sandbox:bookworm-slim AS go-client",
      "USER root",
      "ARG APT_EPOCH=2026-11-01",
      "RUN unpack-packages -- gcc golang-go libc6-dev",
      'COPY [".skillcrate/go/","/mnt/"]',
      `RUN bring-go ${release.name} ${release.version}`,
    ]);
    expect(block(dockerfile, idOf("go-tool"))).toEqual([
      `FROM go-client AS ${idOf("go-tool")}`,
      "RUN fetch-modules example.com/x/cmd/tool@v1.2.3",
      "RUN drop-settings",
      `RUN make-go-tree ${outputs["tool"]} tool`,
    ]);
    expect(block(dockerfile, idOf("go-other"))).toContain("RUN fetch-modules example.com/y/other@latest");
  });

  test("BuildKit: settings by mounts while it is fetched, a cache of modules, no settings while it is built", () => {
    const { dockerfile } = rendered(plan, "buildkit", corp);
    expect(block(dockerfile, "go-client").at(-1)).toBe(
      `RUN <skillcrate-go> <.skillcrate/go> bring-go ${release.name} ${release.version}`,
    );
    expect(block(dockerfile, idOf("go-tool")).slice(1)).toEqual([
      "RUN <skillcrate-go> <.skillcrate/go> fetch-modules example.com/x/cmd/tool@v1.2.3",
      `RUN <skillcrate-go> make-go-tree ${outputs["tool"]} tool`,
    ]);
  });

  test("asks a proxy of modules only", () => {
    const line = rendered(plan, "portable")
      .dockerfile.split("\n")
      .find((text) => text.includes('"fetch-modules"'));
    const script = runWords(line ?? "").words[2] ?? "";
    const upTo = script.slice(0, script.indexOf("if [ -d /opt/lock"));
    const proxy = (configured: string) =>
      execFileSync("sh", ["-ec", `go() { echo "${configured}"; }; ${upTo} echo "$GOPROXY $GOVCS"`], {
        encoding: "utf8",
      });
    expect(proxy("https://a.example,direct")).toBe("https://a.example *:off\n");
    expect(proxy("https://a.example|direct")).toBe("https://a.example *:off\n");
    expect(proxy("https://a.example/direct")).toBe("https://a.example/direct *:off\n");
  });
});

describe("cargo", () => {
  const install = "--features fast,small -- zz-tool@=0.4.0";

  test("portable: code of crates runs after the settings are gone, as nobody", () => {
    const { dockerfile } = rendered(plan, "portable", corp);
    expect(block(dockerfile, "cargo-client").slice(3)).toEqual([
      expect.stringMatching(/^RUN unpack-packages -- cargo-web g\+\+ gcc /),
      'COPY [".skillcrate/cargo/","/mnt/"]',
    ]);
    expect(block(dockerfile, idOf("cargo-zz"))).toEqual([
      `FROM cargo-client AS ${idOf("cargo-zz")}`,
      `RUN fetch-crates ${install}`,
      "RUN drop-settings",
      "USER 65534:65534",
      `RUN build-crate ${install}`,
      "USER root",
      `RUN make-cargo-tree ${outputs["zz"]}`,
    ]);
  });

  test("BuildKit: and without a cache or settings", () => {
    expect(block(rendered(plan, "buildkit", corp).dockerfile, idOf("cargo-zz"))).toEqual([
      `FROM cargo-client AS ${idOf("cargo-zz")}`,
      `RUN <skillcrate-cargo> <.skillcrate/cargo> fetch-crates ${install}`,
      "USER 65534:65534",
      `RUN build-crate ${install}`,
      "USER root",
      `RUN make-cargo-tree ${outputs["zz"]}`,
    ]);
  });
});

describe("settings of a network", () => {
  test.each<Rendering>(["portable", "buildkit"])("%s: are in no line of the Dockerfile", (rendering) => {
    expect(rendered(plan, rendering, corp).dockerfile).not.toMatch(/corp|secret/);
  });

  test("each client has its own file", () => {
    const image = rendered(plan, "buildkit", corp);
    expect(contextText(image, ".skillcrate/go/go.env")).toBe(
      "GOPROXY=https://user:go-secret@go.corp/\nGOSUMDB=sum.corp+ab12+cd/ef= https://user:sum-secret@sum.corp\n",
    );
    expect(contextText(image, ".skillcrate/cargo/config.toml")).toBe(
      '[source.crates-io]\nreplace-with = "configured"\n[source.configured]\nregistry = "sparse+https://crates.corp/index/"\n',
    );
  });

  test.each<[string, Partial<NetworkSettings>]>([
    ["a second variable in go.env", { goProxy: "https://h/\nGOFLAGS=-toolexec=sh" }],
    ["a second variable after a name", { goSumDb: "off\nGOFLAGS=-toolexec=sh" }],
    ["a database by file", { goSumDb: "x file:///etc" }],
    ["a table of config.toml", { cargoRegistry: 'https://h/"\n[build]\nrustc="sh"' }],
    ["a password that build scripts would read", { cargoRegistry: "https://user:secret@crates.corp/" }],
  ])("refuses %s", (_, network) => {
    const options = {
      rendering: "buildkit",
      network: { ...noNetworkSettings, ...network },
      contents: {},
    } as const;
    const { image, diagnostics } = renderImage(plan, options);
    expect([image, diagnostics.map(({ code }) => code)]).toEqual([null, ["RENDER_NETWORK_REFUSED"]]);
    expect(JSON.stringify(diagnostics)).not.toContain("secret");
  });
});
