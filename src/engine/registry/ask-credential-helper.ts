import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Host } from "../connect/docker-config.ts";
import type { RegistryAuth } from "../engine.ts";
import { isObject } from "../port/is-object.ts";

/**
 * Asks `docker-credential-<name>` for one registry's credentials: the registry goes to its standard input, JSON comes
 * back. Null where the helper has none. Throws `CREDENTIALS_FAILED`; what the helper printed stays out of the error,
 * for it may hold the secret.
 */
export async function askCredentialHelper(
  name: string,
  registry: string,
  host: Host,
): Promise<RegistryAuth | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw helperFailed(name, registry, "its name is not one of a program");
  const { execa } = await import("execa");
  const result = await execa(`docker-credential-${name}`, ["get"], {
    input: registry,
    env: host.env,
    extendEnv: false,
    reject: false,
    timeout: longestMs,
    maxBuffer: longestAnswerBytes,
  });
  if (result.stdout.includes(noneFound)) return null;
  if (result.code === "ENOENT") throw helperFailed(name, registry, "it is not on the PATH");
  if (result.timedOut) throw helperFailed(name, registry, `it did not answer within ${longestMs / 1000} s`);
  if (result.failed)
    throw helperFailed(name, registry, `it ended with exit code ${result.exitCode ?? "none"}`);
  return readHelperAnswer(result.stdout, name, registry);
}

function readHelperAnswer(text: string, name: string, registry: string): RegistryAuth {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // The parser's error is left out: it quotes the text.
    throw helperFailed(name, registry, "its answer is not JSON");
  }
  const { Username: username, Secret: secret } = isObject(answer) ? answer : {};
  if (typeof username !== "string" || typeof secret !== "string") {
    throw helperFailed(name, registry, "its answer has no Username and Secret");
  }
  return username === tokenUser
    ? { serverAddress: registry, identityToken: secret }
    : { serverAddress: registry, username, password: secret };
}

function helperFailed(name: string, registry: string, problem: string): SkillcrateError {
  const program = quoteValue(`docker-credential-${name}`);
  const message = `${program} gives no credentials for registry ${quoteValue(registry)}: ${problem}`;
  return new SkillcrateError("CREDENTIALS_FAILED", message, {
    hint: "Check credsStore and credHelpers in the docker client's config.json, and run the helper by hand",
  });
}

// Both are part of the protocol of docker-credential-helpers, whose programs print errors on standard output.
const noneFound = "credentials not found in native keychain";
const tokenUser = "<token>";

// A helper may ask a person for a keychain's password.
const longestMs = 60_000;
const longestAnswerBytes = 64 * 1024;
