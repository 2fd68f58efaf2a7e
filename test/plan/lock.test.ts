import { describe, expect, it } from "vitest";
import { compareEpochs } from "../../src/plan/compare-epochs.ts";
import { compareInventories } from "../../src/plan/compare-inventories.ts";
import { crateAddress } from "../../src/plan/crate-address.ts";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { inventoryOfPlan } from "../../src/plan/inventory.ts";
import { compareInputs, inputsOfSkills } from "../../src/plan/lock-inputs.ts";
import { digestOf, makeLock } from "../../src/plan/make-lock.ts";
import { findNamed, moveParts } from "../../src/plan/move-parts.ts";
import { parseRecord } from "../../src/plan/parse-record.ts";
import type { LockedDeb, LockedParts } from "../../src/plan/part-lock.ts";
import { partLockSchema } from "../../src/plan/part-lock-schema.ts";
import { plansOfLock } from "../../src/plan/plans-of-lock.ts";
import { plainSkill } from "../support/plain-skill.ts";

const sha256 = "ab".repeat(32);
const place = { file: "/s/SKILL.md", line: 4, column: 9 };

function deb(name: string, version: string, sizeBytes = 10): LockedDeb {
  const path = `pool/${name}_${version}_all.deb`;
  return { name, version, architecture: "all", archive: "debian", path, sha256, sizeBytes };
}

