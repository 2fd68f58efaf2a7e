import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type {
  BuildStage,
  DownloadTreeStage,
  ImagePlan,
  Layer,
  PinnedPackage,
  TreeStage,
} from "../plan/image-plan.ts";
import { isImageReference } from "../plan/image-reference.ts";
import { partLockSchema } from "../plan/part-lock-schema.ts";
import { type Grammar, grammars } from "./grammars.ts";
import { listsStage } from "./render-packages.ts";

/** One value of a plan that ends up in a Dockerfile, and what it has to be. */
type Check = readonly [value: unknown, grammar: Grammar];

/**
 * Values that do not fit the grammar of their place. Plans made here pass: this is what stands between a plan from
 * anywhere else, or a mistake in the planner, and a builder.
 */
export function checkPlan(plan: ImagePlan): Diagnostic[] {
  const checks = [
    ...imageChecks(plan),
    ...plan.stages.flatMap(stageChecks),
    ...plan.layers.flatMap(layerChecks),
    ...configChecks(plan),
    ...lockChecks(plan),
  ];
  return checks
    .filter(([value, grammar]) => typeof value !== "string" || !grammar.accepts(value))
    .map(([value, grammar]) => ({
      code: "RENDER_VALUE_REFUSED",
      severity: "error",
      message: `${quoteValue(value)} in the plan of the image ${quoteValue(plan.name)} is not ${grammar.description}.`,
      hint: "Nothing of this image is built. Take out, or correct, what asks for it.",
    }));
}

function imageChecks({ name, below, aptEpoch, takenAt, stages }: ImagePlan): Check[] {
  const ids = stages.map((stage) => stage.id);
  return [
    [name, grammars.name],
    // `FROM` takes the name of a stage for that stage.
    [
      below.reference,
      {
        description: "an image's name",
        accepts: (text) => isImageReference(text) && ![...ids, listsStage, "scratch"].includes(text),
      },
    ],
    ...(below.kind === "external" && below.digest !== null
      ? [[below.digest, grammars.digest] satisfies Check]
      : []),
    [aptEpoch, grammars.epoch],
    ...(takenAt === undefined ? [] : [[takenAt, grammars.epoch] as const]),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id): Check => [id, { description: "the name of one stage only", accepts: () => false }]),
  ];
}

function stageChecks(stage: BuildStage): Check[] {
  if (stage.kind === "toolchain") {
    return [
      [stage.id, grammars.stage],
      ...[...stage.packages, ...stage.alone].map((name): Check => [name, grammars.debianPackage]),
      ...(stage.go === undefined ? [] : goChecks(stage.go)),
    ];
  }
  return [
    [stage.id, grammars.stage],
    [stage.toolchain, grammars.stage],
    [stage.output, grammars.tree],
    ...ecosystemChecks(stage),
  ];
}

function ecosystemChecks(stage: TreeStage): Check[] {
  switch (stage.ecosystem) {
    case "node":
      return [
        [stage.npmOutput, grammars.tree],
        ...[...stage.packages, stage.npm].flatMap(({ name, version }): Check[] => [
          [name, grammars.npmName],
          [version, grammars.npmVersion],
        ]),
      ];
    case "npm":
      return [
        ...(stage.runtime === null ? [] : [[stage.runtime, grammars.stage] satisfies Check]),
        ...stage.packages.flatMap(npmChecks),
        ...Object.entries(stage.links).flatMap(([bin, file]): Check[] => [
          [bin, grammars.bin],
          [file, grammars.relativePath],
        ]),
        ...(stage.scripts ?? []).map((name): Check => [name, grammars.npmName]),
        ...(stage.node === undefined ? [] : [[stage.node, grammars.absolutePath] satisfies Check]),
      ];
    case "python":
    case "python-libraries":
      return stage.packages.flatMap(({ name, version, range, extras = [] }): Check[] => [
        ...[name, ...extras].map((word): Check => [word, grammars.pythonName]),
        ...(version === null ? [] : [[version, grammars.pythonVersion] satisfies Check]),
        ...(range === undefined ? [] : [[range, grammars.pythonRange] satisfies Check]),
      ]);
    case "go":
      return [...stage.packages.flatMap(goChecks), [stage.command, grammars.bin]];
    case "cargo":
      return [
        ...stage.packages.flatMap(crateChecks),
        ...stage.features.map((feature): Check => [feature, grammars.crateFeature]),
      ];
    case "download":
      return downloadChecks(stage);
    case "brew":
      return [
        ...stage.packages.map(({ name }): Check => [name, grammars.formula]),
        ...stage.bins.map((bin): Check => [bin, grammars.bin]),
      ];
    case "node-libraries":
      return [
        ...(stage.runtime === null ? [] : [[stage.runtime, grammars.stage] satisfies Check]),
        ...stage.packages.flatMap(npmChecks),
        ...(stage.scripts ?? []).map((name): Check => [name, grammars.npmName]),
      ];
  }
}

