import { expect, test } from "vitest";
import * as skillcrate from "../src/index.ts";

test("the values that the package exports, all of them named", () => {
  expect(Object.keys(skillcrate).sort()).toEqual([
    "SkillcrateError",
    "acquireGeneration",
    "buildImages",
    "builtInImagesDir",
    "changeSecretFile",
    "checkUpdates",
    "chooseSandboxUser",
    "cleanImages",
    "collectHomes",
    "compareText",
    "connectEngine",
    "connectionStrategies",
    "copyFromWorkspace",
    "createMirrorCache",
    "createRedactor",
    "defaultBuildSettings",
    "defaultMirrorLimits",
    "defaultSeedFiles",
    "defaultSkillListLimits",
    "defaultSourceLimits",
    "defaultStateDir",
    "describeRecipe",
    "describeSharing",
    "diagnosticCodes",
    "dmScopes",
    "errorCodes",
    "escapeText",
    "exportHome",
    "formatSkillList",
    "gatewayProducts",
    "imageLabels",
    "imageSpecSchema",
    "importNames",
    "judgeEligibility",
    "keepSkillsMirrored",
    "knownBinaries",
    "listGatewayRoots",
    "listHomes",
    "listWorkspace",
    "locateGateway",
    "mergeSources",
    "mirrorSkills",
    "namespaces",
    "noNetworkSettings",
    "obtainBase",
    "openState",
    "parseSkill",
    "parseSkillsSettings",
    "planBuiltInImages",
    "planSecretFiles",
    "planSecrets",
    "planSkillList",
    "planSkillsImage",
    "platforms",
    "prepareHome",
    "probeImage",
    "publishSkills",
    "quoteValue",
    "readAptEpoch",
    "readFromWorkspace",
    "readGatewaySources",
    "readImageLabels",
    "readImageSpecs",
    "readManifest",
    "readNetworkSettings",
    "readSecretFile",
    "readSkillFolders",
    "refuseName",
    "removeHome",
    "renderBaseDir",
    "renderImage",
    "resolveRequirements",
    "sandboxEnvironment",
    "scopeFolder",
    "secretRules",
    "seedWorkspace",
    "sourceKinds",
    "stageMedia",
    "streamFromWorkspace",
    "templateKinds",
    "textPolicies",
    "toHostPath",
    "unreachableEcosystems",
    "unusableArgumentCodes",
    "verifyGeneration",
    "verifyImage",
    "watchSkillSources",
    "writeSecretFiles",
  ]);
});

test("from the text of a skill to a Dockerfile, with nothing but what is exported", async () => {
  const text =
    '---\nname: frames\ndescription: d\nmetadata: {"openclaw": {"requires": {"bins": ["ffmpeg"]}}}\n---\n';
  const skill = skillcrate.parseSkill(Buffer.from(text), { dir: "/s/frames", file: "/s/frames/SKILL.md" });
  const { specs } = await skillcrate.readImageSpecs(skillcrate.builtInImagesDir());
  const ground = { tagPrefix: "x-", platform: "linux/amd64", aptEpoch: "1" } as const;
  const base = { reference: "debian:bookworm-slim", digest: null, imageId: null };
  const { plans } = skillcrate.planBuiltInImages({ ...ground, specs, base, only: ["base"] });
  const { resolutions } = skillcrate.resolveRequirements([skill], {
    platform: ground.platform,
    below: skillcrate.knownBinaries("base", plans),
  });
  const { plan } = skillcrate.planSkillsImage({
    ...ground,
    name: "mine",
    below: { kind: "planned", name: "base", plans },
    skills: [skill],
    resolutions,
  });
  if (plan === null) throw new Error("no plan");
  const network = skillcrate.noNetworkSettings;
  const { image, diagnostics } = skillcrate.renderImage(plan, {
    rendering: "portable",
    network,
    contents: {},
  });
  expect(diagnostics).toEqual([]);
  expect(image?.dockerfile).toMatch(/^FROM x-sandbox:bookworm-slim/m);
  expect(image?.dockerfile).toContain("ffmpeg");
});
