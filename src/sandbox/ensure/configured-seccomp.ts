import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../host/file-problem.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { asObject } from "../../skill/own-value.ts";
import type { SeccompProfile } from "../container/container-request.ts";
import { readSeccompProfile } from "../container/read-seccomp-profile.ts";

/** The configured profile, else the built-in one. Throws `INPUT_INVALID` for a file that is none. */
export function configuredSeccomp(
  { docker }: Pick<SandboxConfig, "docker">,
  builtIn: () => SeccompProfile = () => readSeccompProfile("sandbox"),
): SeccompProfile {
  const path = docker.seccompProfile.value;
  if (path === null) return builtIn();
  const read = readRegularFile(path, maxProfileBytes, { followLinks: true });
  const profile = read.ok ? asObject(parseJson(read.bytes.toString("utf8"))) : null;
  if (profile !== null) return { json: JSON.stringify(profile), path };
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The seccomp profile ${quoteValue(path)} cannot be used: ${read.ok ? "it is no JSON" : describeFileProblem(read.problem)}.`,
    { hint: "Correct docker.seccompProfile, or take it out: there is a built-in one." },
  );
}

const maxProfileBytes = 1_000_000;
