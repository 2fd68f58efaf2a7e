import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { type Host, readDockerConfig } from "../connect/docker-config.ts";
import type { RegistryAuth } from "../engine.ts";
import { isObject } from "../port/is-object.ts";
import { askCredentialHelper } from "./ask-credential-helper.ts";

/**
 * The credentials that the docker client stored for one registry, or null where it has none: from `credHelpers`,
 * `credsStore` and `auths` of its `config.json`, in the client's own order. A registry is matched by its whole host and
 * port. `registry` is an address as an image's name has it, or the URL that the engine calls its default registry.
 *
 * Throws `CREDENTIALS_FAILED` where an entry or a helper cannot be used; no message repeats what was stored.
 */
export async function findCredentials(registry: string, host: Host): Promise<RegistryAuth | null> {
  const config = await readDockerConfig(host);
  const helper = entryFor(registry, config["credHelpers"]) ?? config["credsStore"];
  if (typeof helper === "string" && helper !== "") return askCredentialHelper(helper, registry, host);
  const entry = entryFor(registry, config["auths"]);
  return isObject(entry) ? readEntry(registry, entry) : null;
}

/** Whether there is anything to look up, for any registry. */
export async function hasCredentials(host: Host): Promise<boolean> {
  const config = await readDockerConfig(host);
  return ["credHelpers", "credsStore", "auths"].some((key) => config[key] !== undefined);
}

/** Host and port of a registry that is written as an address or as a URL. */
export function hostOf(registry: string): string {
  return registry.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

/** The docker client has written keys as URLs and as plain hosts over the years. */
function entryFor(registry: string, entries: unknown): unknown {
  if (!isObject(entries)) return undefined;
  const [, entry] = Object.entries(entries).find(([key]) => hostOf(key) === hostOf(registry)) ?? [];
  return entry;
}

function readEntry(registry: string, entry: Readonly<Record<string, unknown>>): RegistryAuth | null {
  const { identitytoken, auth, username, password } = entry;
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { serverAddress: registry, identityToken: identitytoken };
  }
  if (typeof username === "string" && typeof password === "string") {
    return { serverAddress: registry, username, password };
  }
  // `docker login` leaves an empty entry where a helper keeps the secret, and `docker logout` one where there is none.
  if (typeof auth !== "string" || auth === "") return null;
  const [, user, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
  if (user === undefined || secret === undefined) throw unreadable(registry);
  return { serverAddress: registry, username: user, password: secret };
}

function unreadable(registry: string): SkillcrateError {
  const message = `the docker client's entry for registry ${quoteValue(registry)} is not "user:password" in base64`;
  return new SkillcrateError("CREDENTIALS_FAILED", message, {
    hint: `Log in again: docker login ${hostOf(registry)}`,
  });
}
