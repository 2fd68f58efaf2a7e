import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { sandboxLimits, withThrowawayContainer } from "../../src/engine/throwaway-container.ts";
import { callCli } from "../support/call-cli.ts";
import { buildRequest, imageOf, runBuild } from "../support/run-build.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";
import { expectPredictedSizes } from "./predicted-sizes.ts";

const folder = fileURLToPath(new URL("../../examples/document-skills", import.meta.url));
const prefix = `${inject("tagPrefix")}docs`;
const tag = `${prefix}-sandbox-skills:documents`;
const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

/** Every script of the folder with a command that uses it, in an order in which each finds what it needs. */
const uses: readonly (readonly [script: string, command: string, prints: string])[] = [
  [
    "word-documents/scripts/write-letter.mjs",
    "printf 'First line\\nSecond line\\n' | node $0 letter.docx 'Dear reader'",
    "",
  ],
  [
    "word-documents/scripts/outline.py",
    "python3 $0 letter.docx",
    "# Dear reader\n    First line\n    Second line\n",
  ],
  [
    "word-documents/scripts/to-html.cjs",
    "node $0 letter.docx",
    "<h1>Dear reader</h1><p>First line</p><p>Second line</p>\n",
  ],
  ["word-documents/scripts/to-pdf.sh", "$0 letter.docx out", "Pages:           1\n"],
  ["pdf-files/scripts/make_report.py", "printf 'A paragraph.\\n' | python3 $0 report.pdf Title", ""],
  ["pdf-files/scripts/merge.py", "python3 $0 all.pdf report.pdf out/letter.pdf", "2 pages\n"],
  ["pdf-files/scripts/stamp.mjs", "node $0 all.pdf stamped.pdf DRAFT", ""],
  [
    "pdf-files/scripts/pages.sh",
    "$0 stamped.pdf pages && grep -q 'A paragraph.' pages/text.txt",
    "page-1.png\npage-2.png\nrepaired.pdf\ntext.txt\n",
  ],
  [
    "spreadsheets/scripts/from_csv.py",
    "printf 'name,amount\\na,1.5\\nb,2\\n' > table.csv; python3 $0 table.csv table.xlsx",
    "",
  ],
  ["spreadsheets/scripts/recalculate.py", "python3 $0 table.xlsx out", ""],
  [
    "spreadsheets/scripts/read.cjs",
    "node $0 out/table.xlsx",
    '[["name","amount"],["a",1.5],["b",2],[null,3.5]]\n',
  ],
  [
    "spreadsheets/scripts/describe.py",
    "python3 $0 table.csv",
    "       amount\ncount    2.00\nmean     1.75\nmin      1.50\nmax      2.00\n",
  ],
  [
    "slides/scripts/make-deck.cjs",
    "printf -- '- title: One\\n  points: [a, b]\\n- title: Two\\n' > outline.yaml; node $0 outline.yaml deck.pptx",
    "",
  ],
  ["slides/scripts/contact_sheet.py", "python3 $0 deck.pptx sheet.png && test -s sheet.png", "2 slides\n"],
];

describe("document skills that declare nothing", () => {
  test("give an image in which every one of their scripts works, of the size that was predicted", async () => {
    const homeDir = tempFolder();
    const where = [
      "--name",
      "documents",
      "--tag-prefix",
      prefix,
      "--base-image",
      inject("baseImage"),
      "--json",
    ];
    const network = ["--http-proxy", inject("aptProxy"), "--npm-registry", inject("npmRegistry")];
    const built = await callCli(["build", folder, "--strict", ...where, ...network], {
      env: { DOCKER_HOST },
      homeDir,
    });
    const { result, diagnostics } = JSON.parse(built.stdout);
    expect(built.exitCode, JSON.stringify(diagnostics, null, 1)).toBe(0);
    expect(result.leftOut).toEqual([]);

    const planned = await callCli(["plan", folder, ...where], { homeDir });
    await expectPredictedSizes(engine, planned.stdout);

    const verified = await callCli(["verify", tag, "--json"], { env: { DOCKER_HOST } });
    const { facts } = JSON.parse(verified.stdout).result;
    expect(verified.exitCode).toBe(0);
    expect(facts.binaries.map(({ name }: { name: string }) => name)).toEqual([
      ...["node", "pdfinfo", "pdftoppm", "pdftotext", "python3", "qpdf", "soffice"],
    ]);
    expect(facts.libraries.map(({ language, name, ok }: Library) => `${language} ${name} ${ok}`)).toEqual([
      ...["docx", "exceljs", "js-yaml", "mammoth", "pdf-lib", "pptxgenjs"].map((name) => `node ${name} true`),
      ...["PIL", "docx", "openpyxl", "pandas", "pypdf", "reportlab"].map((name) => `python ${name} true`),
    ]);

    const paths = scriptsIn(folder);
    expect(uses.map(([script]) => script).sort()).toEqual(paths);
    await runInside(await withScripts(paths));
  });
});

interface Library {
  readonly language: string;
  readonly name: string;
  readonly ok: boolean;
}

function scriptsIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes("/scripts/"))
    .sort();
}

/** An image on top with the skills' files, as a sandbox would see them. */
async function withScripts(paths: readonly string[]): Promise<string> {
  const dockerfile = `FROM ${tag}\nLABEL ${testLabel}=${inject("testRun")}\nCOPY files/ /skills/\n`;
  const context = paths.map((path) => ({
    path: `files/${path}`,
    mode: 0o755,
    content: readFileSync(join(folder, path)),
  }));
  return imageOf(await runBuild(engine, buildRequest(dockerfile, { context, builder: "classic" })));
}

/** As a sandbox runs: the image's own user, no network, nothing to write but a few folders. */
async function runInside(image: string): Promise<void> {
  const spec = { ...sandboxLimits, image, user: null, env: { HOME: "/tmp/home" }, network: "none" };
  const signal = AbortSignal.timeout(120_000);
  await withThrowawayContainer(engine, spec, signal, async (container) => {
    for (const [script, command, prints] of uses) {
      const ended = await container.exec({
        command: ["sh", "-ec", `mkdir -p out; ${command}`, `/skills/${script}`],
        workdir: "/tmp",
        outputLimitBytes: 100_000,
        timeoutMs: 60_000,
      });
      expect(ended.exitCode, `${script}: ${ended.stderr}`).toBe(0);
      expect(ended.stdout, script).toBe(prints);
    }
  });
}
