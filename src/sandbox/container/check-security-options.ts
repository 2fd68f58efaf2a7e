import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/** Exactly `no-new-privileges`, one seccomp profile that denies by default, and at most one AppArmor profile. */
export function checkSecurityOptions(options: readonly string[]): readonly Diagnostic[] {
  const seccomp = options.filter((option) => option.startsWith("seccomp="));
  const apparmor = options.filter((option) => option.startsWith("apparmor="));
  const others = options.filter((option) => !seccomp.includes(option) && !apparmor.includes(option));
  const profile = seccomp[0]?.slice("seccomp=".length) ?? "";
  return [
    ...(others.length === 1 && others[0] === "no-new-privileges"
      ? []
      : [refuse(`Security options are ${quoteValue(others)}, not no-new-privileges alone.`, reportHint)]),
    ...(seccomp.length === 1 && deniesByDefault(profile)
      ? []
      : [
          refuse(
            `The seccomp profile ${quoteValue(profile)} does not deny what it does not name.`,
            seccompHint,
          ),
        ]),
    ...(apparmor.length > 1 || apparmor.some(isUnconfined)
      ? [refuse(`The AppArmor profile ${quoteValue(apparmor)} confines nothing.`, apparmorHint)]
      : []),
  ];
}

/** Inline, or a path. */
function deniesByDefault(profile: string): boolean {
  const read = profile.startsWith("/") ? readRegularFile(profile, maxProfileBytes) : null;
  const text = read?.ok ? read.bytes.toString("utf8") : profile;
  return denials.includes(ownValue(asObject(parseJson(text)), "defaultAction"));
}

function isUnconfined(option: string): boolean {
  const name = option.slice("apparmor=".length).trim().toLowerCase();
  return name === "" || name === "unconfined";
}

function refuse(message: string, hint: string): Diagnostic {
  return { code: "CONTAINER_UNCONFINED", severity: "error", message, hint };
}

const maxProfileBytes = 1_000_000;
const denials: readonly unknown[] = [
  "SCMP_ACT_ERRNO",
  "SCMP_ACT_KILL",
  "SCMP_ACT_KILL_THREAD",
  "SCMP_ACT_KILL_PROCESS",
  "SCMP_ACT_TRAP",
];
const reportHint = "No setting leads here: please report it, with the command and the configuration.";
const seccompHint =
  "Set docker.seccompProfile to a profile with the defaultAction SCMP_ACT_ERRNO, or remove it.";
const apparmorHint = "Set docker.apparmorProfile to the name of a loaded profile, or remove it.";
