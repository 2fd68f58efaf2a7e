import { describe, expect, it, test } from "vitest";
import { cargo } from "../../src/recipe/cargo.ts";
import { codesOf, installEntry, resolveOne, skillWith } from "./resolve-one.ts";

describe("what names a crate", () => {
  it.each<[string, object]>([
    ["zz-tool", { name: "zz-tool" }],
    ["zz_tool@1.2.3", { name: "zz_tool", version: "1.2.3" }],
    ["zz-tool@=1.2.3-rc.1+build", { name: "zz-tool", version: "1.2.3-rc.1+build" }],
    ["zz-tool@^1.2", { name: "zz-tool", range: "^1.2" }],
    ["zz-tool@1", { name: "zz-tool", range: "1" }],
    ["zz-tool@latest", { name: "zz-tool", range: "latest" }],
  ])("%s", (text, expected) => {
    expect(cargo.parsePackage(text)).toEqual({ package: expected });
  });

  it.each<[string, RegExp]>([
    ["--git=https://h/x", /option/],
    ["+nightly", /toolchain/],
    ["https://h/x", /outside the registry/],
    ["a/b", /path/],
    ["1tool", /not the name/],
    ["zz-tool@1.0.0 --root=/", /no version/],
  ])("not %j", (text, reason) => {
    const parsed = cargo.parsePackage(text);
    expect(parsed).toEqual({ refused: expect.stringMatching(reason), expected: expect.any(String) });
  });
});

describe("an install entry of kind cargo", () => {
  it("is built at its version, under the skill's word for what it gives", () => {
    const entry = installEntry("cargo", { packages: ["zz-tool@1.2.3"], bins: ["zz"] });
    const { row, diagnostics } = resolveOne(skillWith(["zz"], [entry]));
    expect(row).toMatchObject({
      status: "resolved",
      recipe: { kind: "cargo", package: "zz-tool", version: "1.2.3", bins: ["zz"] },
      evidence: { source: "install" },
    });
    expect(diagnostics).toEqual([]);
  });

  test.each(["zz-tool", "zz-tool@^1"])("%s is taken, and said to be unpinned", (text) => {
    const entry = installEntry("cargo", { packages: [text], bins: ["zz"] });
    const { row, diagnostics } = resolveOne(skillWith(["zz"], [entry]));
    expect(row.recipe).toEqual({ kind: "cargo", package: "zz-tool", bins: ["zz"] });
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
  });

  it("has the features that its entry names, and refuses what is none", () => {
    const entry = (feature: string) =>
      installEntry("cargo", { packages: ["zz-tool@1.0.0"], bins: ["zz"], features: [feature] });
    expect(resolveOne(skillWith(["zz"], [entry("tls")])).row.recipe).toMatchObject({ features: ["tls"] });
    for (const feature of ["", "--all-features", "a,b", "a b", "a\n"]) {
      expect(codesOf(resolveOne(skillWith(["zz"], [entry(feature)])).diagnostics)).toEqual([
        "error RECIPE_PACKAGE_REFUSED",
      ]);
    }
  });

  it("comes after what needs no compiler", () => {
    const entries = [
      installEntry("cargo", { packages: ["zz-tool@1.0.0"], bins: ["zz"] }),
      installEntry("apt", { packages: ["zz"], bins: ["zz"] }),
    ];
    expect(resolveOne(skillWith(["zz"], entries)).row.recipe?.kind).toBe("apt");
  });

  it("refuses the whole skill where its name would be something else to cargo", () => {
    const entry = installEntry("cargo", { packages: ["--git=https://h/x"], bins: ["zz"] });
    const { row, diagnostics } = resolveOne(skillWith(["zz"], [entry]));
    expect(row.status).toBe("excluded");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_PACKAGE_REFUSED"]);
  });
});