function planOf(name: string, below: ImagePlan | null): ImagePlan {
  const requestedBy = [{ skill: "s", bin: "tool", place }];
  const plan: Omit<ImagePlan, "hash"> = {
    format: "skillcrate/image-plan@1",
    name,
    tag: `openclaw-sandbox:${name}`,
    platform: "linux/amd64",
    below:
      below === null
        ? {
            kind: "external",
            reference: "debian:12",
            digest: `sha256:${sha256}`,
            imageId: `sha256:${sha256}`,
          }
        : { kind: "planned", name: below.name, reference: below.tag, hash: below.hash },
    aptEpoch: "1",
    stages: [
      {
        kind: "tree",
        ecosystem: "go",
        id: "go-tool-1",
        toolchain: "go-client",
        packages: [{ name: "example.com/m/cmd/tool", version: null }],
        command: "tool",
        output: "/opt/skills/tool-1",
        bins: ["tool"],
        requestedBy,
      },
    ],
    layers: [
      { kind: "packages", id: "packages", title: "apt jq", packages: ["jq"], requestedBy },
      {
        kind: "trees",
        id: "tree-tool-1",
        title: "go tool",
        trees: [{ stage: "go-tool-1", path: "/opt/skills/tool-1" }],
        requestedBy,
      },
      {
        kind: "links",
        id: "links",
        title: "links tool",
        links: [{ path: "/usr/local/bin/tool", target: "/opt/skills/tool-1/bin/tool" }],
        requestedBy,
      },
    ],
    config: { user: null, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
    promises: [{ name: "tool", versionArgs: null, requestedBy }],
  };
  return { ...plan, hash: hashPlan(plan) };
}

const locked: LockedParts = {
  indexReadAt: "20260102T030405Z",
  parts: {
    packages: { kind: "debian", packages: [deb("jq", "1.6"), deb("libjq1", "1.6")] },
    "go-tool-1": {
      kind: "go",
      sums: ["example.com/dep v0.1.0 h1:AAAA=", "example.com/m v1.2.3 h1:BBBB="],
    },
  },
};

const base = planOf("base", null);
const upper = planOf("mine", base);
const resolvedWith = { catalog: "0123456789abcdef", debianIndex: "fedcba9876543210" };
const built = [base, upper].map((plan) => ({
  plan,
  inputs: { tag: plan.tag },
  leftOut: [],
  resolvedWith,
  locked,
}));
const lock = makeLock(built, null);

describe("a lock", () => {
  it("holds no places, pins what nothing pinned, and names a base that registries know by its digest alone", () => {
    expect(JSON.stringify(lock)).not.toContain("SKILL.md");
    const [first, second] = lock.images;
    expect(first?.plan.below).toMatchObject({ digest: `sha256:${sha256}`, imageId: null });
    expect(first?.plan.stages[0]).toMatchObject({ packages: [{ version: "v1.2.3" }] });
    expect(second?.plan.below).toMatchObject({ kind: "planned", hash: first?.digest });
    for (const { inputs, plan, digest } of lock.images) expect(digestOf(inputs, plan)).toBe(digest);
  });

  it("is the same however often it is made, and for an index that is read again without a change", () => {
    const later = built.map((each) => ({ ...each, locked: { ...locked, indexReadAt: "20270102T030405Z" } }));
    expect(makeLock(later, lock)).toEqual(lock);
    expect(makeLock(built, null)).toEqual(lock);
  });

  it("has the same text when it is made from itself", () => {
    const again = plansOfLock(JSON.parse(JSON.stringify(lock.images)), []).map((plan) => ({
      plan,
      inputs: { tag: plan.tag },
      leftOut: [],
      resolvedWith: null,
      locked: plan.locked ?? locked,
    }));
    expect(JSON.stringify(makeLock(again, lock))).toBe(JSON.stringify(lock));
  });

  it("gives plans that stand on each other, with the places of those who ask today", () => {
    const plans = plansOfLock(lock.images, [{ skill: "s", bin: "tool", place: { ...place, line: 77 } }]);
    expect(plans.map(({ name }) => name)).toEqual(["base", "mine"]);
    expect(plans[1]?.below).toMatchObject({ hash: plans[0]?.hash });
    expect(plans[1]?.promises[0]?.requestedBy).toEqual([
      { skill: "s", bin: "tool", place: { ...place, line: 77 } },
    ]);
    // A locked plan is another one than the one it came from.
    expect(plans[0]?.hash).not.toBe(base.hash);
  });

  it("keeps images that were not built again", () => {
    const next = makeLock([{ plan: base, inputs: {}, leftOut: [], resolvedWith: null, locked }], lock);
    expect(next.images[0]?.resolvedWith).toEqual(resolvedWith);
    expect(next.images.map(({ plan }) => plan.name)).toEqual(["base", "mine"]);
    expect(next.images[1]).toBe(lock.images[1]);
  });

  it("has the sizes of trees that it holds, until they are measured anew; they change no digest", () => {
    const size = (installedBytes: number) => ({ "/opt/skills/tool-1": { downloadBytes: 5, installedBytes } });
    const sized = makeLock(
      built.map((each) => ({
        ...each,
        sizes: { ...size(20), "/opt/skills/other": { downloadBytes: 1, installedBytes: 1 } },
      })),
      lock,
    );
    expect(sized.images.map(({ sizes }) => sizes)).toEqual([size(20), size(20)]);
    expect(sized.images.map(({ digest }) => digest)).toEqual(lock.images.map(({ digest }) => digest));
    const next = makeLock(
      [{ plan: base, inputs: {}, leftOut: [], resolvedWith: null, locked, sizes: {} }],
      sized,
    );
    expect(next.images[0]?.sizes).toEqual(size(20));
    const anew = makeLock(
      [{ plan: base, inputs: {}, leftOut: [], resolvedWith: null, locked, sizes: size(30) }],
      sized,
    );
    expect(anew.images[0]?.sizes).toEqual(size(30));
  });

  it("tells what images are without and what they were resolved with, which changes no digest", () => {
    const leftOut = ["z", "a"].map((skill) => ({ skill, reasons: ["why"], elsewhere: false }));
    const later = { catalog: "ffffffffffffffff", debianIndex: resolvedWith.debianIndex };
    const next = makeLock(
      built.map((each) => ({ ...each, leftOut, resolvedWith: later })),
      lock,
    );
    expect(next.images.map(({ digest }) => digest)).toEqual(lock.images.map(({ digest }) => digest));
    expect(next.images[0]?.leftOut.map(({ skill }) => skill)).toEqual(["a", "z"]);
    expect(compareEpochs("base", lock.images[0]?.resolvedWith ?? {}, { ...later, aptEpoch: "1" })).toEqual([
      { image: "base", what: "catalog", from: resolvedWith.catalog, to: later.catalog },
    ]);
  });
});

describe("moving parts", () => {
  const [, plan] = plansOfLock(lock.images, []);
  if (plan === undefined) throw new Error("no plan");

  it("finds commands, packages of trees, and Debian packages", () => {
    expect(findNamed(plan, new Set(["tool"]))).toEqual({ stages: ["go-tool-1"], debian: [] });
    expect(findNamed(plan, new Set(["libjq1", "nothing"]))).toEqual({ stages: [], debian: ["libjq1"] });
  });

  it("takes a tree as it would be planned today, and leaves the rest locked", () => {
    const [stage] = upper.stages;
    if (stage?.kind !== "tree") throw new Error("no tree");
    const fresh = { ...upper, stages: [{ ...stage, id: "go-tool-2", output: "/opt/skills/tool-2" }] };
    const moved = moveParts(plan, { names: new Set(["tool"]), fresh, debs: [] });
    expect(Object.keys(moved.locked?.parts ?? {})).toEqual(["packages"]);
    expect(moved.layers[1]).toMatchObject({ trees: [{ stage: "go-tool-2", path: "/opt/skills/tool-2" }] });
    expect(moved.layers[2]).toMatchObject({ links: [{ target: "/opt/skills/tool-2/bin/tool" }] });
  });

  it("puts newer Debian packages in the place of locked ones, and what they newly need beside them", () => {
    const debs = [deb("jq", "1.7"), deb("libonig5", "6.9")];
    const moved = moveParts(plan, { names: new Set(["jq"]), fresh: null, debs });
    expect(moved.locked?.parts["packages"]).toEqual({
      kind: "debian",
      packages: [deb("jq", "1.7"), deb("libjq1", "1.6"), deb("libonig5", "6.9")],
    });
    const rows = compareInventories("mine", inventoryOfPlan(plan), inventoryOfPlan(moved));
    expect(rows).toMatchObject([
      { group: "debian", name: "jq", change: "version", from: ["1.6"], to: ["1.7"], bytes: 0 },
      { group: "debian", name: "libonig5", change: "added", from: [], to: ["6.9"], bytes: 10 },
    ]);
  });
});

it("another file of the same version is a difference, an unknown version is none", () => {
  const item = { group: "debian", name: "jq", sizeBytes: 1 } as const;
  const known = { ...item, versions: ["1"], digests: ["a"] };
  expect(compareInventories("i", [known], [{ ...known, digests: ["b"] }])).toMatchObject([
    { change: "content" },
  ]);
  expect(compareInventories("i", [known], [{ ...item, versions: [], digests: [] }])).toEqual([]);
});

describe("inputs", () => {
  const requires = { bins: ["fd"], anyBins: [], env: [], config: [] };
  const skill = plainSkill({ name: "find-files", requires });
  const asked = { tag: "t", below: "base", needs: new Map(), others: {} };
  const inputs = inputsOfSkills({ ...asked, skills: [skill] });

  it("do not change with a skill's text or place", () => {
    const edited = { ...skill, dir: "/elsewhere", file: "/elsewhere/SKILL.md", description: "other words" };
    expect(compareInputs("mine", inputs, inputsOfSkills({ ...asked, skills: [edited] }))).toEqual([]);
  });

  it("change with what it requires, what its files use, and what the overlay says; in words", () => {
    const more = { ...skill, requires: { ...skill.requires, bins: ["fd", "jq"] } };
    const [row] = compareInputs("mine", inputs, inputsOfSkills({ ...asked, skills: [more] }));
    expect(row).toMatchObject({ input: "skill find-files", now: expect.stringContaining("bins fd, jq") });
    const used = { bins: [{ name: "rg", because: "b", place }], libraries: [], refusals: [] };
    const needs = new Map([[skill.dir, used]]);
    expect(compareInputs("mine", inputs, inputsOfSkills({ ...asked, needs, skills: [skill] }))).toHaveLength(
      1,
    );
    const others = { "overlay bins": { fd: [] } };
    expect(
      compareInputs("mine", inputs, inputsOfSkills({ ...asked, others, skills: [skill] })),
    ).toMatchObject([{ input: "overlay bins", locked: null }]);
  });
});

describe("what clients tell of a tree", () => {
  const none = { pythonIndex: null, cargoRegistry: null };
  const stage = { ...upper.stages[0], ecosystem: "python" } as Parameters<typeof parseRecord>[0];
  const report = (url: string, hash: object) =>
    JSON.stringify({
      version: "1",
      install: [{ download_info: { url, archive_info: hash }, metadata: { name: "A.b", version: "1.0" } }],
    });

  it("of pip in both forms of its report, without logins, and without the host of the own index", () => {
    const index = { ...none, pythonIndex: "http://user:pw@pypi.corp/simple/" };
    const own = parseRecord(
      stage,
      report("http://user:pw@pypi.corp/f/a.whl#x", { hash: `sha256=${sha256}` }),
      index,
    );
    expect(own).toEqual({
      kind: "python",
      packages: [{ name: "A.b", version: "1.0", sha256, url: "/f/a.whl" }],
    });
    const other = parseRecord(stage, report("https://files.example/a.whl", { hashes: { sha256 } }), index);
    expect(other).toMatchObject({ packages: [{ url: "https://files.example/a.whl" }] });
  });

  it.each([
    [
      "a version that is more",
      report("https://f.example/a.whl", { hashes: { sha256 } }).replace("1.0", "1.0\\n--pre"),
    ],
    ["no digest", report("https://f.example/a.whl", {})],
    ["no report", "nothing"],
  ])("nothing of %s", (_what, text) => {
    expect(parseRecord(stage, text, none)).toBeNull();
  });

  const cargoStage = { ...upper.stages[0], ecosystem: "cargo" } as Parameters<typeof parseRecord>[0];
  const line = (name: string, deps: object[], features: object) =>
    JSON.stringify({ name, vers: "1.0.0", deps, cksum: sha256, features, yanked: false });
  const record = [
    `${sha256}  tool-1.0.0.crate`,
    line("tool", [{ name: "for-windows", features: ["Console"] }], { extra: [] }),
    line("for-windows", [], { Console: ["Base"], Base: [], Printing: [], default: [] }),
    "store https://crates.corp/dl/{crate}",
  ].join("\n");

  it("of cargo: files with what the index says of them, and of what is not needed here only what cargo asks", () => {
    const own = parseRecord(cargoStage, record, { ...none, cargoRegistry: "https://crates.corp/index" });
    expect(own).toMatchObject({
      store: "/dl/{crate}",
      crates: [
        { file: "for-windows-1.0.0.crate", unused: true },
        { file: "tool-1.0.0.crate", sha256, entry: { features: { extra: [] } } },
      ],
    });
    const [unused] = own?.kind === "cargo" ? own.crates : [];
    expect(unused?.entry.features).toEqual({ Console: ["Base"], Base: [], default: [] });
    expect(parseRecord(cargoStage, record, none)).toMatchObject({ store: "https://crates.corp/dl/{crate}" });
  });

  it.each([
    ["no store", record.replace(/^store .*$/m, "")],
    ["a name that is more", record.replaceAll('"tool"', '"../tool"')],
    ["no index", `${sha256}  tool-1.0.0.crate`],
    ["a line that is cut", record.replace(/\}$/m, "")],
  ])("nothing of cargo's with %s", (_what, text) => {
    expect(parseRecord(cargoStage, text, { ...none, cargoRegistry: null })).toBeNull();
  });

  it.each([
    ["https://h/dl", "https://h/dl/tool/1.0.0/download"],
    ["/dl/{crate}-{version}.crate", "/dl/tool-1.0.0.crate"],
    ["https://h/{prefix}/{lowerprefix}/{sha256-checksum}", `https://h/to/ol/to/ol/${sha256}`],
  ])("a crate of the store %s is at %s", (store, address) => {
    const crate = { file: "tool-1.0.0.crate", sha256 };
    const entry = { name: "tool", vers: "1.0.0", cksum: sha256, deps: [] };
    expect(crateAddress(store, { ...crate, entry })).toBe(address);
  });
});

