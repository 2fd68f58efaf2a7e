import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { sandboxLimits, withThrowawayContainer } from "../../src/engine/throwaway-container.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { startWheelIndex, type WheelIndex } from "./wheel-index.ts";

const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
const host = new URL(inject("aptProxy")).hostname;
let engine: Engine;
let index: WheelIndex;

beforeAll(async () => {
  engine = await connectTestEngine();
  index = await startWheelIndex([
    // Debian's PyYAML will do for it: the index has none.
    { name: "shelf-reader", version: "2.1", modules: { "shelf_reader.py": shelf }, requires: ["PyYAML>=5"] },
    {
      name: "shelf-reader",
      version: "3.0",
      modules: { "shelf_reader.py": "raise ImportError('too new')\n" },
    },
    { name: "torn", version: "1.0", modules: { "torn.py": "import no_such_part\n" } },
  ]);
});

afterAll(async () => {
  await index?.close();
});

const shelf = "import yaml\n__version__ = '2.1'\ndef read(text):\n    return yaml.safe_load(text)\n";

/** A folder of skills, each of a SKILL.md that declares nothing and the given files. */
function folderOf(skills: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const folder = tempFolder();
  for (const [name, files] of Object.entries(skills)) {
    const head = `---\nname: ${name}\ndescription: Does ${name}.\n---\n`;
    for (const [path, text] of Object.entries({ "SKILL.md": head, ...files })) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true });
      writeFileSync(join(folder, name, path), text);
    }
  }
  return folder;
}

async function build(
  folder: string,
  name: string,
  prefix: string,
  env: Readonly<Record<string, string>> = {},
) {
  const ended = await callCli(
    [
      ...["build", folder, "--name", name, "--json", "--tag-prefix", prefix],
      ...["--base-image", inject("baseImage"), "--http-proxy", inject("aptProxy"), "--no-proxy", host],
      ...["--python-index", `http://${host}:${index.port}/simple/`],
    ],
    { env: { DOCKER_HOST, ...env }, homeDir: tempFolder() },
  );
  return { ...ended, document: JSON.parse(ended.stdout) };
}

/** What a command prints as a sandbox runs it. */
async function run(image: string, command: readonly string[]): Promise<string> {
  const spec = { ...sandboxLimits, image, user: null, env: { HOME: "/tmp" }, network: "none" };
  return await withThrowawayContainer(engine, spec, AbortSignal.timeout(60_000), async (container) => {
    const ended = await container.exec({ command, outputLimitBytes: 10_000, timeoutMs: 30_000 });
    expect(ended.stderr).toBe("");
    return ended.stdout;
  });
}

const skills = {
  shelves: {
    "requirements.txt": "shelf-reader<3\n",
    "scripts/list.py": "import shelf_reader\nimport yaml\n",
  },
  hostile: {
    "requirements.txt": "shelf-reader @ file:///etc/passwd\n",
    "run.py": "import shelf_reader\n",
  },
};

describe.each([
  { builder: "BuildKit", name: "pyl", env: {} },
  { builder: "the classic builder", name: "pylc", env: { DOCKER_BUILDKIT: "0" } },
])("Python libraries of a package index, by $builder", ({ name, env }) => {
  const prefix = `${inject("tagPrefix")}${name}`;
  const tag = `${prefix}-sandbox-skills:shelves`;

  test("are found by any script, go with Debian's, and tell nothing of the index", async () => {
    const { exitCode, document } = await build(folderOf(skills), "shelves", prefix, env);
    expect(exitCode, JSON.stringify(document.diagnostics)).toBe(0);
    // Its twin asks for a file of its own choice.
    expect(document.result.leftOut).toMatchObject([{ skill: "hostile" }]);
    expect(document.diagnostics.map(({ code }: { code: string }) => code)).toContain("INFER_PACKAGE_REFUSED");

    const program =
      "import shelf_reader, yaml; print(shelf_reader.__file__, shelf_reader.read('a: 1'), yaml.__file__)";
    const [own, value, debian] = (await run(tag, ["python3", "-c", program])).trim().split(/ (?=\{|\/usr)/);
    expect(own).toMatch(
      /^\/opt\/skills\/python-libraries-[0-9a-f]{12}\/lib\/python3\.11\/site-packages\/shelf_reader\.py$/,
    );
    expect([value, debian]).toEqual(["{'a': 1}", "/usr/lib/python3/dist-packages/yaml/__init__.py"]);
    expect(index.requests.some((path) => /pyyaml/i.test(path))).toBe(false);
    // Neither pip nor what it was told is there.
    const searched = `! command -v pip3 && ! grep -rlF ${host}:${index.port} /opt/skills /etc /usr/local /root`;
    expect(await run(tag, ["sh", "-c", `${searched} 2>/dev/null; echo $?`])).toBe("0\n");
    expect(JSON.stringify(await engine.images.inspect(tag))).not.toContain(String(index.port));

    const verified = JSON.parse((await callCli(["verify", tag, "--json"], { env: { DOCKER_HOST } })).stdout);
    expect(verified.result.facts.libraries).toMatchObject([
      { language: "python", naming: "module", name: "shelf_reader", version: "2.1", ok: true },
      { language: "python", naming: "module", name: "yaml", ok: true },
      // What it is imported as is not known from the dependency file.
      { language: "python", naming: "package", name: "shelf-reader", version: "2.1", ok: true },
    ]);
  });
});

test("a library that cannot be imported fails the build, at the line that asks for it", async () => {
  const folder = folderOf({ torn: { "requirements.txt": "# one\ntorn==1.0\n", "run.py": "import torn\n" } });
  const { exitCode, document } = await build(folder, "torn", `${inject("tagPrefix")}pyl`);
  expect(exitCode).toBe(1);
  expect(document.diagnostics).toContainEqual(
    expect.objectContaining({
      code: "PROBE_FAILED",
      message: expect.stringContaining("torn: ModuleNotFoundError: No module named 'no_such_part'"),
      places: [
        { file: join(folder, "torn/requirements.txt"), line: 2, column: 1 },
        { file: join(folder, "torn/run.py"), line: 1, column: 8 },
      ],
    }),
  );
  expect(await engine.images.inspect(`${inject("tagPrefix")}pyl-sandbox-skills:torn`)).toBeNull();
});
