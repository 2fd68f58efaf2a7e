import { describe, expect, it } from "vitest";
import type { InstallSpec } from "../../src/skill/skill.ts";
import { outline, rendered } from "../dockerfile/rendering.ts";
import { plannedFor, planWishes } from "../plan/planning.ts";
import { codesOf, installEntry, resolveOne, skillWith } from "./resolve-one.ts";

const resolveEntry = (entry: Partial<InstallSpec>, context = {}, bin = "zzz") =>
  resolveOne(skillWith([bin], [installEntry("brew", { bins: [bin], ...entry })]), context);
const homebrew = { homebrew: true };

describe("a formula that nothing else answers", () => {
  it("is not built unless Homebrew is allowed, and the reason says how", () => {
    const { row } = resolveEntry({ formula: "zzz" });
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("--allow homebrew");
  });

  it("is built where it is, unpinned", () => {
    const { row, diagnostics } = resolveEntry({ formula: "homebrew/core/zzz@2" }, homebrew);
    expect(row).toMatchObject({
      status: "resolved",
      recipe: { kind: "brew", package: "zzz@2", bins: ["zzz"] },
      evidence: { source: "install" },
    });
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
  });

  it("is not built where the ecosystem is denied", () => {
    const disabledKinds = new Map([["brew", "the overlay denies the ecosystem brew"]]);
    const { row } = resolveEntry({ formula: "zzz" }, { ...homebrew, disabledKinds });
    expect(row.reason).toContain("the overlay denies");
  });

  it.each([
    [{ formula: "owner/tap/zzz" }, "of another tap"],
    [{ formula: "zzz", tap: "owner/tap" }, "of another tap"],
    [{ cask: "zzz" }, "for macOS"],
    [{ formula: "-rf" }, "not a formula's name"],
    [{ formula: "--HEAD" }, "not a formula's name"],
    [{ formula: "./zzz.rb" }, "of another tap"],
    [{ formula: "https://h/zzz.rb" }, "of another tap"],
    [{ formula: "zzz;id" }, "not a formula's name"],
    [{ formula: "$(id)" }, "not a formula's name"],
    [{ formula: "zzz\nRUN id" }, "not a formula's name"],
    [{ formula: "a".repeat(101) }, "not a formula's name"],
  ])("%j is never built", (entry, reason) => {
    const { row } = resolveEntry(entry, homebrew);
    expect(row).toMatchObject({ status: "unresolved", recipe: null });
    expect(row.reason).toContain(reason);
    expect(row.reason).not.toMatch(/\n/);
  });
});

describe("the catalog", () => {
  it("goes before Homebrew where it has an answer", () => {
    expect(resolveEntry({ formula: "ffmpeg" }, homebrew, "ffmpeg").row.recipe?.kind).toBe("apt");
  });

  it("goes before Homebrew where the program is for macOS", () => {
    const { row } = resolveEntry({ formula: "mas" }, homebrew, "mas");
    expect(row).toMatchObject({ status: "unresolved", reason: expect.stringContaining("macOS") });
  });
});

describe("formulas of an image", () => {
  const plan = plannedFor([
    { name: "one", bins: { b: { kind: "brew", package: "bbb", bins: ["b"] } } },
    { name: "two", bins: { a: { kind: "brew", package: "aaa", bins: ["a"] } } },
  ]);

  it("share one tree, to which Homebrew's own path leads", () => {
    const [stage] = plan.stages.filter(({ kind }) => kind === "tree");
    expect(stage).toMatchObject({ ecosystem: "brew", bins: ["a", "b"] });
    const output = stage?.kind === "tree" ? stage.output : "";
    expect(plan.layers.at(-1)).toMatchObject({
      links: [
        { path: "/home/linuxbrew", target: output },
        { path: "/usr/local/bin/a", target: `${output}/.linuxbrew/bin/a` },
        { path: "/usr/local/bin/b", target: `${output}/.linuxbrew/bin/b` },
      ],
    });
    const lines = outline(rendered(plan, "portable").dockerfile);
    expect(lines).toContain(`RUN make-brew-tree ${output} aaa bbb -- a b`);
  });

  it("are the same whoever asked first", () => {
    const wishes = [
      { name: "two", bins: { a: { kind: "brew", package: "aaa", bins: ["a"] } } },
      { name: "one", bins: { b: { kind: "brew", package: "bbb", bins: ["b"] } } },
    ] as const;
    expect(planWishes(wishes).plan?.hash).toBe(plan.hash);
  });
});
