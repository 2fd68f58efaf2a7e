import { describe, expect, test } from "vitest";
import type { DebianPackages } from "../../src/recipe/debian-packages.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { plainSkill } from "../support/plain-skill.ts";
import { emptyContext, installEntry, requires } from "./resolve-one.ts";

/** Packages of these sizes in megabytes, with what they depend on. */
function debianOf(
  packages: Readonly<Record<string, readonly [number, ...string[]]>>,
): DebianPackages & { readonly asked: Set<string> } {
  const asked = new Set<string>();
  return {
    asked,
    architecture: "amd64",
    minimal: () => [],
    find(name) {
      asked.add(name);
      const [megabytes] = packages[name] ?? [];
      if (megabytes === undefined) return null;
      const installedBytes = megabytes * 1_000_000;
      return { name, version: "1", architecture: "amd64", downloadBytes: 1, installedBytes, measured: true };
    },
    dependenciesOf: (name) => (packages[name] ?? []).slice(1).map((dependency) => [String(dependency)]),
    providersOf: () => [],
  };
}

/** A skill that takes each command from the Debian package of its name. */
function skillOf(name: string, parts: { bins?: readonly string[]; anyBins?: readonly string[] }): Skill {
  const wanted = [...(parts.bins ?? []), ...(parts.anyBins ?? [])];
  const install = wanted.map((bin) => installEntry("apt", { packages: [bin], bins: [bin] }));
  return plainSkill({ name, requires: requires(parts), install });
}

/** `skill bin` of what was chosen, and the reason that the others give. */
function choose(skills: readonly Skill[], debianPackages: DebianPackages) {
  const { resolutions } = resolveRequirements(skills, { ...emptyContext, debianPackages });
  return {
    taken: resolutions
      .filter(({ status }) => status === "resolved")
      .map(({ skill, bin }) => `${skill} ${bin}`),
    reasons: resolutions.filter(({ status }) => status === "excluded").map(({ reason }) => reason),
  };
}

describe("of several commands", () => {
  test("the one whose packages add least is taken, whatever they bring counted in", () => {
    const debian = debianOf({ xsmall: [1, "xhuge"], xhuge: [90], xlarge: [20] });
    const { taken, reasons } = choose([skillOf("a", { anyBins: ["xsmall", "xlarge"] })], debian);
    expect(taken).toEqual(["a xlarge"]);
    expect(reasons).toEqual([
      "any one of anyBins is enough, and xlarge costs least in this image: Debian xlarge adds 20 MB, and xsmall 91 MB",
    ]);
  });

  test("what other skills need anyway costs nothing", () => {
    const debian = debianOf({ xsmall: [1], xlarge: [20, "xbase"], xother: [5, "xbase"], xbase: [80] });
    const any = skillOf("a", { anyBins: ["xsmall", "xlarge"] });
    expect(choose([any, skillOf("b", { bins: ["xlarge"] })], debian).taken).toEqual(["a xlarge", "b xlarge"]);
    expect(choose([any, skillOf("b", { bins: ["xother"] })], debian).taken).toEqual(["a xsmall", "b xother"]);
  });

  test("what an earlier choice brings costs nothing to a later one", () => {
    const debian = debianOf({ xone: [10, "xbase"], xtwo: [15], xthree: [9, "xbase"], xbase: [4] });
    const skills = [skillOf("a", { anyBins: ["xone", "xtwo"] }), skillOf("b", { anyBins: ["xtwo", "xone"] })];
    expect(choose(skills, debian).taken).toEqual(["a xone", "b xone"]);
    expect(choose([...skills].reverse(), debian).taken).toEqual(["a xone", "b xone"]);
  });

  test("what only a skill without a chance would bring is not counted on", () => {
    const debian = debianOf({ xsmall: [1], xlarge: [20] });
    const lost = skillOf("b", { bins: ["xlarge"] });
    const skills = [
      skillOf("a", { anyBins: ["xsmall", "xlarge"] }),
      { ...lost, requires: requires({ bins: ["xlarge", "no-such-command"] }) },
    ];
    expect(choose(skills, debian).taken).toContain("a xsmall");
  });

  test("what the image below is made with costs nothing", () => {
    const debianPackages = debianOf({ xsmall: [1], xlarge: [20, "xbase"], xbase: [80] });
    const { resolutions } = resolveRequirements([skillOf("a", { anyBins: ["xsmall", "xbase"] })], {
      ...emptyContext,
      packagesBelow: ["xlarge"],
      debianPackages,
    });
    expect(resolutions.find(({ status }) => status === "resolved")?.bin).toBe("xbase");
  });

  test("an npm package pays for Node, unless Node is there", () => {
    const npm = installEntry("node", { packages: ["xtree@1.0.0"], bins: ["xtree"] });
    const apt = installEntry("apt", { packages: ["xpackage"], bins: ["xpackage"] });
    const skill = plainSkill({
      requires: requires({ anyBins: ["xtree", "xpackage"] }),
      install: [npm, apt],
    });
    const debianPackages = debianOf({ xpackage: [60] });
    const taken = (below: ReadonlyMap<string, string>) =>
      resolveRequirements([skill], { ...emptyContext, below, debianPackages }).resolutions.find(
        ({ status }) => status === "resolved",
      )?.bin;
    expect(taken(new Map())).toBe("xpackage");
    expect(taken(new Map([["node", "common"]]))).toBe("xtree");
  });

  test("no size is looked up where a skill leaves no choice, only whether there is such a package", () => {
    const debian = debianOf({ xsmall: [1] });
    choose([skillOf("a", { bins: ["xsmall"] }), skillOf("b", { anyBins: ["xsmall"] })], debian);
    expect([...debian.asked]).toEqual(["xsmall"]);
  });
});
