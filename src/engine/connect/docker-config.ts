import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { isObject } from "../port/is-object.ts";

/** What this program knows of the machine and user that it runs for. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/** The docker client's folder: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDir({ env, homeDir }: Host): string {
  return env["DOCKER_CONFIG"] || join(homeDir, ".docker");
}

/**
 * The docker client's `config.json`; an empty object where there is none. Throws `INPUT_INVALID` where it cannot be
 * read or is not a JSON object.
 */
export async function readDockerConfig(host: Host): Promise<Readonly<Record<string, unknown>>> {
  return (await readJsonObject(join(dockerConfigDir(host), "config.json"))) ?? {};
}

/** A file's JSON object, or null where there is no such file. */
export async function readJsonObject(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return null;
    throw unusable(path, "cannot be read", error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable(path, "is not JSON", error);
  }
  if (!isObject(value)) throw unusable(path, "is not a JSON object", undefined);
  return value;
}

/** Whether an error of the functions above means that the file is not for this user. */
export function isForbidden(error: unknown): boolean {
  return error instanceof SkillcrateError && systemCode(error.cause) === "EACCES";
}

function systemCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** The cause is kept out of `is not JSON`: a parser's message quotes the file, and the file holds passwords. */
function unusable(path: string, problem: string, cause: unknown): SkillcrateError {
  const kept = cause instanceof SyntaxError ? undefined : cause;
  return new SkillcrateError("INPUT_INVALID", `"${escapeText(path)}" ${problem}`, {
    hint: "Repair the docker client's file, or point DOCKER_CONFIG at another folder",
    cause: kept,
  });
}
