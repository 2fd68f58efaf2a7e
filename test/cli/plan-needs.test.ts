import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A folder `skills` with these files, and SKILL.md heads that declare nothing. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const dir = tempFolder();
  for (const name of new Set(Object.keys(files).map((path) => path.split("/")[0] ?? ""))) {
    if (name.endsWith(".json5")) continue;
    write(dir, `skills/${name}/SKILL.md`, `---\nname: ${name}\ndescription: Does ${name}.\n---\n`);
  }
  for (const [path, text] of Object.entries(files)) {
    write(dir, path.endsWith(".json5") ? path : `skills/${path}`, text);
  }
  return dir;
}

function write(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

async function plan(dir: string, ...more: readonly string[]) {
  const ended = await callCli(["plan", join(dir, "skills"), "--json", ...more], { cwd: dir, homeDir: dir });
  const document = JSON.parse(ended.stdout);
  const { libraries, resolutions, leftOut, images } = document.result;
  return {
    exitCode: ended.exitCode,
    libraries: libraries.map((row: Row) => `${row.skill} ${row.library} ${row.status}`),
    bins: resolutions.map((row: Row) => `${row.skill} ${row.bin} ${row.status}`),
    leftOut: leftOut.map(
      ({ skill, reasons }: { skill: string; reasons: string[] }) => `${skill}: ${reasons}`,
    ),
    image: images.at(-1),
    codes: document.diagnostics.map(({ code }: { code: string }) => code),
  };
}

interface Row {
  readonly skill: string;
  readonly library: string;
  readonly bin: string;
  readonly status: string;
}

const files = {
  "notes/scripts/run.py": "import yaml\nimport nowhere_at_all\n",
  "notes/scripts/draw.sh": "#!/bin/sh\npdftotext a.pdf\nno-such-tool-anywhere x\n",
  "deck/make.cjs": 'const lib = require("pdf-lib");\n',
};

test("what scripts use is planned though no head asks for it; what is missing keeps no skill out", async () => {
  const { exitCode, libraries, bins, leftOut, image, codes } = await plan(projectOf(files));
  expect(exitCode).toBe(0);
  expect(libraries).toEqual([
    "deck pdf-lib resolved",
    "notes nowhere_at_all unresolved",
    "notes yaml resolved",
  ]);
  expect(bins).toContain("notes pdftotext resolved");
  expect(bins).toContain("notes no-such-tool-anywhere unresolved");
  expect(leftOut).toEqual([]);
  expect(image.promises.map(({ name }: { name: string }) => name)).toContain("pdftotext");
  expect(image.libraries).toMatchObject([
    { language: "node", name: "pdf-lib", requestedBy: [{ skill: "deck", place: { line: 1 } }] },
    { language: "python", naming: "module", name: "yaml", requestedBy: [{ skill: "notes" }] },
  ]);
  expect(codes).toEqual(expect.arrayContaining(["LIBRARY_UNRESOLVED", "RECIPE_NEED_OPEN"]));
});

test("nothing of it where it is switched off", async () => {
  const { libraries, bins, image, codes } = await plan(projectOf(files), "--no-infer");
  expect([libraries, bins, codes]).toEqual([[], [], []]);
  expect(image.libraries).toBeUndefined();
});

test("the overlay passes over what only seems to be needed, and asks for what nobody sees", async () => {
  const overlay = `{ skills: {
    notes: { ignore: { bins: ["no-such-tool-anywhere"], python: ["nowhere_at_all"] } },
    deck: { requires: { python: [{ import: "openpyxl", version: ">=3.0" }] } },
  } }`;
  const { libraries, leftOut } = await plan(projectOf({ ...files, "skillcrate.json5": overlay }));
  expect(libraries).toEqual(["deck pdf-lib resolved", "deck openpyxl resolved", "notes yaml resolved"]);
  expect(leftOut).toEqual([]);
});

test("a library that the overlay asks for and nobody has keeps its skill out", async () => {
  const overlay = `{ skills: { deck: { requires: { python: ["nowhere_at_all"] } } } }`;
  const { leftOut, image } = await plan(projectOf({ ...files, "skillcrate.json5": overlay }));
  expect(leftOut).toEqual([expect.stringMatching(/^deck: the python library "nowhere_at_all": /)]);
  expect(image.libraries).toMatchObject([{ name: "yaml" }]);
});

test("a dependency that pip would read as something else refuses its skill and no other", async () => {
  const { leftOut, libraries, codes } = await plan(
    projectOf({
      ...files,
      "evil/requirements.txt": "yaml @ file:///etc/passwd\n",
      "evil/x.py": "import yaml\n",
    }),
  );
  expect(leftOut).toEqual([expect.stringMatching(/^evil: it is refused: /)]);
  expect(libraries).toContain("evil yaml excluded");
  expect(libraries).toContain("notes yaml resolved");
  expect(codes).toContain("INFER_PACKAGE_REFUSED");
});

test("the text of a script changes no plan as long as it uses the same", async () => {
  const first = await plan(projectOf(files));
  const second = await plan(
    projectOf({ ...files, "deck/make.cjs": '// more\nlet x = 1;\nrequire("pdf-lib");\n' }),
  );
  expect(second.image.hash).toBe(first.image.hash);
});
