import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { makeLock } from "../../src/plan/make-lock.ts";
import { plansOfLock } from "../../src/plan/plans-of-lock.ts";
import { readLock, writeLock } from "../../src/source/lock-file.ts";
import { builtInPlan } from "../plan/planning.ts";
import { tempFolder } from "../support/temp-folder.ts";

const sha256 = "ab".repeat(32);
const jq = {
  ...{ name: "jq", version: "1.6", architecture: "amd64", archive: "debian" },
  ...{ path: "pool/main/j/jq/jq_1.6_amd64.deb", sha256, sizeBytes: 10 },
};
const parts = { packages: { kind: "debian", packages: [jq] } } as const;
const locked = { indexReadAt: "20260102T030405Z", parts };
const told = {
  leftOut: [],
  resolvedWith: { catalog: "0123456789abcdef", debianIndex: "fedcba9876543210" },
};
const lock = makeLock(
  [builtInPlan("base"), builtInPlan("browser")].map((plan) => ({
    plan,
    inputs: { tag: plan.tag },
    ...told,
    locked,
  })),
  null,
);

let file: string;

beforeEach(() => {
  file = join(tempFolder(), "skillcrate.lock");
});

it("what is written is what is read, and the same text is not written twice", () => {
  expect(readLock(file)).toBeNull();
  expect(writeLock(file, lock)).toBe(true);
  expect(writeLock(file, lock)).toBe(false);
  expect(readLock(file)).toEqual(JSON.parse(JSON.stringify(lock)));
});

it("what is made from a lock that was read is written as the same text", () => {
  writeLock(file, lock);
  const read = readLock(file);
  const again = plansOfLock(read?.images ?? [], []).map((plan) => {
    const locks = plan.locked ?? locked;
    return { plan, inputs: { tag: plan.tag }, leftOut: [], resolvedWith: null, locked: locks };
  });
  expect(writeLock(file, makeLock(again, read))).toBe(false);
});

it("a package that is another one changes its own line, and the digests above it", () => {
  writeLock(file, lock);
  const before = readFileSync(file, "utf8").split("\n");
  const moved = {
    ...locked,
    parts: { packages: { kind: "debian", packages: [{ ...jq, version: "1.7" }] } },
  } as const;
  writeLock(
    file,
    makeLock(
      [{ plan: builtInPlan("base"), inputs: { tag: builtInPlan("base").tag }, ...told, locked: moved }],
      lock,
    ),
  );
  const after = readFileSync(file, "utf8").split("\n");
  expect(after).toHaveLength(before.length);
  const changed = after.filter((line, index) => line !== before[index]).map((line) => line.trim());
  expect(changed).toHaveLength(2);
  expect(changed).toEqual(
    expect.arrayContaining([
      expect.stringContaining('"version":"1.7"'),
      expect.stringMatching(/^"digest": /),
    ]),
  );
});

describe("a lock is refused whole", () => {
  const text = () => readFileSync(file, "utf8");

  it.each([
    ["that is empty", () => ""],
    ["that was cut", (whole: string) => whole.slice(0, whole.length / 2)],
    ["of a newer version", (whole: string) => whole.replace("skillcrate/lock@1", "skillcrate/lock@2")],
    ["with a key that is none", (whole: string) => whole.replace('"images"', '"__proto__": {}, "images"')],
    ["with marks of a merge", (whole: string) => whole.replace('  "images"', '<<<<<<< HEAD\n  "images"')],
    [
      "with a version that was edited",
      (whole: string) => whole.replace('"version":"1.6"', '"version":"1.5"'),
    ],
    [
      "with an input that was edited",
      (whole: string) => whole.replace("sandbox:bookworm-slim", "sandbox:other"),
    ],
    ["with a step that was put in", (whole: string) => whole.replace('"stages": []', '"stages": [{}]')],
    ["that is nested without end", () => "[".repeat(100_000)],
  ])("%s", (_what, change) => {
    writeLock(file, lock);
    const changed = change(text());
    expect(changed).not.toBe(text());
    writeFileSync(file, changed);
    expect(() => readLock(file)).toThrow(expect.objectContaining({ code: "LOCK_BROKEN" }));
  });

  it("whose images do not stand on each other", () => {
    const [base] = makeLock([{ plan: builtInPlan("base"), inputs: {}, ...told, locked }], null).images;
    const upper = lock.images.find(({ plan }) => plan.name === "browser");
    if (base === undefined || upper === undefined) throw new Error("no images");
    writeLock(file, { ...lock, images: [base, upper] });
    expect(() => readLock(file)).toThrow(/was locked on another/);
  });
});
