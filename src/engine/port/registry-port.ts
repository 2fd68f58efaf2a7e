import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Host } from "../connect/docker-config.ts";
import type { RegistryAuth, RegistryPort } from "../engine.ts";
import { findCredentials, hasCredentials, hostOf } from "../registry/registry-credentials.ts";
import { askEngine } from "./ask-engine.ts";
import { protocolError } from "./engine-error.ts";
import { type EngineLink, openDocker } from "./engine-link.ts";
import { formatRepository, type ImageName, requireImageName } from "./image-name.ts";
import { readAnswer } from "./read-answer.ts";
import { runTransfer, type TransferRequest } from "./run-transfer.ts";

export function createRegistryPort(link: EngineLink, host: Host): RegistryPort {
  return {
    pull: async (reference, platform, onProgress, signal) => {
      await pull(link, host, platform, transferOf("pull", reference, onProgress, signal));
    },
    push: async (reference, onProgress, signal) =>
      push(link, host, transferOf("push", reference, onProgress, signal)),
  };
}

type Transfer = Omit<TransferRequest, "open">;

function transferOf(
  verb: "pull" | "push",
  reference: string,
  onProgress: TransferRequest["onProgress"],
  signal: AbortSignal,
): Transfer {
  return { name: requireImageName(reference), doing: `${verb} ${quoteValue(reference)}`, onProgress, signal };
}

async function pull(
  link: EngineLink,
  host: Host,
  platform: string | null,
  transfer: Transfer,
): Promise<void> {
  const { name } = transfer;
  const auth = authConfig(await credentialsFor(link, host, name));
  const image = { fromImage: formatRepository(name), tag: name.digest ?? name.tag ?? "latest" };
  const query = platform === null ? image : { ...image, platform };
  const docker = await openDocker(link);
  const open = (abortSignal: AbortSignal) => docker.createImage(auth, { ...query, abortSignal });
  await runTransfer(link, { ...transfer, open });
}

async function push(link: EngineLink, host: Host, transfer: Transfer): Promise<string> {
  const { name, doing } = transfer;
  if (name.digest !== null) {
    const message = `cannot ${doing}: a digest is what a push gives, not what it takes`;
    throw new SkillcrateError("INPUT_INVALID", message, { hint: "Name a tag" });
  }
  const authconfig = authConfig(await credentialsFor(link, host, name));
  const docker = await openDocker(link);
  const image = docker.getImage(formatRepository(name));
  const tag = name.tag ?? "latest";
  const open = (abortSignal: AbortSignal) => image.push({ tag, authconfig, abortSignal });
  const digest = await runTransfer(link, { ...transfer, open });
  if (digest === null) throw protocolError(doing, "the engine names no digest");
  return digest;
}

/** What is stored for the registry of this image. Which registry an image without one belongs to, the engine knows. */
async function credentialsFor(
  link: EngineLink,
  host: Host,
  { registry }: ImageName,
): Promise<RegistryAuth | null> {
  if (!(await hasCredentials(host))) return null;
  const standard = await defaultRegistry(link);
  const belongsToDefault = registry === null || hostOf(standard) === `index.${registry}`;
  const address = belongsToDefault ? standard : registry;
  return address === "" ? null : findCredentials(address, host);
}

/** The URL of the engine's default registry, as the docker client's file names it; empty where it has none. */
async function defaultRegistry(link: EngineLink): Promise<string> {
  const doing = "ask the engine for its default registry";
  const { body } = await askEngine(link, { method: "GET", path: "/info", doing, pace: "patient" });
  return readAnswer(body, doing).textOrEmpty("IndexServerAddress");
}

/**
 * As the API takes it in `X-Registry-Auth`: field names without capitals, and an empty object for nobody, since a push
 * without the header is refused. Made anew for each request, for dockerode changes what it is given.
 */
function authConfig(auth: RegistryAuth | null): object {
  if (auth === null) return {};
  const { serverAddress, ...secret } = auth;
  return "identityToken" in secret
    ? { serveraddress: serverAddress, identitytoken: secret.identityToken }
    : { serveraddress: serverAddress, username: secret.username, password: secret.password };
}
