import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { findLiteralSecrets } from "./secrets/find-literal-secrets.ts";
import type { SecretsPlan } from "./secrets/plan-secrets.ts";

export interface EnvironmentRequest {
  /** The variables of the scope's home: `HOME`, the XDG folders, caches of package managers. */
  readonly home: Readonly<Record<string, string>>;
  /** `docker.env` of the gateway's sandbox configuration, agent's over defaults. */
  readonly dockerEnv: Readonly<Record<string, string>>;
  /** Null: this exec gets no secret. */
  readonly secrets: SecretsPlan | null;
  /** Only secrets that one of these skills may see; left out: all of the scope's. */
  readonly forSkills?: readonly string[];
}

export interface SandboxEnvironment {
  /** For one exec, secrets included: give it to the engine's exec, never to a container or a command line. */
  readonly env: Readonly<Record<string, string>>;
  /** One for each name, sorted, and where its value is from. No values. */
  readonly lines: readonly EnvironmentLine[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface EnvironmentLine {
  readonly name: string;
  readonly source: "home" | "docker.env" | "secret";
  /** Of a secret: `.env`, or a key of the gateway's configuration; else null. */
  readonly from: string | null;
  /** The sources whose value of this name it stands before, earliest first. */
  readonly replaces: readonly EnvironmentLine["source"][];
}

/**
 * The environment of one exec in a sandbox: the home's variables, then `docker.env`, then secrets; later ones win, but
 * `HOME`, `XDG_*` and the user's name are always those that the home was made for. Pure and synchronous, far below a millisecond.
 */
export function sandboxEnvironment(request: EnvironmentRequest): SandboxEnvironment {
  const env = new Map<string, string>();
  const lines = new Map<string, EnvironmentLine>();
  const put = (
    name: string,
    value: string,
    source: EnvironmentLine["source"],
    from: string | null = null,
  ) => {
    const before = lines.get(name);
    env.set(name, value);
    const replaces = before === undefined ? [] : [...before.replaces, before.source];
    lines.set(name, { name, source, from, replaces });
  };
  for (const [name, value] of Object.entries(request.home)) put(name, value, "home");
  for (const [name, value] of Object.entries(request.dockerEnv)) {
    if (!(isHomeName(name) && env.has(name))) put(name, value, "docker.env");
  }
  for (const [name, from] of secretsFor(request)) {
    const value = request.secrets?.values.get(name);
    if (value !== undefined) put(name, value, "secret", from);
  }
  return {
    env: Object.fromEntries(env),
    lines: [...lines.values()].sort((left, right) => compareText(left.name, right.name)),
    diagnostics: findLiteralSecrets(request.dockerEnv),
  };
}

/** Names that say whose home it is and where. */
function isHomeName(name: string): boolean {
  return ["HOME", "USER", "LOGNAME"].includes(name) || name.startsWith("XDG_");
}

function secretsFor({ secrets, forSkills }: EnvironmentRequest): (readonly [string, string | null])[] {
  return (secrets?.lines ?? [])
    .filter(({ status }) => status === "provided")
    .filter(({ skills }) => forSkills === undefined || skills.some((skill) => forSkills.includes(skill)))
    .map(({ name, from }) => [name, from]);
}
