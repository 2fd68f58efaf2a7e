import { describe, expect, test } from "vitest";
import { type EligibilityContext, judgeEligibility } from "../../src/skill/judge-eligibility.ts";
import { parseSkillsSettings } from "../../src/skill/parse-skills-settings.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { plainSkill } from "../support/plain-skill.ts";

/** A gateway on which everything that the skills below ask for is missing. */
function context(config: unknown, rest: Partial<EligibilityContext> = {}): EligibilityContext {
  return {
    settings: parseSkillsSettings(config).settings,
    config,
    bundled: true,
    agentSkills: null,
    os: "linux",
    imageBins: new Set(),
    hostBins: new Set(),
    envNames: new Set(),
    ...rest,
  };
}

const demanding: Partial<Skill> = {
  name: "notes",
  skillKey: "notes-key",
  os: ["darwin"],
  primaryEnv: "NOTES_TOKEN",
  requires: { bins: ["jq", "rg"], anyBins: ["bat", "cat2"], env: ["NOTES_TOKEN"], config: ["notes.on"] },
};

describe("the order: the first rule that fails is the reason", () => {
  const failing = {
    skills: { entries: { "notes-key": { enabled: false } }, allowBundled: ["other"] },
  };
  const steps: readonly [string, Partial<Skill>, unknown, Partial<EligibilityContext>][] = [
    ["valid", { ...demanding, state: "invalid" }, failing, { agentSkills: [] }],
    ["enabled", demanding, failing, { agentSkills: [] }],
    ["allowBundled", demanding, { skills: { allowBundled: ["other"] } }, { agentSkills: [] }],
    ["agent", demanding, {}, { agentSkills: [] }],
    ["os", demanding, {}, {}],
    ["bins", { ...demanding, os: [] }, {}, {}],
    ["anyBins", { ...demanding, os: [] }, {}, { imageBins: new Set(["jq", "rg"]) }],
    ["env", { ...demanding, os: [] }, {}, { imageBins: new Set(["jq", "rg", "bat"]) }],
    [
      "config",
      { ...demanding, os: [] },
      {},
      { imageBins: new Set(["jq", "rg", "bat"]), envNames: new Set(["NOTES_TOKEN"]) },
    ],
  ];

  test.each(steps)("%s", (rule, skill, config, rest) => {
    const verdict = judgeEligibility(plainSkill(skill), context(config, rest));
    expect(verdict).toMatchObject({ eligible: false, decidedBy: rule });
    expect(verdict.reason).toMatch(/\.$/);
  });

  test("everything there: eligible, decided by no single rule", () => {
    const verdict = judgeEligibility(
      plainSkill({ ...demanding, os: ["linux", "darwin"] }),
      context(
        { notes: { on: true } },
        { imageBins: new Set(["jq", "rg", "cat2"]), envNames: new Set(["NOTES_TOKEN"]) },
      ),
    );
    expect(verdict).toMatchObject({ eligible: true, decidedBy: null });
  });

  test("always stops the asking after the system, not before", () => {
    const always = { ...demanding, always: true };
    expect(judgeEligibility(plainSkill({ ...always, os: [] }), context({}))).toMatchObject({
      eligible: true,
      decidedBy: "always",
    });
    expect(judgeEligibility(plainSkill(always), context({}))).toMatchObject({
      eligible: false,
      decidedBy: "os",
    });
  });
});

describe("binaries", () => {
  test("only the image counts; the answer says where each one is", () => {
    const skill = plainSkill({
      requires: { bins: ["a", "b", "c"], anyBins: ["c", "d"], env: [], config: [] },
    });
    const verdict = judgeEligibility(
      skill,
      context({}, { imageBins: new Set(["a"]), hostBins: new Set(["a", "b", "d"]) }),
    );
    expect(verdict.decidedBy).toBe("bins");
    expect(verdict.reason).toBe('Not in the image: "b" (it is on the host), "c".');
    expect(verdict.bins).toEqual([
      { name: "a", where: "image" },
      { name: "b", where: "host" },
      { name: "c", where: "nowhere" },
      { name: "d", where: "host" },
    ]);
  });

  test("one of anyBins in the image is enough, one on the host is not", () => {
    const skill = plainSkill({ requires: { bins: [], anyBins: ["a", "b"], env: [], config: [] } });
    expect(judgeEligibility(skill, context({}, { hostBins: new Set(["a"]) })).eligible).toBe(false);
    expect(judgeEligibility(skill, context({}, { imageBins: new Set(["b"]) })).eligible).toBe(true);
  });
});

