import type Dockerode from "dockerode";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { packContext } from "../build/pack-context.ts";
import type { StepFailed, StepTracker } from "../build/step-tracker.ts";
import { trackBuildKitSteps } from "../build/track-buildkit-steps.ts";
import { trackClassicSteps } from "../build/track-classic-steps.ts";
import type { BuildPort, BuildRequest, BuildStepEvent, EngineInfo } from "../engine.ts";
import { askEngine, askEngineState } from "./ask-engine.ts";
import { noSpace, protocolError, refusal, saysNoSpace, wentAway } from "./engine-error.ts";
import { type EngineLink, openDocker } from "./engine-link.ts";
import { failureOf, followMessages } from "./follow-messages.ts";
import { readAnswer } from "./read-answer.ts";
import type { JsonMessage } from "./read-json-lines.ts";

export function createBuildPort(link: EngineLink, info: EngineInfo): BuildPort {
  return {
    build: (request) => build(link, info, request),
    cacheUsage: () => cacheUsage(link),
  };
}

async function* build(
  link: EngineLink,
  info: EngineInfo,
  request: BuildRequest,
): AsyncGenerator<BuildStepEvent> {
  if (request.builder === "buildkit" && !info.buildkit) throw noBuildKit(link);
  const tracker = request.builder === "buildkit" ? trackBuildKitSteps() : trackClassicSteps();
  for await (const message of startBuild(link, request)) {
    const failure = failureOf(message);
    if (failure !== null) {
      const failed = tracker.fail(failure);
      yield failed;
      throw (await isGone(link)) ? wentAway(buildFailed(failed), link, doing) : buildFailed(failed);
    }
    yield* readMessage(tracker, message);
  }
  yield* tracker.end();
  const id = tracker.imageId();
  if (id === null) throw protocolError(doing, "the build ended without an image and without an error");
  yield { type: "image-id", id, stages: tracker.stageIds() };
}

/** An engine that is being stopped ends its containers first, and tells of it as of any step that failed. */
async function isGone(link: EngineLink): Promise<boolean> {
  return (await askEngineState(link)) === "gone";
}

async function* startBuild(link: EngineLink, request: BuildRequest): AsyncGenerator<JsonMessage> {
  const context = await packContext(request.context);
  const open = async (abortSignal: AbortSignal) =>
    (await openDocker(link)).buildImage(context, { ...buildOptions(request), abortSignal });
  try {
    yield* followMessages(link, { doing, open, signal: request.signal, refuse });
  } catch (error) {
    if (!(error instanceof SkillcrateError && error.code === "BUILD_FAILED")) throw error;
    yield { error: error.message };
  } finally {
    context.destroy();
  }
}

/** The query of `POST /build`. Nothing is tagged and no credentials go along: images below are fetched before. */
function buildOptions(request: BuildRequest): Dockerode.ImageBuildOptions {
  const { builder, buildArgs, cacheFrom, inlineCache, noCache, platform, target } = request;
  return {
    dockerfile: "Dockerfile",
    buildargs: inlineCache ? { ...buildArgs, BUILDKIT_INLINE_CACHE: "1" } : buildArgs,
    nocache: noCache,
    // Intermediate containers of the classic builder go away however the build ends.
    rm: true,
    forcerm: true,
    ...(cacheFrom.length === 0 ? {} : { cachefrom: JSON.stringify(cacheFrom) }),
    ...(platform === null ? {} : { platform }),
    ...(target === null ? {} : { target }),
    ...(builder === "buildkit" ? { version: buildKitVersion } : {}),
  };
}

/**
 * A number and not the "2" that dockerode's types ask for: with the text it opens a session that answers any registry's
 * question for credentials. The query is the same, and BuildKit needs no session for a context that is sent as a tar.
 */
const buildKitVersion = 2 as unknown as "2";

function readMessage(tracker: StepTracker, message: JsonMessage): readonly BuildStepEvent[] {
  try {
    return tracker.read(message);
  } catch (error) {
    if (error instanceof RangeError) throw protocolError(doing, error.message, error);
    throw error;
  }
}

/** A Dockerfile that the classic builder cannot read is answered with 400; BuildKit tells it in the stream. */
function refuse(status: number, text: string): SkillcrateError {
  return status === 400
    ? new SkillcrateError("BUILD_FAILED", text, { hint: "" })
    : refusal(status, text, doing);
}

function buildFailed({
  title,
  message,
  log,
}: Pick<StepFailed, "title" | "message" | "log">): SkillcrateError {
  const text = `build step failed: ${title}: ${message}`;
  // What fills up inside a step is told by the program that met it.
  if ([message, ...log].some(saysNoSpace)) return noSpace(text);
  return new SkillcrateError("BUILD_FAILED", text, { hint: "The last lines of the step's log tell why" });
}

function noBuildKit(link: EngineLink): SkillcrateError {
  return new SkillcrateError(
    "ENGINE_REFUSED",
    `the engine at ${link.name} has no BuildKit, or DOCKER_BUILDKIT=0 is set`,
    {
      hint: "Build with the classic builder",
    },
  );
}

async function cacheUsage(link: EngineLink): Promise<{ bytes: number; reclaimableBytes: number }> {
  const asking = "measure the build cache";
  const query = { type: "build-cache" };
  const { body } = await askEngine(link, {
    method: "GET",
    path: "/system/df",
    query,
    doing: asking,
    pace: "patient",
  });
  // What is shared is counted with the images that share it.
  const records = readAnswer(body, asking)
    .objects("BuildCache")
    .filter((record) => !record.flag("Shared"));
  const sum = (total: number, record: (typeof records)[number]) => total + record.numberOrZero("Size");
  return {
    bytes: records.reduce(sum, 0),
    reclaimableBytes: records.filter((record) => !record.flag("InUse")).reduce(sum, 0),
  };
}

const doing = "build an image";
