import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { RenderedImage } from "../../dockerfile/build-context.ts";
import type { NetworkSettings } from "../../dockerfile/network-settings.ts";
import { settingsFolder, settingsSource } from "../../dockerfile/settings-paths.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { RecipeKind } from "../../recipe/recipe.ts";
import { awaitImageId } from "../build/await-image-id.ts";
import { type PythonStage, pythonStages } from "../build/build-image-parts.ts";
import { titleOfStep } from "../build/build-image-places.ts";
import { renderForBuilder } from "../build/render-for-builder.ts";
import type { RenderPlan } from "../build-settings.ts";
import type { BuildStepEvent, Engine } from "../engine.ts";
import { labelInstruction } from "../label/label-instruction.ts";
import { buildingState, imageLabels } from "../label/label-names.ts";
import { currentRun } from "../run-identity.ts";
import { removeUnlessInUse } from "../sweep-leftovers.ts";
import { sandboxLimits, withThrowawayContainer } from "../throwaway-container.ts";
import { networkEnv } from "./network-env.ts";

export interface ReachabilityOptions {
  readonly render: RenderPlan;
  readonly network: NetworkSettings;
  readonly builder: "buildkit" | "classic";
  readonly signal: AbortSignal;
  readonly onEvent?: (event: BuildStepEvent) => void;
}

/**
 * Which ecosystems' indexes do not answer from inside a build, each with the reason in one line. Asks only for what the
 * plans need, with the client and the network settings that the build steps use: the first plan's toolchain stage is
 * built for it (the build itself finds it cached), so the image below it must be there.
 */
export async function unreachableEcosystems(
  engine: Engine,
  plans: readonly ImagePlan[],
  options: ReachabilityOptions,
): Promise<ReadonlyMap<RecipeKind, string>> {
  for (const plan of plans) {
    const [stage] = pythonStages(plan);
    if (stage === undefined) continue;
    const reason = await askPythonIndex(engine, plan, stage, options);
    return new Map(reason === null ? [] : [["python", reason]]);
  }
  return new Map();
}

async function askPythonIndex(
  engine: Engine,
  plan: ImagePlan,
  stage: PythonStage,
  options: ReachabilityOptions,
): Promise<string | null> {
  const image = await buildToolchain(engine, plan, stage, options);
  // The build itself will fail at the same step, and tell more about it.
  if (image === null) return null;
  try {
    return await askWithPip(engine, image, stage.packages[0]?.name ?? "pip", options);
  } finally {
    // What it stands on is what the build itself will find cached.
    await removeUnlessInUse(engine, image, { keepParents: true });
  }
}

async function buildToolchain(
  engine: Engine,
  plan: ImagePlan,
  stage: PythonStage,
  { render, network, builder, signal, onEvent }: ReachabilityOptions,
): Promise<string | null> {
  const { image: whole } = renderForBuilder(plan, builder, render);
  const image = withCheckStage(whole, stage.toolchain, network);
  const build = engine.builds.build({
    context: image.context,
    buildArgs: image.buildArgs,
    platform: engine.info.platform === plan.platform ? null : plan.platform,
    builder,
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: checkStage,
    signal,
  });
  try {
    return await awaitImageId(build, (event) => {
      const ours = "title" in event && event.title.startsWith(`[${checkStage} `);
      const title =
        "title" in event ? { title: ours ? checkTitle : titleOfStep(plan, image, event.title) } : {};
      onEvent?.({ ...event, ...title });
    });
  } catch (error) {
    if (error instanceof SkillcrateError && error.code === "BUILD_FAILED") return null;
    throw error;
  }
}

const checkStage = "skillcrate-index-check";
const checkTitle = "the Python index is asked";

/**
 * A stage right after the toolchain's, with the extra certificates and the label by which a sweep finds it. The stages
 * after it are not built.
 */
function withCheckStage(image: RenderedImage, toolchain: string, { caPem }: NetworkSettings): RenderedImage {
  const lines = image.dockerfile.split("\n");
  const last = image.origins.filter(({ id }) => id === toolchain).at(-1)?.line ?? lines.length;
  const label = labelInstruction({ [imageLabels.state]: `${buildingState} ${currentRun()}` });
  const certificates =
    caPem === null ? [] : [`COPY ${settingsSource("python")}/ca.pem ${settingsFolder}/ca.pem`];
  lines.splice(last, 0, `FROM ${toolchain} AS ${checkStage}`, ...certificates, label);
  const dockerfile = lines.join("\n");
  const content = new TextEncoder().encode(dockerfile);
  const context = image.context.map((file) => (file.path === "Dockerfile" ? { ...file, content } : file));
  return { ...image, dockerfile, context };
}

/** Null where the index answers, also if only to say that it does not have the package: the build will tell that. */
async function askWithPip(
  engine: Engine,
  image: string,
  name: string,
  { network, signal }: ReachabilityOptions,
): Promise<string | null> {
  const spec = { ...sandboxLimits, image, user: null, env: {}, network: "bridge" };
  const result = await withThrowawayContainer(engine, spec, signal, (container) =>
    container.exec({
      command: ["sh", "-c", pipScript, "sh", name],
      env: { ...networkEnv(network), ...pipEnv(network) },
      outputLimitBytes: 256 * 1024,
      timeoutMs: 40_000,
    }),
  );
  if (result.exitCode === 0) return null;
  if (result.timedOut || result.exitCode === 124) return "the Python index did not answer within 30 s";
  const failure = `${result.stdout}\n${result.stderr}`.split("\n").find((line) => fetchFailure.test(line));
  return failure === undefined || notFound.test(failure) ? null : shortenFailure(failure);
}

const pipScript = `
if [ -f ${settingsFolder}/ca.pem ]; then
  cat ${settingsFolder}/ca.pem /etc/ssl/certs/ca-certificates.crt >/tmp/ca.pem 2>/dev/null
  export PIP_CERT=/tmp/ca.pem
fi
exec timeout -k 1 30 python3 -m pip -vv --disable-pip-version-check --no-input --no-cache-dir \\
  index versions --retries 0 --timeout 8 -- "$1"
`;

/** For one command only, where `inspect` does not show it: the index's URL may hold a password. */
function pipEnv({ pythonIndex }: NetworkSettings): Record<string, string> {
  if (pythonIndex === null) return { HOME: "/tmp" };
  const { protocol, host } = new URL(pythonIndex);
  // pip takes an index without TLS only from a host that is named as trusted.
  const trusted = protocol === "http:" ? { PIP_TRUSTED_HOST: host } : {};
  return { HOME: "/tmp", PIP_CONFIG_FILE: "/dev/null", PIP_INDEX_URL: pythonIndex, ...trusted };
}

/** How pip says that it got no page, and why: `Could not fetch URL https://…: connection error: …` */
const fetchFailure = /Could not fetch URL |is not a trusted or secure host/;
const notFound = /: 404 Client Error/;

function shortenFailure(line: string): string {
  const cause = failureCauses.map((pattern) => pattern.exec(line)?.[0]).find((found) => found !== undefined);
  return `the Python index does not answer: ${escapeText(cause ?? line).slice(0, 160)}`;
}

const failureCauses = [
  /\[Errno -?\d+\] [^'")]+/,
  /certificate verify failed[^'")]*/i,
  /timed out/,
  /Tunnel connection failed[^'")]*/,
  /\b[45]\d\d (?:Client|Server) Error: [^:]+/,
  /is not a trusted or secure host/,
];
