import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InventoryDifference } from "../../src/plan/compare-inventories.ts";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import type { ImagePlan, TreeStage } from "../../src/plan/image-plan.ts";
import { findNamed, moveParts } from "../../src/plan/move-parts.ts";
import type { PartLock } from "../../src/plan/part-lock.ts";
import type { Trace } from "../../src/report/format-trace.ts";
import { callCli } from "../support/call-cli.ts";

interface Kind {
  /** Of the recipe. */
  readonly kind: string;
  /** What the skill asks for. */
  readonly asked: string;
  /** What it comes from, as a comparison of plans names it: its source and its name. */
  readonly made: string;
  readonly versions: readonly [string, string] | null;
  /** The file of the skill that asks for it, and the line. */
  readonly at: string;
  readonly evidence: string;
}

const url = "https://example.com/releases/zz-file";
const kinds: readonly Kind[] = [
  {
    kind: "apt",
    asked: "tmux",
    made: "debian tmux",
    versions: null,
    at: "zz-apt/SKILL.md:4",
    evidence: "install",
  },
  tool("npm", "zz-npm", "npm zz-npm", ["1.0.0", "2.0.0"]),
  { ...tool("node", "node", "", ["", ""]), versions: null, evidence: "catalog" },
  tool("python", "zz-python", "python zz-python", ["1.0", "2.0"]),
  tool("go", "zz-go", "go example.com/zz/cmd/zz-go", ["v1.0.0", "v2.0.0"]),
  tool("cargo", "zz-cargo", "cargo zz-cargo", ["1.0.0", "2.0.0"]),
  { ...tool("download", "zz-file", `download ${url}`, ["", ""]), versions: null },
  { ...tool("brew", "zz-brew", "brew zz-brew", ["", ""]), versions: null },
  {
    ...tool("python-library", "zz-shelf", "python zz-shelf", ["1.0", "2.0"]),
    at: "zz-python-library/requirements.txt:1",
  },
  {
    ...tool("node-library", "zz-docs", "npm zz-docs", ["1.0.0", "2.0.0"]),
    at: "zz-node-library/package.json:3",
  },
];

function tool(kind: string, asked: string, made: string, versions: readonly [string, string]): Kind {
  return { kind, asked, made, versions, at: `zz-${kind}/SKILL.md:4`, evidence: "install" };
}

