import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { PackageCacheCounts } from "../support/package-cache.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;
let said: string;

// One build asks everything, since each answer costs a container.
const questions = `
  echo "documents: $(find /usr/share/doc /usr/share/man /usr/share/locale -type f ! -name copyright | wc -l)"
  echo "copyrights: $(find /usr/share/doc -name copyright | wc -l)"
  echo "lists: $(find /var/lib/apt/lists /var/log -type f ! -name lock | wc -l)"
  echo "sources: $(grep -h ^Suites: /etc/apt/sources.list.d/debian.sources | tr '\\n' ' ')"
  echo "policy: $(/usr/sbin/policy-rc.d; echo $?)"
  apt-get -qq update && apt-get -qq install --no-install-recommends hello 2>&1 | tail -n 5
  echo "hello: $(hello)"
  echo "its documents: $(ls /usr/share/doc/hello)"
  echo "archives: $(find /var/cache/apt -name '*.deb' -o -name '*.bin' | wc -l)"
`;

beforeAll(async () => {
  engine = await connectTestEngine();
  const command = JSON.stringify(["sh", "-c", questions]);
  const dockerfile = [
    `FROM ${inject("baseImage")}`,
    `LABEL ${testLabel}=${inject("testRun")}`,
    `RUN ${command}`,
    "",
  ].join("\n");
  said = await build(dockerfile);
});

async function build(dockerfile: string): Promise<string> {
  const lines: string[] = [];
  let id = "";
  const events = engine.builds.build({
    context: [{ path: "Dockerfile", mode: 0o644, content: Buffer.from(dockerfile) }],
    buildArgs: { http_proxy: inject("aptProxy") },
    platform: null,
    builder: engine.info.buildkit ? "buildkit" : "classic",
    cacheFrom: [],
    inlineCache: false,
    noCache: true,
    target: null,
    signal: AbortSignal.timeout(300_000),
  });
  for await (const event of events) {
    if (event.type === "step-log") lines.push(event.text);
    if (event.type === "image-id") id = event.id;
  }
  await engine.images.remove(id);
  return lines.map((line) => `${line}\n`).join("");
}

describe("the bootstrapped base image", () => {
  it("is as slim as the official one", async () => {
    expect((await engine.images.inspect(inject("baseImage")))?.sizeBytes).toBeLessThan(85_000_000);
    expect(said).toContain("documents: 0\n");
    expect(said).toMatch(/^copyrights: [1-9]/m);
    expect(said).toContain("lists: 0\n");
  });

  it("has Debian's three suites as sources, and starts no service", () => {
    expect(said).toContain("sources: Suites: bookworm bookworm-updates Suites: bookworm-security");
    expect(said).toContain("policy: 101\n");
  });

  it("installs packages without documentation, and leaves nothing behind", () => {
    expect(said).toContain("hello: Hello, world!\n");
    expect(said).toContain("its documents: copyright\n");
    expect(said).toContain("archives: 0\n");
  });

  it("gets them through the run's own cache", async () => {
    const response = await fetch(`${inject("packageCache")}/counts`);
    const counts = (await response.json()) as PackageCacheCounts;
    expect(Object.keys(counts.byPath).some((path) => path.endsWith("/InRelease"))).toBe(true);
    expect(Object.keys(counts.byPath).some((path) => /\/hello_[^/]*\.deb$/.test(path))).toBe(true);
  });
});
