import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { MirrorSkillsRequest } from "../../src/sandbox/mirror-skills-request.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { gatewayGround, writeSkill } from "../support/gateway-ground.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { useBuiltCli } from "./built-cli.ts";

const { main } = useBuiltCli();
const program = fileURLToPath(new URL("../support/gateway-program.mjs", import.meta.url));

interface Report {
  readonly outcomes: readonly {
    readonly changed?: boolean;
    readonly names?: readonly string[];
    readonly error?: { readonly name: string; readonly code: string; readonly hint: string };
  }[];
  readonly writes: readonly string[];
  readonly modules: readonly string[];
}

/** What the built package does for a gateway that asks for these. */
function mirrorAsGateway(requests: readonly MirrorSkillsRequest[]): Promise<Report> {
  const entry = pathToFileURL(join(main(), "../../gateway.js")).href;
  return callInProcess<Report>(program, "mirrorAsGateway", [entry, requests]).result;
}

function ground() {
  const { ground: sources, workspaceRoot, folders } = gatewayGround(tempFolder());
  for (const name of ["one", "two"]) writeSkill(folders.managed, name);
  const requestFor = (key: string): MirrorSkillsRequest => ({
    scope: { kind: "session", key },
    workspaceRoot,
    workspaceAccess: "none",
    sources: { ...sources, config: {} },
    choice: { names: null, facts: null },
    sandboxUser: { uid: process.geteuid?.() ?? 1000, gid: process.getegid?.() ?? 1000 },
  });
  return { requestFor, workspaceRoot };
}

test("a gateway's own thread writes nothing, and its process ends when it is done", async () => {
  const { requestFor, workspaceRoot } = ground();
  const { outcomes, writes } = await mirrorAsGateway(["a", "a", "b"].map(requestFor));
  expect(outcomes).toMatchObject([
    { changed: true, names: ["one", "two"] },
    { changed: false, names: ["one", "two"] },
    { changed: true, names: ["one", "two"] },
  ]);
  expect(writes).toEqual([]);
  for (const key of ["a", "b"]) {
    const { workspaceDir } = scopeFolder(workspaceRoot, { kind: "session", key });
    expect(readFileSync(join(workspaceDir, "skills/one/scripts/run.sh"), "utf8")).toContain('echo "one"');
  }
  // The thread would end by itself a minute later.
}, 45_000);

test("what fails in the thread fails the call: its code, its hint, and what is live stays", async () => {
  const { requestFor, workspaceRoot } = ground();
  const { workspaceDir } = scopeFolder(workspaceRoot, { kind: "session", key: "foreign" });
  mkdirSync(join(workspaceDir, "skills"), { recursive: true });
  writeFileSync(join(workspaceDir, "skills", "mine.txt"), "mine");
  const { outcomes } = await mirrorAsGateway(["foreign", "good"].map(requestFor));
  expect(outcomes).toMatchObject([
    {
      error: {
        name: "SkillcrateError",
        code: "MIRROR_TARGET_FOREIGN",
        hint: expect.stringContaining("adopt"),
        message: expect.stringContaining("mine.txt"),
      },
    },
    { changed: true },
  ]);
  expect(readFileSync(join(workspaceDir, "skills", "mine.txt"), "utf8")).toBe("mine");
});

test("a gateway loads what reads skills and its own settings, and nothing that builds images", async () => {
  const { requestFor } = ground();
  const { modules } = await mirrorAsGateway([requestFor("a")]);
  const packages = modules.map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
  expect([...new Set(packages)].filter((name) => name !== undefined).sort()).toEqual([
    "dotenv",
    "gray-matter",
    "json5",
    "yaml",
  ]);
  const own = modules.filter((url) => url.includes("/package/dist/")).map((url) => url.split("/dist/")[1]);
  expect(own).toContain("gateway.js");
  expect(own).not.toContain("index.js");
});
