import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mergeSources } from "../../src/skill/merge-sources.ts";
import { type GatewaySourcesOptions, readGatewaySources } from "../../src/source/read-gateway-sources.ts";
import { tempFolder } from "../support/temp-folder.ts";

function addSkill(root: string, path: string, name = path.split("/").at(-1) ?? ""): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(
    join(root, path, "SKILL.md"),
    `---\nname: ${name}\ndescription: A skill for a test.\n---\nText.\n`,
  );
}

/** A gateway with nothing in it but the folders that it knows of. */
function gateway(): GatewaySourcesOptions & { homeDir: string; workspaceDir: string; bundledDir: string } {
  const homeDir = tempFolder();
  const dirs = {
    stateDir: join(homeDir, ".openclaw"),
    workspaceDir: join(homeDir, "work"),
    bundledDir: join(homeDir, "lib"),
  };
  for (const dir of Object.values(dirs)) mkdirSync(dir);
  return { config: undefined, homeDir, ...dirs };
}

function found({ sources }: Awaited<ReturnType<typeof readGatewaySources>>): string[] {
  return sources.flatMap(({ kind, skills }) => skills.map(({ name }) => `${kind} ${name}`));
}

describe("places", () => {
  test("all six, lowest precedence first; of one name the workspace's is used", async () => {
    const options = gateway();
    const extra = tempFolder();
    addSkill(extra, "jq");
    addSkill(options.homeDir, "more/jq");
    addSkill(options.bundledDir, "jq");
    addSkill(options.stateDir, "skills/jq");
    addSkill(options.homeDir, ".agents/skills/jq");
    addSkill(options.workspaceDir, ".agents/skills/jq");
    addSkill(options.workspaceDir, "skills/jq");
    const config = { skills: { load: { extraDirs: [extra, "~/more"] } } };
    const read = await readGatewaySources({ ...options, config });
    expect(read.diagnostics).toEqual([]);
    expect(read.sources.map(({ kind }) => kind)).toEqual([
      "extra",
      "extra",
      "bundled",
      "managed",
      "personal",
      "project",
      "workspace",
    ]);
    const merged = mergeSources(read.sources);
    expect(merged.skills).toMatchObject([{ source: "workspace" }]);
    expect(merged.shadowed).toHaveLength(6);
  });

  test("those that nobody named may be missing; those that somebody named are said", async () => {
    const options = gateway();
    const config = { skills: { load: { extraDirs: ["/nowhere/at/all", "relative"] } } };
    const read = await readGatewaySources({ ...options, config, bundledDir: join(options.homeDir, "gone") });
    expect(found(read)).toEqual([]);
    expect(read.diagnostics.map(({ code }) => code).sort()).toEqual([
      "GATEWAY_PATH_RELATIVE",
      "SOURCE_MISSING",
      "SOURCE_MISSING",
    ]);
  });

  test("without a workspace and bundled skills only the shared places are read", async () => {
    const options = gateway();
    addSkill(options.workspaceDir, "skills/mine");
    addSkill(options.stateDir, "skills/managed");
    expect(found(await readGatewaySources({ ...options, workspaceDir: null, bundledDir: null }))).toEqual([
      "managed managed",
    ]);
  });

  test("a linked root is resolved once, but not inside a workspace, which a sandbox may have written", async () => {
    const options = gateway();
    const elsewhere = tempFolder();
    addSkill(elsewhere, "jq");
    symlinkSync(elsewhere, join(options.stateDir, "skills"));
    symlinkSync(elsewhere, join(options.workspaceDir, "skills"));
    symlinkSync(elsewhere, join(options.workspaceDir, ".agents"));
    const read = await readGatewaySources(options);
    expect(found(read)).toEqual(["managed jq"]);
    expect(read.diagnostics).toMatchObject([
      { code: "SOURCE_UNREADABLE", message: expect.stringContaining("symbolic link") },
      { code: "SOURCE_UNREADABLE", hint: expect.stringContaining("extraDirs") },
    ]);
  });

  test("a root that is itself a skill is that skill", async () => {
    const options = gateway();
    addSkill(options.stateDir, "skills", "single");
    addSkill(options.stateDir, "skills/inner");
    expect(found(await readGatewaySources(options))).toEqual(["managed single"]);
  });
});

describe("nesting and limits", () => {
  test("six levels, not inside a skill, not in dot folders and node_modules", async () => {
    const options = gateway();
    for (const path of [
      "1/2/3/4/5/six",
      "1/2/3/4/5/6/seven",
      "outer",
      "outer/inner",
      ".git/no",
      "node_modules/no",
    ]) {
      addSkill(options.workspaceDir, join("skills", path));
    }
    const read = await readGatewaySources(options);
    expect(found(read)).toEqual(["workspace six", "workspace outer"]);
    expect(read.diagnostics.map(({ code }) => code)).toEqual(["SOURCE_TOO_DEEP"]);
  });

  test.each([
    ["candidates", { maxCandidatesPerRoot: 2 }, ["a", "b"], ["SOURCE_CANDIDATE_LIMIT"]],
    ["skills", { maxSkillsLoadedPerSource: 1 }, ["a"], ["SOURCE_SKILL_LIMIT"]],
    ["exactly as many skills as allowed", { maxSkillsLoadedPerSource: 3 }, ["a", "b", "c"], []],
  ])("%s, from the configuration and from the caller", async (_, limits, names, codes) => {
    const options = gateway();
    for (const name of ["c", "b", "a"]) addSkill(options.stateDir, `skills/${name}`);
    for (const each of [
      { ...options, config: { skills: { limits } } },
      { ...options, limits },
      {
        ...options,
        limits,
        config: { skills: { limits: { maxCandidatesPerRoot: 99, maxSkillsLoadedPerSource: 99 } } },
      },
    ]) {
      const read = await readGatewaySources(each);
      expect(found(read)).toEqual(names.map((name) => `managed ${name}`));
      expect(read.diagnostics.map(({ code }) => code)).toEqual(codes);
    }
  });

  test("the reference's numbers are the defaults", async () => {
    const options = gateway();
    for (let index = 0; index < 305; index += 1)
      addSkill(options.stateDir, `skills/s${String(index).padStart(3, "0")}`);
    writeFileSync(
      join(options.stateDir, "skills", "s000", "SKILL.md"),
      `---\nname: s000\n---\n${"x".repeat(256_000)}`,
    );
    const { sources, diagnostics } = await readGatewaySources(options);
    const skills = sources.find(({ kind }) => kind === "managed")?.skills ?? [];
    expect(skills).toHaveLength(200);
    expect(skills[0]).toMatchObject({ state: "invalid", diagnostics: [{ code: "SKILL_FILE_TOO_LARGE" }] });
    expect(diagnostics.map(({ code }) => code)).toEqual(["SOURCE_CANDIDATE_LIMIT", "SOURCE_SKILL_LIMIT"]);
    expect(diagnostics[0]?.message).toContain("305 folders");
  });

  test("a signal ends the reading", async () => {
    await expect(readGatewaySources({ ...gateway(), signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});