function downloadChecks({
  packages,
  sha256,
  archive,
  stripComponents,
  files,
  bins,
}: DownloadTreeStage): Check[] {
  return [
    ...packages.map(({ name }): Check => [name, grammars.downloadAddress]),
    ...(sha256 === null ? [] : [[`sha256:${sha256}`, grammars.digest] satisfies Check]),
    ...(archive === null ? [] : [[archive, grammars.archive] satisfies Check]),
    [String(stripComponents), grammars.count],
    ...[...bins, ...Object.keys(files)].map((bin): Check => [bin, grammars.bin]),
    ...Object.values(files).map((file): Check => [file, grammars.relativePath]),
  ];
}

function npmChecks({ name, version, range }: PinnedPackage): Check[] {
  return [
    [name, grammars.npmName],
    ...(version === null ? [] : [[version, grammars.npmVersion] satisfies Check]),
    ...(range === undefined ? [] : [[range, grammars.npmRange] satisfies Check]),
  ];
}

function goChecks({ name, version }: PinnedPackage): Check[] {
  return [
    [name, grammars.goPath],
    ...(version === null ? [] : [[version, grammars.goVersion] satisfies Check]),
  ];
}

function crateChecks({ name, version }: PinnedPackage): Check[] {
  return [
    [name, grammars.crate],
    ...(version === null ? [] : [[version, grammars.crateVersion] satisfies Check]),
  ];
}

function layerChecks(layer: Layer): Check[] {
  switch (layer.kind) {
    case "packages":
      return layer.packages.map((name) => [name, grammars.debianPackage]);
    case "trees":
      return [
        [layer.id, grammars.stage],
        ...layer.trees.flatMap(({ stage, path }): Check[] => [
          [stage, grammars.stage],
          // Several trees reach their layer through the one folder that all of them are in.
          [path, layer.trees.length > 1 ? grammars.tree : grammars.copiedFolder],
        ]),
      ];
    case "links":
      return layer.links.flatMap(({ path, target }): Check[] => [
        [path, grammars.absolutePath],
        [target, grammars.absolutePath],
      ]);
    case "files":
      return layer.files.flatMap(({ source, target, mode }): Check[] => [
        [source, grammars.relativePath],
        [target, grammars.absolutePath],
        [mode.toString(8), grammars.mode],
      ]);
    case "user": {
      const { name, uid, gid, home } = layer.user;
      return [
        [name, grammars.user],
        [String(uid), grammars.id],
        [String(gid), grammars.id],
        ...[home, ...layer.writable].map((path): Check => [path, grammars.absolutePath]),
      ];
    }
  }
}

/** The schema of a part's lock holds the grammar of each value in it. */
function lockChecks({ locked }: ImagePlan): Check[] {
  const { indexReadAt = "20000101T000000Z", parts = {} } = locked ?? {};
  const wrong = Object.entries(parts).filter(([, lock]) => !partLockSchema.safeParse(lock).success);
  return [
    [indexReadAt, grammars.snapshotTime],
    ...wrong.map(([id]): Check => [id, { description: "a part with a proper lock", accepts: () => false }]),
  ];
}

function configChecks({ config }: ImagePlan): Check[] {
  return [
    ...Object.entries(config.env).flatMap(([name, value]): Check[] => [
      [name, grammars.variable],
      [value, grammars.line],
    ]),
    ...(config.user === null ? [] : [[config.user, grammars.user] satisfies Check]),
    ...(config.workdir === null ? [] : [[config.workdir, grammars.absolutePath] satisfies Check]),
    ...config.expose.map((port): Check => [port, grammars.port]),
    ...commandWords(config).map((word): Check => [word, grammars.line]),
  ];
}

function commandWords({ entrypoint, cmd, healthcheck }: ImagePlan["config"]): readonly string[] {
  return [...(entrypoint ?? []), ...(cmd ?? []), ...(healthcheck?.command ?? [])];
}
