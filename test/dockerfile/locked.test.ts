import { describe, expect, it } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import type { LockedDeb, PartLock } from "../../src/plan/part-lock.ts";
import { goToolchain } from "../../src/recipe/go-release.ts";
import { builtInPlan, cargo, go, npm, plannedFor, python } from "../plan/planning.ts";
import { outline, rendered } from "./rendering.ts";

const sha256 = "cd".repeat(32);

function deb(name: string): LockedDeb {
  const path = `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
  return { name, version: "1.0", architecture: "amd64", archive: "debian", path, sha256, sizeBytes: 1 };
}

function withLocks(plan: ImagePlan, lockOf: (id: string, kind: string) => PartLock | null): ImagePlan {
  const makers = [...plan.stages, ...plan.layers].filter(
    (part) => part.kind !== "toolchain" || part.packages.length > 0,
  );
  const parts = makers.flatMap((part): [string, PartLock][] => {
    const lock = lockOf(part.id, part.kind === "tree" ? part.ecosystem : part.kind);
    return lock === null ? [] : [[part.id, lock]];
  });
  const locked = { indexReadAt: "20260102T030405Z", parts: Object.fromEntries(parts) };
  return { ...plan, locked, hash: hashPlan({ ...plan, locked }) };
}

const npmLock: PartLock = {
  kind: "npm",
  packages: { "node_modules/a": { version: "1.0.0", tarball: "a/-/a-1.0.0.tgz", integrity: "sha512-AAAA" } },
};
const wheel = { name: "a", version: "1.0", sha256, url: "/files/a.whl" };

function lockFor(kind: string): PartLock | null {
  switch (kind) {
    case "packages":
      return { kind: "debian", packages: [deb("jq"), deb("libjq1")] };
    case "toolchain":
      return { kind: "toolchain", installed: [], unpacked: [deb("nodejs")] };
    case "node":
    case "npm":
      return npmLock;
    case "python":
      return { kind: "python", packages: [wheel] };
    default:
      return null;
  }
}

const open = plannedFor([
  { name: "a", bins: { a: npm("a", "1.0.0", ["a"]) } },
  { name: "b", bins: { b: python("b", "1.0", ["b"]) } },
]);
const locked = withLocks(open, (_id, kind) => lockFor(kind));
const pythonIndex = "https://user:canary@pypi.corp/simple/";

describe.each(["portable", "buildkit"] as const)("a locked plan, %s", (rendering) => {
  it("reads no index of Debian's and hands each stage its own lock", () => {
    const { dockerfile, context } = rendered(locked, rendering, { pythonIndex });
    expect(dockerfile).not.toMatch(/apt-get -q -c \S+ update|apt-lists/);
    const paths = context.map(({ path }) => path).filter((path) => path.startsWith(".skillcrate/lock/"));
    const stages = locked.stages.filter(({ id }) => locked.locked?.parts[id] !== undefined);
    expect(stages.map(({ kind }) => kind)).toEqual(["tree", "tree", "toolchain", "tree"]);
    for (const stage of stages) {
      expect(dockerfile).toContain(`COPY [".skillcrate/lock/${stage.id}/","/opt/lock/"]`);
      expect(paths.some((path) => path.startsWith(`.skillcrate/lock/${stage.id}/`))).toBe(true);
    }
    expect(paths).toHaveLength(stages.length * 2);
  });

  it("is another text than without its lock, and an equal one for an equal lock", () => {
    expect(rendered(locked, rendering, { pythonIndex }).dockerfile).not.toBe(
      rendered(open, rendering).dockerfile,
    );
    expect(rendered(structuredClone(locked), rendering, { pythonIndex })).toEqual(
      rendered(locked, rendering, { pythonIndex }),
    );
    expect(locked.hash).not.toBe(open.hash);
  });

  it("has no line that is too long for a builder, however many packages there are", () => {
    const many = Array.from({ length: 1200 }, (_, index) => deb(`package-${index}`));
    const plan = withLocks(builtInPlan("base"), (_id, kind) =>
      kind === "packages" ? { kind: "debian", packages: many } : null,
    );
    const { dockerfile, origins } = rendered(plan, rendering);
    const lines = dockerfile.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(64 * 1024);
    // A line that goes on is no instruction of its own.
    for (const { line } of origins) expect(lines[line - 1]).toMatch(/^[A-Z]+ /);
    const packages = origins.filter(({ id }) => id === "packages");
    expect(packages.some(({ line }) => lines[line - 1]?.startsWith("RUN "))).toBe(true);
  });
});

it("only what has no lock is made anew at a moment that is named", () => {
  const [id = "", ...others] = locked.stages.flatMap((stage) => (stage.kind === "tree" ? [stage.id] : []));
  const { [id]: _open, ...parts } = locked.locked?.parts ?? {};
  const moved = {
    ...locked,
    locked: { indexReadAt: "20260102T030405Z", parts },
    takenAt: "20260102T030405678Z",
  };
  const stagesWith = (plan: ImagePlan) => {
    const { dockerfile, origins } = rendered(plan, "portable", { pythonIndex });
    return origins
      .filter(({ line }) => /^ARG TAKEN_AT=/.test(dockerfile.split("\n")[line - 1] ?? ""))
      .map((each) => each.id);
  };
  expect(others.length).toBeGreaterThan(0);
  expect(stagesWith(moved)).toEqual([id]);
  expect(stagesWith(locked)).toEqual([]);
  // Only these have anything to tell that the lock does not know.
  const { image } = renderImage(moved, {
    rendering: "portable",
    network: { ...noNetworkSettings, pythonIndex },
    contents: {},
    part: "records",
  });
  const copied = [...(image?.dockerfile ?? "").matchAll(/"\/opt\/record","\/opt\/records\/([^"]+)"/g)].map(
    (match) => match[1],
  );
  expect(copied).toEqual([id]);
  expect(hashPlan(moved)).not.toBe(hashPlan({ ...moved, takenAt: "20260102T030405679Z" }));
});

it("wheels are fetched by their addresses, on the host of the index in use; without that index, the lock is refused", () => {
  const { context } = rendered(locked, "buildkit", { pythonIndex });
  const file = context.find(({ path }) => path.endsWith("/addresses.txt"));
  expect(new TextDecoder().decode(file?.content)).toBe(`https://pypi.corp/files/a.whl#sha256=${sha256}\n`);
  const without = renderImage(locked, { rendering: "buildkit", network: noNetworkSettings, contents: {} });
  expect(without.image).toBeNull();
  expect(without.diagnostics.map(({ code }) => code)).toEqual(["RENDER_INDEX_MISSING"]);
});

