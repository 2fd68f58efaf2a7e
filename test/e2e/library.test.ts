import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { callInProcess } from "../support/call-in-process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { useBuiltCli } from "./built-cli.ts";

const { dir, main } = useBuiltCli();
const built = (name: string) => pathToFileURL(join(main(), "../..", name)).href;

test("finds what the package holds, wherever the build puts its code", async () => {
  const { result } = callInProcess<string>(built("index.js"), "builtInImagesDir", []);
  expect(await result).toBe(join(dir(), "package", "images"));
});

test("a gateway's half holds the very things of the whole", async () => {
  const program = join(tempFolder(), "program.mjs");
  writeFileSync(
    program,
    `import * as gateway from ${JSON.stringify(built("gateway.js"))};
     import * as whole from ${JSON.stringify(built("index.js"))};
     export const compare = () => Object.entries(gateway).map(([name, value]) => [name, whole[name] === value]);`,
  );
  const compared = await callInProcess<[string, boolean][]>(program, "compare", []).result;
  expect(compared.filter(([, same]) => !same)).toEqual([]);
  expect(compared.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      "mirrorSkills",
      "prepareHome",
      "sandboxEnvironment",
      "stageMedia",
      "SkillcrateError",
    ]),
  );
});
