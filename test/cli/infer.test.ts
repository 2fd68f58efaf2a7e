import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import JSON5 from "json5";
import { describe, expect, test } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

const fence = "```";

function world(files: Readonly<Record<string, string>>): string {
  const cwd = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

function skillText(name: string, body = "", head = ""): string {
  return `---\nname: ${name}\ndescription: A skill for a test.\n${head}---\n${body}\n`;
}

const documents = {
  "skills/documents/SKILL.md": skillText(
    "documents",
    `${fence}bash\npandoc a.md -o b.docx\nunheard-of-tool x\ncurl https://h/\n${fence}\n${fence}python\nimport pandas\n${fence}`,
  ),
  "skills/documents/scripts/a.py": 'import subprocess\nimport docx\nsubprocess.run(["qpdf", "x"])\n',
};

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly confidence: string;
  readonly status: string;
  readonly place: { readonly file: string; readonly line: number };
}

async function inferIn(cwd: string, ...options: readonly string[]) {
  const { exitCode, stdout, stderr } = await callCli(["infer", join(cwd, "skills"), "--json", ...options], {
    cwd,
  });
  const document = JSON.parse(stdout);
  return { exitCode, stderr, document, rows: document.result.inferred as readonly Row[] };
}

describe("infer", () => {
  test("says what is used, how sure that is, what would provide it, and where it stands", async () => {
    const cwd = world(documents);
    const { exitCode, document, rows } = await inferIn(cwd);
    expect(exitCode).toBe(0);
    expect(document.format).toBe("skillcrate/infer@1");
    expect(rows.map(({ kind, name, confidence, status }) => [kind, name, confidence, status])).toEqual([
      ["bin", "curl", "likely", "present"],
      ["bin", "pandoc", "likely", "resolved"],
      ["bin", "python3", "certain", "present"],
      ["bin", "qpdf", "certain", "resolved"],
      ["bin", "unheard-of-tool", "likely", "unresolved"],
      ["python", "docx", "certain", "resolved"],
      ["python", "pandas", "likely", "resolved"],
    ]);
    expect(rows.find(({ name }) => name === "docx")?.place).toMatchObject({
      file: join(cwd, "skills/documents/scripts/a.py"),
      line: 2,
    });
    expect(existsSync(join(cwd, "skillcrate.json5"))).toBe(false);
    const { stdout } = await callCli(["infer", join(cwd, "skills")], { cwd });
    expect(stdout).toContain("run by scripts/a.py (skills/documents/scripts/a.py:3:");
    expect(stdout).toContain("5 undeclared needs, 2 more in every image");
  });

  test("--accept writes what is likely and can be had; then nothing is left to propose", async () => {
    const cwd = world({
      ...documents,
      "skillcrate.json5": "// mine\n{ skills: { documents: { /* here */ } } }\n",
    });
    const { document } = await inferIn(cwd, "--accept");
    expect(document.result.accepted.map(({ name }: Row) => name)).toEqual(["pandoc", "pandas"]);
    const text = readFileSync(join(cwd, "skillcrate.json5"), "utf8");
    expect(JSON5.parse(text)).toEqual({
      skills: { documents: { requires: { bins: ["pandoc"], python: ["pandas"] } } },
    });
    expect(text).toMatch(/^\/\/ mine\n/);
    expect(text).toContain("/* here */");
    const again = await inferIn(cwd, "--accept");
    expect(again.document.result.accepted).toEqual([]);
    expect(again.rows.map(({ name }) => name)).not.toContain("pandoc");
    expect(readFileSync(join(cwd, "skillcrate.json5"), "utf8")).toBe(text);
    const plan = JSON.parse((await callCli(["plan", join(cwd, "skills"), "--json"], { cwd })).stdout);
    expect(plan.result.resolutions).toContainEqual(
      expect.objectContaining({ bin: "pandoc", status: "resolved" }),
    );
  });

  test("--only chooses by name, guesses too; --guesses shows them", async () => {
    const cwd = world({
      "skills/a/SKILL.md": skillText("a"),
      "skills/a/references/more.md": `${fence}sh\npandoc x\nqpdf y\n${fence}\n`,
    });
    expect((await inferIn(cwd)).rows).toEqual([]);
    expect((await inferIn(cwd, "--guesses")).rows.map(({ name }) => name)).toEqual(["pandoc", "qpdf"]);
    const { document } = await inferIn(cwd, "--only", "qpdf", "--accept");
    expect(document.result.accepted.map(({ name }: Row) => name)).toEqual(["qpdf"]);
  });

  test("passes over what is declared, what the overlay says, and skills of other systems", async () => {
    const body = `${fence}sh\npandoc x | jq . | qpdf - && exiftool y\n${fence}`;
    const cwd = world({
      "skills/a/SKILL.md": skillText(
        "a",
        body,
        'metadata: { openclaw: { requires: { bins: ["pandoc"] } } }\n',
      ),
      "skills/b/SKILL.md": skillText("b", body, 'metadata: { openclaw: { os: ["darwin"] } }\n'),
      "skillcrate.json5":
        '{ skills: { "*": { requires: { bins: ["qpdf"] }, ignore: { bins: ["exiftool"] } } } }',
    });
    expect((await inferIn(cwd)).rows.map(({ name }) => name)).toEqual(["jq"]);
  });

  test("a skill whose name would be a pattern is not written, and hinders no other", async () => {
    const body = `${fence}sh\npandoc x\n${fence}`;
    const cwd = world({
      "skills/a/SKILL.md": skillText('"*"', body),
      "skills/b/SKILL.md": skillText("b", body),
    });
    const { document, rows } = await inferIn(cwd, "--accept");
    expect(rows).toHaveLength(2);
    expect(document.result.accepted).toEqual([{ skill: "b", kind: "bin", name: "pandoc" }]);
    expect(Object.keys(JSON5.parse(readFileSync(join(cwd, "skillcrate.json5"), "utf8")).skills)).toEqual([
      "b",
    ]);
  });

  test("a dependency that is refused is said with its place", async () => {
    const cwd = world({ ...documents, "skills/documents/requirements.txt": "docx\n--index-url=http://h/\n" });
    const { exitCode, document } = await inferIn(cwd);
    expect(exitCode).toBe(0);
    expect(document.diagnostics).toContainEqual(
      expect.objectContaining({
        code: "INFER_PACKAGE_REFUSED",
        severity: "error",
        place: { file: join(cwd, "skills/documents/requirements.txt"), line: 2, column: 1 },
      }),
    );
  });

  test("an overlay with an error ends it with 2, unchanged", async () => {
    const cwd = world({ ...documents, "skillcrate.json5": "{ skills: [] }" });
    const { exitCode } = await callCli(["infer", join(cwd, "skills"), "--accept", "--json"], { cwd });
    expect(exitCode).toBe(2);
    expect(readFileSync(join(cwd, "skillcrate.json5"), "utf8")).toBe("{ skills: [] }");
  });
});
