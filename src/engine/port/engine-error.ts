import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { EngineLink } from "./engine-link.ts";

/**
 * A request that got no answer, as an error that tells why: `ENGINE_DENIED`, `ENGINE_DOWN`, or `ENGINE_PROTOCOL` where
 * something listens that is no engine. Errors that have a code of ours already come back unchanged.
 */
export function connectionError(error: unknown, link: EngineLink, doing: string): SkillcrateError {
  if (error instanceof SkillcrateError) return error;
  const text = escapeText(error instanceof Error ? error.message : String(error));
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = `cannot ${doing}: the engine at ${link.name}`;
  if (systemCode === "EACCES" || systemCode === "EPERM") {
    return new SkillcrateError("ENGINE_DENIED", `${message} refuses this user: ${text}`, {
      hint: deniedHint,
      cause: error,
    });
  }
  if (systemCode.startsWith("HPE_")) {
    return new SkillcrateError("ENGINE_PROTOCOL", `${message} does not speak HTTP: ${text}`, {
      hint: protocolHint,
      cause: error,
    });
  }
  return new SkillcrateError("ENGINE_DOWN", `${message} cannot be reached: ${text}`, {
    hint: downHint,
    cause: error,
  });
}

/** An engine that took a request and was gone before it had answered all of it. */
export function wentAway(cause: unknown, link: EngineLink, doing: string): SkillcrateError {
  const message = `cannot ${doing}: the engine at ${link.name} went away in the middle`;
  return new SkillcrateError("ENGINE_DOWN", message, { hint: downHint, cause });
}

/** An answer with a status of 400 or more; `text` is what the engine said. */
export function refusal(status: number, text: string, doing: string): SkillcrateError {
  const said = escapeText(text.trim().slice(0, longestMessage));
  const message = `cannot ${doing}: ${said || `the engine answered ${status}`}`;
  if (saysNoSpace(text)) return noSpace(message);
  if (status === 401 || status === 403)
    return new SkillcrateError("ENGINE_DENIED", message, { hint: deniedHint });
  return new SkillcrateError("ENGINE_REFUSED", message, { hint: hintFor(text) });
}

function hintFor(refusal: string): string {
  if (lacksInitText.test(refusal)) return "sudo apt-get install catatonit";
  // Podman asks for the highest limits there are, which a service with bounded capabilities may not set.
  return saysLimits(refusal) ? podmanLimitsHint : refusedHint;
}

/** Whether Podman has no init process to give a container: Debian only recommends the package that has it. */
export function lacksInit(error: unknown): boolean {
  return error instanceof SkillcrateError && lacksInitText.test(error.message);
}

const lacksInitText = /container-init binary not found/;

/** Whether a container was not started since it is to have a higher limit than its engine may give: runc's words, and crun's. */
export function saysLimits(text: string): boolean {
  return /error setting rlimit|setrlimit `?RLIMIT_/.test(text);
}

export const podmanLimitsHint =
  "Podman may not set the limits that it gives containers. Lower them in /etc/containers/containers.conf:\n" +
  "[containers]\n" +
  'default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]';

/** An answer that is cut short, too long, or has not the shape that the API promises. */
export function protocolError(doing: string, problem: string, cause?: unknown): SkillcrateError {
  return new SkillcrateError("ENGINE_PROTOCOL", `cannot ${doing}: ${problem}`, { hint: protocolHint, cause });
}

/** The API has no code for a full disk; the kernel's text is all that tells it. */
export function saysNoSpace(text: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(text);
}

export function noSpace(message: string): SkillcrateError {
  return new SkillcrateError("ENGINE_NO_SPACE", message, {
    hint: noSpaceHint,
  });
}

const longestMessage = 2000;

const noSpaceHint =
  "See what fills the engine's disk, and free some of it:\n" +
  "docker system df\n" +
  "docker builder prune\n" +
  "docker image prune";

const downHint =
  "Start the engine, or name one that runs:\n" +
  "sudo systemctl start docker\n" +
  "export DOCKER_HOST=unix:///path/to/engine.sock";

export const deniedHint =
  "Join the engine's group and log in again, or run an engine of your own:\n" +
  'sudo usermod -aG docker "$USER"\n' +
  "dockerd-rootless-setuptool.sh install";

const refusedHint = "See the engine's log: sudo journalctl -u docker -n 50";

const protocolHint =
  "Check that a Docker or Podman API listens there: curl --unix-socket <path> http://localhost/_ping";