/** A folder with a skill for each kind, all at their first or all at their second version. */
function skillsAt(
  round: 0 | 1,
  overlay: string,
  only: readonly string[] = kinds.map(({ kind }) => kind),
): string {
  const folder = mkdtempSync(join(root, "skills-"));
  const at = (kind: string): string => kinds.find((each) => each.kind === kind)?.versions?.[round] ?? "";
  const install: Readonly<Record<string, object>> = {
    apt: { kind: "apt", packages: ["tmux"] },
    npm: { kind: "node", package: `zz-npm@${at("npm")}` },
    python: { kind: "uv", package: `zz-python==${at("python")}` },
    go: { kind: "go", module: `example.com/zz/cmd/zz-go@${at("go")}` },
    cargo: { kind: "cargo", crate: `zz-cargo@${at("cargo")}` },
    download: { kind: "download", url, sha256: "a".repeat(64) },
    brew: { kind: "brew", formula: "zz-brew" },
  };
  for (const { kind, asked } of kinds.filter((each) => only.includes(each.kind))) {
    const entry = install[kind];
    const metadata = {
      requires: { bins: kind.endsWith("-library") ? [] : [asked] },
      install: entry === undefined ? [] : [{ ...entry, bins: [asked] }],
    };
    const head = [
      "---",
      `name: zz-${kind}`,
      "description: d",
      `metadata: ${JSON.stringify({ openclaw: metadata })}`,
      "---\n",
    ];
    write(join(folder, "skills", `zz-${kind}`, "SKILL.md"), head.join("\n"));
  }
  const library = (kind: string) => only.includes(kind);
  if (library("python-library")) {
    write(join(folder, "skills/zz-python-library/requirements.txt"), `zz-shelf==${at("python-library")}\n`);
  }
  if (library("node-library")) {
    const lines = ["{", '  "dependencies": {', `    "zz-docs": "${at("node-library")}"`, "  }", "}\n"];
    write(join(folder, "skills/zz-node-library/package.json"), lines.join("\n"));
  }
  write(join(folder, "skillcrate.json5"), overlay);
  return folder;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function ask(folder: string, command: string, ...words: string[]) {
  const options = ["--allow", "homebrew"];
  const argv = [command, ...words, ...(command === "diff" ? [] : options)];
  const surroundings = { cwd: folder, homeDir: join(folder, "home") };
  const [people, json] = [
    await callCli(argv, surroundings),
    await callCli([...argv, "--json"], surroundings),
  ];
  expect(people.exitCode, people.stderr).toBe(json.exitCode);
  return { exitCode: json.exitCode, text: people.stdout, result: JSON.parse(json.stdout).result };
}

const root = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-"));
let plans: readonly [string, string];
let folder: string;

afterAll(() => rmSync(root, { recursive: true }));

beforeAll(async () => {
  folder = skillsAt(0, "{}");
  plans = [join(folder, "first.json"), join(folder, "second.json")];
  write(plans[0], await planOf(folder));
  write(plans[1], await planOf(skillsAt(1, "{}")));
  write(join(folder, "without.json"), await planOf(skillsAt(0, "{}", ["node"])));
});

/** What `plan --json` prints for the folder's skills, every one of them in the image. */
async function planOf(cwd: string): Promise<string> {
  const argv = ["plan", "--json", "--allow", "homebrew", "--name", "all"];
  const { stdout } = await callCli(argv, { cwd, homeDir: join(cwd, "home") });
  expect(JSON.parse(stdout).result.leftOut).toEqual([]);
  return stdout;
}

describe.each(kinds)("$kind", ({ kind, asked, made, versions, at: place, evidence }) => {
  test("why: who asks for it where, on what evidence, from what, in which layer, and what that takes", async () => {
    const { exitCode, text, result } = await ask(folder, "why", asked);
    expect(exitCode).toBe(0);
    const traces: readonly Trace[] = result.traces;
    const trace = traces.find(({ requester }) => requester === `zz-${kind}`);
    expect(trace).toMatchObject({ name: asked, status: "resolved", recipe: { kind } });
    expect(`${trace?.place?.file}:${trace?.place?.line}`).toBe(join(folder, "skills", place));
    expect(trace?.place?.column).toBeGreaterThan(0);
    expect(trace?.reason).not.toBe("");
    if (!kind.endsWith("-library")) expect(trace?.evidence?.source).toBe(evidence);
    expect(trace?.evidence?.detail).not.toBe("");
    // Before its own layer comes that of a runtime, where it needs one, and after it that of names.
    const layer = trace?.layers.filter(({ title }) => !title.startsWith("links ")).at(-1);
    expect(layer).toMatchObject({ image: "skills", tag: "openclaw-sandbox-skills:skills" });
    // Bytes, or the word that nobody knows them.
    const isKnown = kind === "apt" || kind === "node";
    expect((layer?.installedBytes ?? 0) > 100_000, "has a size").toBe(isKnown);
    expect(layer?.unknown).toEqual(isKnown ? [] : [layer?.title]);
    expect(text).toContain(`asked for by  zz-${kind} at skills/${place}`);
    expect(text).toMatch(/^ {2}recipe +\S/m);
    const size = isKnown ? "\\d+(\\.\\d+)? MB" : "of unknown size";
    expect(text).toMatch(
      new RegExp(`^ {2}in +openclaw-sandbox-skills:skills, layer .+, (about )?${size}$`, "m"),
    );
  });

  test("why-not: where it is asked for, why it cannot be had, and the nearest way out", async () => {
    const closed = skillsAt(0, "{ ecosystems: { allow: [] } }", [kind]);
    const { exitCode, text, result } = await ask(closed, "why-not", asked);
    expect(exitCode).toBe(0);
    expect(result.missing).toMatchObject([{ name: asked, requester: `zz-${kind}`, status: "unresolved" }]);
    const [missing] = result.missing;
    expect(`${missing.place.file}:${missing.place.line}`).toBe(join(closed, "skills", place));
    expect(missing.reason).toContain("the overlay allows no ecosystem");
    expect(result.ways.length).toBeGreaterThan(0);
    expect(result.ways.join()).toMatch(/overlay|skillcrate\.json5/);
    expect(text).toContain(`zz-${kind} at skills/${place}`);
    expect(text).toContain("the overlay allows no ecosystem");
    for (const way of result.ways) expect(text).toContain(way);
    // What only files use keeps no skill out.
    const isLeftOut = result.leftOut.some(({ skill }: { skill: string }) => skill === `zz-${kind}`);
    expect(isLeftOut).toBe(!kind.endsWith("-library"));
  });

  test.runIf(versions !== null)("diff: the versions that change, and nothing else of its name", async () => {
    const { exitCode, text, result } = await ask(folder, "diff", ...plans);
    expect(exitCode).toBe(3);
    const rows = differencesOf(result.differences, made);
    const [from, to] = versions ?? [];
    expect(rows).toMatchObject([{ image: "all", change: "version", from: [from], to: [to] }]);
    expect(text).toMatch(new RegExp(`^all +${made.replace(" ", " +")} +${from} +${to}`, "m"));
  });

  test.runIf(made !== "")("diff: what is there on one side only", async () => {
    const { result, text } = await ask(folder, "diff", "without.json", plans[0]);
    expect(differencesOf(result.differences, made)).toMatchObject([{ image: "all", change: "added" }]);
    expect(text).toMatch(new RegExp(`^all +${made.replace(" ", " +")} +- +`, "m"));
  });

  test("update: what is named is taken anew, and nothing else", async () => {
    const locked = lockedPlan(plans[0]);
    const fresh = planIn(plans[1]);
    const names = new Set([asked]);
    const { stages, debian } = findNamed(locked, names);
    if (kind === "apt") {
      expect({ stages, debian }).toEqual({ stages: [], debian: ["tmux"] });
      return;
    }
    const opened = treesOf(locked).filter(({ id }) => stages.includes(id));
    expect(opened).toHaveLength(1);
    const moved = moveParts(locked, { names, fresh, debs: [] });
    const open = treesOf(moved).filter(({ id }) => moved.locked?.parts[id] === undefined);
    expect(open.map(({ ecosystem }) => ecosystem)).toEqual(opened.map(({ ecosystem }) => ecosystem));
    if (versions !== null)
      expect(open[0]?.packages).toContainEqual(expect.objectContaining({ version: versions[1] }));
    const others = (plan: ImagePlan) =>
      treesOf(plan).filter(({ ecosystem }) => ecosystem !== open[0]?.ecosystem);
    expect(others(moved)).toEqual(others(locked));
    expect(hashPlan(moved)).not.toBe(locked.hash);
  });
});

function differencesOf(all: readonly InventoryDifference[], made: string): InventoryDifference[] {
  return all.filter(({ group, name }) => `${group} ${name}` === made);
}

function planIn(file: string): ImagePlan {
  const document = JSON.parse(readFileSync(file, "utf8"));
  return document.result.images.find(({ name }: ImagePlan) => name === "all");
}

function treesOf({ stages }: ImagePlan): TreeStage[] {
  return stages.filter((stage) => stage.kind === "tree");
}

/** A plan with every tree and every layer of packages held. */
function lockedPlan(file: string): ImagePlan {
  const plan = planIn(file);
  const deb = {
    name: "tmux",
    version: "3.3a-3",
    architecture: "amd64",
    archive: "debian",
    path: "pool/x.deb",
  };
  const debian: PartLock = {
    kind: "debian",
    packages: [{ ...deb, sha256: "0".repeat(64), sizeBytes: 1000 }],
  };
  const parts = [
    ...treesOf(plan).map(({ id }) => [id, { kind: "npm", packages: {} }] as const),
    ...plan.layers.filter(({ kind }) => kind === "packages").map(({ id }) => [id, debian] as const),
  ];
  const locked = { indexReadAt: "20261122T000000Z", parts: Object.fromEntries(parts) };
  return { ...plan, locked, hash: hashPlan({ ...plan, locked }) };
}
