import { describe, expect, it, test } from "vitest";
import { go } from "../../src/recipe/go.ts";
import { codesOf, installEntry, resolveOne, skillWith } from "./resolve-one.ts";

describe("what names a Go command", () => {
  it.each<[string, object]>([
    ["example.com/tool", { name: "example.com/tool" }],
    ["example.com/a/tool/cmd/tool@v1.2.3", { name: "example.com/a/tool/cmd/tool", version: "v1.2.3" }],
    [
      "example.com/Up/~user/x_y.z@v0.0.0-20240102030405-abcdef012345",
      { name: "example.com/Up/~user/x_y.z", version: "v0.0.0-20240102030405-abcdef012345" },
    ],
    ["example.com/old@v2.0.0+incompatible", { name: "example.com/old", version: "v2.0.0+incompatible" }],
    ["example.com/tool@latest", { name: "example.com/tool", range: "latest" }],
    ["example.com/tool@0.0.2", { name: "example.com/tool", range: "0.0.2" }],
    ["example.com/tool@main", { name: "example.com/tool", range: "main" }],
  ])("%s", (text, expected) => {
    expect(go.parsePackage(text)).toEqual({ package: expected });
  });

  it.each<[string, RegExp]>([
    ["-toolexec=/bin/sh", /option/],
    ["../tool", /local file/],
    ["example.com/tool/main.go", /local file/],
    ["example.com/...", /pattern/],
    ["mod@latest", /begins with a host/],
    ["https://example.com/tool", /no addresses/],
    ["127.0.0.1/tool", /not the import path/],
    ["example.com/tool@-x", /no version/],
  ])("not %j", (text, reason) => {
    const parsed = go.parsePackage(text);
    expect(parsed).toEqual({ refused: expect.stringMatching(reason), expected: expect.any(String) });
  });
});

describe("an install entry of kind go", () => {
  const entry = (module: string, bins: string[] = ["tool"]) => installEntry("go", { module, bins });

  it("is built at its version", () => {
    const { row, diagnostics } = resolveOne(skillWith(["tool"], [entry("example.com/x/cmd/tool@v1.2.3")]));
    expect(row).toMatchObject({
      status: "resolved",
      recipe: { kind: "go", package: "example.com/x/cmd/tool", version: "v1.2.3", bins: ["tool"] },
      evidence: { source: "install", detail: 'install.0: go "example.com/x/cmd/tool"' },
    });
    expect(diagnostics).toEqual([]);
  });

  it("is called by the last part of its path that is no major version", () => {
    const { row } = resolveOne(skillWith(["tool"], [entry("example.com/x/tool/v3@v3.0.1", [])]));
    expect(row.recipe).toMatchObject({ package: "example.com/x/tool/v3", bins: ["tool"] });
  });

  test.each(["example.com/x/cmd/tool", "example.com/x/cmd/tool@latest", "example.com/x/cmd/tool@main"])(
    "%s is taken, and said to be unpinned",
    (module) => {
      const { row, diagnostics } = resolveOne(skillWith(["tool"], [entry(module)]));
      expect(row.recipe).toEqual({ kind: "go", package: "example.com/x/cmd/tool", bins: ["tool"] });
      expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
    },
  );

  it("gives no command of another name", () => {
    const { row } = resolveOne(skillWith(["tool"], [entry("example.com/x/cmd/other@v1.0.0")]));
    expect(row).toMatchObject({ status: "unresolved", recipe: null });
    expect(row.reason).toContain("has no command tool: it has other");
  });

  it("refuses the whole skill where its module would be something else to go", () => {
    const { row, diagnostics } = resolveOne(skillWith(["tool"], [entry("-toolexec=sh")]));
    expect(row.status).toBe("excluded");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_PACKAGE_REFUSED"]);
  });

  it("can be switched off as a kind", () => {
    const disabledKinds = new Map([["go", "no module proxy can be reached"]] as const);
    const skill = skillWith(["tool"], [entry("example.com/x/cmd/tool@v1.2.3")]);
    expect(resolveOne(skill, { disabledKinds }).row.reason).toContain("no module proxy can be reached");
  });
});