describe("what is built from source", () => {
  const plan = plannedFor([
    { name: "a", bins: { tool: go("example.com/x/cmd/tool", "v1.2.3", "tool") } },
    { name: "b", bins: { zz: cargo("zz-tool", "0.4.0", ["zz"]) } },
  ]);
  const release = goToolchain("linux/amd64");
  const sums = [
    "example.com/dep v0.1.0 h1:AAAA=",
    "example.com/x v1.2.3 h1:BBBB=",
    `${release.name} ${release.version} h1:CCCC=`,
  ];
  const entry = (name: string, vers: string) => ({ name, vers, cksum: sha256, deps: [], features: {} });
  const crates = [
    { file: "for-windows-1.0.0.crate", sha256, entry: entry("for-windows", "1.0.0"), unused: true as const },
    { file: "zz-tool-0.4.0.crate", sha256, entry: entry("zz-tool", "0.4.0") },
  ];
  const sourceLocked = withLocks(plan, (_id, kind) => {
    if (kind === "go") return { kind, sums };
    return kind === "cargo" ? { kind, store: "/store", crates } : lockFor(kind);
  });
  const textOf = (image: ReturnType<typeof rendered>, ending: string): string =>
    new TextDecoder().decode(image.context.find(({ path }) => path.endsWith(ending))?.content);

  it("a Go command is told its module, and the release its sum: nothing is left to ask for", () => {
    const lines = outline(rendered(sourceLocked, "portable").dockerfile);
    expect(lines).toContain("RUN fetch-modules example.com/x/cmd/tool@v1.2.3 example.com/x@v1.2.3");
    expect(lines).toContain(`RUN bring-go ${release.name} ${release.version} h1:CCCC=`);
  });

  it("crates come by address from the registry in use, with an index of just these", () => {
    const image = rendered(sourceLocked, "buildkit", { cargoRegistry: "https://crates.corp/index/" });
    expect(textOf(image, "/crates.txt")).toBe(
      `${sha256} zz-tool-0.4.0.crate https://crates.corp/store/zz-tool/0.4.0/download\n`,
    );
    expect(JSON.parse(textOf(image, "/index/fo/r-/for-windows"))).toEqual(entry("for-windows", "1.0.0"));
    expect(JSON.parse(textOf(image, "/index/zz/-t/zz-tool"))).toEqual(entry("zz-tool", "0.4.0"));
  });
});

it("a lock with a value that is more than itself is refused", () => {
  const evil = { ...deb("jq"), path: 'pool/x_1_all.deb", "&&", "id' };
  const plan = withLocks(open, (_id, kind) =>
    kind === "toolchain" ? { kind: "toolchain", installed: [], unpacked: [evil] } : lockFor(kind),
  );
  const { image, diagnostics } = renderImage(plan, {
    rendering: "buildkit",
    network: { ...noNetworkSettings, pythonIndex },
    contents: {},
  });
  expect(image).toBeNull();
  expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(["RENDER_VALUE_REFUSED"]));
});
