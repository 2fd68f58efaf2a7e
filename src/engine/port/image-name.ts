import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";

/**
 * The name of an image, taken apart, so that nobody splits strings. The grammar is that of the distribution
 * project's `reference` package, with SHA-256 and SHA-512 as the digests there are.
 */
export interface ImageName {
  /** Host with its port if one is written, e.g. `registry.corp:5000`; null: the engine's default registry. */
  readonly registry: string | null;
  /** The path within the registry, e.g. `team/sandbox`. */
  readonly repository: string;
  readonly tag: string | null;
  /** `sha256:…` */
  readonly digest: string | null;
}

/** Null where the text is no image name; an image id (`sha256:…`, 64 hex digits) is none either. */
export function parseImageName(text: string): ImageName | null {
  const parts = reference.exec(text)?.groups;
  const path = parts?.["path"];
  if (path === undefined || path.length > longestPath || isImageId(text)) return null;
  const { registry, repository } = splitRegistry(path);
  if (!repositoryGrammar.test(repository)) return null;
  return { registry, repository, tag: parts?.["tag"] ?? null, digest: parts?.["digest"] ?? null };
}

/** The same for a name that must be one; throws `INPUT_INVALID`. */
export function requireImageName(text: string): ImageName {
  const name = parseImageName(text);
  if (name !== null) return name;
  throw new SkillcrateError("INPUT_INVALID", `${quoteValue(text)} is not the name of an image`, {
    hint: "Write it as [registry/]repository[:tag][@digest], in lower case, e.g. debian:bookworm-slim",
  });
}

/** The name as the engine takes it; `parseImageName` gives back the same value. */
export function formatImageName(name: ImageName): string {
  const tag = name.tag === null ? "" : `:${name.tag}`;
  const digest = name.digest === null ? "" : `@${name.digest}`;
  return `${formatRepository(name)}${tag}${digest}`;
}

/** The name without tag and digest: registry and path. */
export function formatRepository(name: ImageName): string {
  return name.registry === null ? name.repository : `${name.registry}/${name.repository}`;
}

/** Whether this is the id of an image, as `inspect` gives it or shortened as `docker images` shows it. */
export function isImageId(text: string): boolean {
  return /^sha256:[0-9a-f]{12,64}$|^[0-9a-f]{64}$/.test(text);
}

/** The first component is a host if it has a dot or a port, or is `localhost`. */
function splitRegistry(path: string): { registry: string | null; repository: string } {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  const isHost = hostGrammar.test(first) && (/[.:]/.test(first) || first === "localhost");
  return isHost
    ? { registry: first, repository: path.slice(slash + 1) }
    : { registry: null, repository: path };
}

const longestPath = 255;
const reference =
  /^(?<path>[^@]+?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?$/;
const hostGrammar =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?$/;
const repositoryGrammar =
  /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