describe("the grammar of locks", () => {
  const good = { kind: "debian", packages: [deb("jq", "1.6")] };

  it.each([
    ["a path that leads out", { path: "pool/../../etc/passwd_1_all.deb" }],
    ["a path with a space", { path: "pool/a b_1_all.deb" }],
    ["an absolute path", { path: "/pool/a_1_all.deb" }],
    ["an archive that is more", { archive: "debian x" }],
    ["a name that is an option", { name: "-oDPkg" }],
    ["a version with a line end", { version: "1\nRUN id" }],
    ["no digest", { sha256: "md5" }],
  ])("refuses %s", (_what, change) => {
    expect(partLockSchema.safeParse(good).success).toBe(true);
    const bad = { ...good, packages: [{ ...deb("jq", "1.6"), ...change }] };
    expect(partLockSchema.safeParse(bad).success).toBe(false);
  });

  it.each([
    [
      "a tarball elsewhere",
      { "node_modules/a": { version: "1.0.0", tarball: "https://h/x.tgz", integrity: "sha512-A" } },
    ],
    ["a place elsewhere", { "../a": { version: "1.0.0", tarball: "a/-/a.tgz", integrity: "sha512-A" } }],
    [
      "an alias of a file",
      { "node_modules/a": { version: "file:..", tarball: "a/-/a.tgz", integrity: "sha512-A" } },
    ],
  ])("refuses %s of npm", (_what, packages) => {
    expect(partLockSchema.safeParse({ kind: "npm", packages }).success).toBe(false);
  });
});
