import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtInImagesDir, packageDir } from "../../src/host/package-dir.ts";
import { readImageSpecs } from "../../src/source/read-image-specs.ts";
import { tempFolder } from "../support/temp-folder.ts";

function written(name: string, extra = ""): string {
  return `{ // as people write it\n  name: "${name}", tag: "sandbox:x", description: "d", packages: { jq: ["jq"] }, ${extra} }`;
}

function folder(files: Record<string, string>): string {
  const dir = tempFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

describe("reading", () => {
  test("every definition with its files' bytes, sorted, other files left alone", async () => {
    const dir = folder({
      "b.json5": written("b"),
      "a.json5": written(
        "a",
        'files: [{ source: "files/run.sh", target: "/usr/local/bin/run", mode: "0755" }]',
      ),
      "notes.md": "not a definition",
    });
    mkdirSync(join(dir, "files"));
    writeFileSync(join(dir, "files", "run.sh"), "#!/bin/sh\n");
    const { specs, diagnostics } = await readImageSpecs(dir);
    expect(diagnostics).toEqual([]);
    expect(specs.map(({ spec }) => spec.name)).toEqual(["a", "b"]);
    expect(Buffer.from(specs[0]?.contents["files/run.sh"] ?? []).toString()).toBe("#!/bin/sh\n");
    expect(specs[1]).toMatchObject({ spec: { links: {}, tools: [], writable: [] }, contents: {} });
  });

  test("a byte order mark is no error", async () => {
    const { specs, diagnostics } = await readImageSpecs(folder({ "a.json5": `\ufeff${written("a")}` }));
    expect([specs.length, diagnostics]).toEqual([1, []]);
  });

  test("a folder that is a link is resolved once", async () => {
    const dir = tempFolder();
    symlinkSync(folder({ "a.json5": written("a") }), join(dir, "link"));
    expect((await readImageSpecs(join(dir, "link"))).specs).toHaveLength(1);
  });

  test("a missing folder, and one that is a file", async () => {
    const dir = folder({ file: "" });
    for (const name of ["missing", "file"]) {
      const { specs, diagnostics } = await readImageSpecs(join(dir, name));
      expect([specs, diagnostics.map(({ code }) => code)]).toEqual([[], ["IMAGE_SPEC_UNREADABLE"]]);
    }
  });

  test("the package's own folder holds package.json, and its definitions are free of findings", async () => {
    expect(existsSync(join(packageDir(), "package.json"))).toBe(true);
    expect(builtInImagesDir()).toBe(join(packageDir(), "images"));
  });
});

describe("mistakes", () => {
  test("broken JSON5 is shown at its line and column, the others are still read", async () => {
    const dir = folder({
      "bad.json5": "{\n  name: ]\n}",
      "cut.json5": '{ name: "cut"',
      "good.json5": written("good"),
    });
    const { specs, diagnostics } = await readImageSpecs(dir);
    expect(specs.map(({ spec }) => spec.name)).toEqual(["good"]);
    expect(diagnostics.map(({ code, severity, place }) => [code, severity, place])).toEqual([
      ["IMAGE_SPEC_SYNTAX", "error", { file: join(dir, "bad.json5"), line: 2, column: 9 }],
      ["IMAGE_SPEC_SYNTAX", "error", { file: join(dir, "cut.json5"), line: 1, column: 14 }],
    ]);
  });

  test("every mistake of shape is named with its path", async () => {
    const dir = folder({
      "a.json5": written(
        "a",
        'unknown: 1, workdir: "relative", files: [{ source: 1, target: "/x", mode: "4755" }]',
      ),
    });
    const { specs, diagnostics } = await readImageSpecs(dir);
    expect(specs).toEqual([]);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(["IMAGE_SPEC_SHAPE"]));
    const text = diagnostics.map(({ message }) => message).join("\n");
    for (const path of ["unknown", '"workdir"', '"files.0.source"', '"files.0.mode"'])
      expect(text).toContain(path);
  });

  test("a package name that is an option or removes one never gets through", async () => {
    for (const name of ["bash-", "-oDPkg::Pre-Invoke::=id", "./x.deb", "a\\nRUN id"]) {
      const dir = folder({
        "a.json5": `{ name: "a", tag: "s:x", description: "", packages: { "${name}": [] } }`,
      });
      const { specs, diagnostics } = await readImageSpecs(dir);
      expect([name, specs, diagnostics[0]?.code]).toEqual([name, [], "IMAGE_SPEC_SHAPE"]);
      expect(diagnostics[0]?.message).not.toContain("\n");
    }
  });

  test("a definition of another name than its file's", async () => {
    const { specs, diagnostics } = await readImageSpecs(folder({ "a.json5": written("b") }));
    expect([specs, diagnostics.map(({ code }) => code)]).toEqual([[], ["IMAGE_SPEC_NAME"]]);
  });

  test("files outside the folder, behind links, or not regular are not read", async () => {
    const outside = folder({ secret: "canary" });
    const dir = tempFolder();
    symlinkSync(join(outside, "secret"), join(dir, "link"));
    symlinkSync(outside, join(dir, "linked"));
    mkdirSync(join(dir, "inner"));
    execFileSync("mkfifo", [join(dir, "pipe")]);
    const sources = [
      "link",
      "linked/secret",
      `../${outside.split("/").pop()}/secret`,
      join(outside, "secret"),
      "pipe",
      "inner",
      "gone",
      "inner/../gone",
      "",
      "a//b",
    ];
    for (const source of sources) {
      writeFileSync(
        join(dir, "a.json5"),
        written("a", `files: [{ source: ${JSON.stringify(source)}, target: "/x", mode: "0644" }]`),
      );
      const { specs, diagnostics } = await readImageSpecs(dir);
      expect([source, specs, diagnostics.length]).toEqual([source, [], 1]);
      expect(diagnostics[0]?.code).toMatch(/^IMAGE_SPEC_(FILE|SHAPE)$/);
    }
  });
});
