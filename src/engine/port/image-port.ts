import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImageDetails, ImagePort } from "../engine.ts";
import { askEngine, askWhetherThere } from "./ask-engine.ts";
import { refusal } from "./engine-error.ts";
import type { EngineLink } from "./engine-link.ts";
import { formatRepository, isImageId, requireImageName } from "./image-name.ts";
import { importRoot } from "./import-root.ts";
import { readAnswer, readAnswers } from "./read-answer.ts";

export function createImagePort(link: EngineLink): ImagePort {
  return {
    inspect: (reference, signal) => inspect(link, reference, signal),
    tag: (id, reference) => tag(link, id, reference),
    remove: (reference, options) => remove(link, reference, options?.keepParents ?? false),
    list: (label) => list(link, label),
    importRoot: (tar, changes, signal) => importRoot(link, tar, changes, signal),
    history: (reference) => history(link, reference),
  };
}

async function inspect(
  link: EngineLink,
  reference: string,
  signal?: AbortSignal,
): Promise<ImageDetails | null> {
  const doing = `inspect image ${quoteValue(reference)}`;
  const path = `${pathOf(reference)}/json`;
  const { status, body } = await askWhetherThere(link, path, doing, signal);
  if (status === 404) return null;
  const answer = readAnswer(body, doing);
  const config = answer.object("Config");
  return {
    id: answer.text("Id"),
    tags: answer.texts("RepoTags").filter(isNamed),
    repoDigests: answer.texts("RepoDigests").filter(isNamed),
    sizeBytes: answer.number("Size"),
    labels: config.textMap("Labels"),
    layers: answer.object("RootFS").texts("Layers"),
    env: config.texts("Env"),
    user: config.textOrEmpty("User"),
    architecture: answer.textOrEmpty("Architecture"),
    created: answer.textOrEmpty("Created"),
  };
}

async function tag(link: EngineLink, id: string, reference: string): Promise<void> {
  const name = requireImageName(reference);
  const doing = `tag image ${quoteValue(id)} as ${quoteValue(reference)}`;
  const query = { repo: formatRepository(name), tag: name.tag ?? "latest" };
  const path = `${pathOf(id)}/tag`;
  const { status } = await askEngine(link, {
    method: "POST",
    path,
    query,
    doing,
    pace: "patient",
    tolerate: [404],
  });
  if (status === 404) throw imageNotFound(id, doing);
}

async function remove(link: EngineLink, reference: string, keepParents: boolean): Promise<void> {
  const doing = `remove image ${quoteValue(reference)}`;
  const path = pathOf(reference);
  const answer = await askEngine(link, {
    method: "DELETE",
    path,
    ...(keepParents ? { query: { noprune: true } } : {}),
    doing,
    pace: "patient",
    tolerate: [404, 409],
  });
  if (answer.status !== 409) return;
  const { message } = refusal(409, readAnswer(answer.body, doing).textOrEmpty("message"), doing);
  throw new SkillcrateError("IMAGE_IN_USE", message, {
    hint: "See what uses it:\ndocker ps --all\ndocker images --all",
  });
}

async function list(link: EngineLink, label: string): Promise<readonly ImageDetails[]> {
  const doing = `list images with label ${quoteValue(label)}`;
  const query = { filters: { label: [label] } };
  const { body } = await askEngine(link, {
    method: "GET",
    path: "/images/json",
    query,
    doing,
    pace: "patient",
  });
  const ids = readAnswers(body, doing).map((entry) => entry.text("Id"));
  const details = await Promise.all(ids.map((id) => inspect(link, id)));
  // An image that went away since it was listed is not there any more.
  return details.filter((image) => image !== null);
}

async function history(link: EngineLink, reference: string) {
  const doing = `read the history of image ${quoteValue(reference)}`;
  const path = `${pathOf(reference)}/history`;
  const { status, body } = await askWhetherThere(link, path, doing);
  if (status === 404) throw imageNotFound(reference, doing);
  return readAnswers(body, doing).map((entry) => ({
    createdBy: entry.textOrEmpty("CreatedBy"),
    sizeBytes: entry.numberOrZero("Size"),
  }));
}

/** Only what passed a grammar becomes part of a URL. */
function pathOf(reference: string): string {
  if (!isImageId(reference)) requireImageName(reference);
  return `/images/${reference}`;
}

/** Engines before 25 list an image without a name as `<none>:<none>`. */
function isNamed(name: string): boolean {
  return !name.startsWith("<none>");
}

export function imageNotFound(reference: string, doing: string): SkillcrateError {
  return new SkillcrateError(
    "IMAGE_NOT_FOUND",
    `cannot ${doing}: there is no image ${quoteValue(reference)}`,
    {
      hint: "See which images there are, or fetch it:\ndocker images\ndocker pull <image>",
    },
  );
}
