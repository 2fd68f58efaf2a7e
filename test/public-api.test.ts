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
    "closeOver",
    "collectHomes",
    "compareText",
    "connectEngine",
    "connectionStrategies",
    "copyFromWorkspace",
    "correctSkill",
    "createMirrorCache",
    "createRedactor",
    "debianIndex",
    "debianModules",
    "debianPackages",
    "defaultBuildSettings",
    "defaultMirrorLimits",
    "defaultSeedFiles",
    "defaultSkillListLimits",
    "defaultSourceLimits",
    "defaultStateDir",
    "deniedKinds",
    "describeRecipe",
    "describeSharing",
    "diagnosticCodes",
    "dmScopes",
    "ecosystemNames",
    "emptyOverlay",
    "errorCodes",
    "escapeText",
    "exportHome",
    "findDebianDigest",
    "formatSkillList",
    "gatewayProducts",
    "imageLabels",
    "imageSpecSchema",
    "importNames",
    "judgeEligibility",
    "keepSkillsMirrored",
    "knownBinaries",
    "libraryLanguages",
    "libraryNamings",
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
    "overlayFileName",
    "parseSkill",
    "parseSkillsSettings",
    "planBuiltInImages",
    "planSecretFiles",
    "planSecrets",
    "planSkillList",
    "planSkillsImage",
    "platforms",
    "predictSizes",
    "prepareHome",
    "probeImage",
    "publishSkills",
    "quoteValue",
    "readAptEpoch",
    "readDebianIndex",
    "readFromWorkspace",
    "readGatewaySources",
    "readImageLabels",
    "readImageSpecs",
    "readManifest",
    "readNetworkSettings",
    "readOverlay",
    "readSecretFile",
    "readSkillFolders",
    "refuseName",
    "removeHome",
    "renderBaseDir",
    "renderImage",
    "resolveLibraries",
    "resolveRequirements",
    "sandboxEnvironment",
    "scopeFolder",
    "secretRules",
    "seedWorkspace",
    "selectByPatterns",
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