describe("settings", () => {
  const asksToken = plainSkill({
    skillKey: "k",
    primaryEnv: "TOKEN",
    requires: { bins: [], anyBins: [], env: ["TOKEN"], config: [] },
  });

  test.each([
    ["the environment", {}, new Set(["TOKEN"]), true],
    ["the entry's env", { skills: { entries: { k: { env: { TOKEN: "x" } } } } }, new Set<string>(), true],
    [
      "an empty value in it",
      { skills: { entries: { k: { env: { TOKEN: "" } } } } },
      new Set<string>(),
      false,
    ],
    ["the entry's apiKey", { skills: { entries: { k: { apiKey: "x" } } } }, new Set<string>(), true],
    [
      "a reference to a secret",
      { skills: { entries: { k: { apiKey: { source: "env" } } } } },
      new Set<string>(),
      true,
    ],
    ["another skill's entry", { skills: { entries: { other: { apiKey: "x" } } } }, new Set<string>(), false],
    ["nothing", {}, new Set<string>(), false],
  ])("a variable from %s", (_, config, envNames, eligible) => {
    expect(judgeEligibility(asksToken, context(config, { envNames })).eligible).toBe(eligible);
  });

  test("apiKey stands for primaryEnv only", () => {
    const skill = plainSkill({ ...asksToken, primaryEnv: "OTHER" });
    expect(judgeEligibility(skill, context({ skills: { entries: { k: { apiKey: "x" } } } })).eligible).toBe(
      false,
    );
  });

  test.each([
    [true, true],
    [1, true],
    ["x", true],
    [{}, true],
    [[], true],
    [false, false],
    [0, false],
    ["  ", false],
    [null, false],
    [undefined, false],
  ])("a required setting of %j", (value, eligible) => {
    const skill = plainSkill({ requires: { bins: [], anyBins: [], env: [], config: ["a.b"] } });
    expect(judgeEligibility(skill, context({ a: { b: value } })).eligible).toBe(eligible);
  });

  test("what every object inherits is no setting", () => {
    for (const path of ["constructor", "__proto__", "a.toString", "a.__proto__.x"]) {
      const skill = plainSkill({ requires: { bins: [], anyBins: [], env: [], config: [path] } });
      expect(judgeEligibility(skill, context({ a: {} })).eligible).toBe(false);
    }
    const key = plainSkill({ ...asksToken, skillKey: "__proto__" });
    expect(judgeEligibility(key, context({ skills: { entries: {} } })).eligible).toBe(false);
  });

  test("a bundled skill is listed by key or name; other sources and an empty list are not asked", () => {
    const skill = plainSkill({ name: "n", skillKey: "k" });
    const allow = (allowBundled: unknown, bundled = true) =>
      judgeEligibility(skill, context({ skills: { allowBundled } }, { bundled })).eligible;
    expect([allow(["n"]), allow(["k"]), allow(["x"]), allow(["x"], false), allow([])]).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
  });
});

describe("parseSkillsSettings", () => {
  test("wrong types are reported with their path, count as not set, and no value is shown", () => {
    const { settings, diagnostics } = parseSkillsSettings({
      skills: {
        allowBundled: "canary",
        load: { extraDirs: ["/a", 1, " "] },
        entries: { a: "canary", b: { enabled: "canary", env: ["canary"], apiKey: "" } },
        limits: { maxCandidatesPerRoot: 0, maxSkillsLoadedPerSource: 5, maxSkillFileBytes: "canary" },
      },
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(Array(7).fill("GATEWAY_CONFIG_TYPE"));
    expect(JSON.stringify(diagnostics)).not.toContain("canary");
    expect(settings.allowBundled).toBeNull();
    expect(settings.extraDirs).toEqual(["/a"]);
    expect(settings.entries.get("b")).toMatchObject({ enabled: true, hasApiKey: false });
    expect(settings.limits).toEqual({
      maxCandidatesPerRoot: 300,
      maxSkillsLoadedPerSource: 5,
      maxSkillFileBytes: 256_000,
    });
  });

  test.each([undefined, null, 1, "x", [], { skills: null }, { other: true }])(
    "%j has no settings and no complaint",
    (config) => {
      const { settings, diagnostics } = parseSkillsSettings(config);
      expect([settings.entries.size, settings.extraDirs, diagnostics]).toEqual([0, [], []]);
    },
  );
});
