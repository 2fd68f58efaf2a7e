import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { looksSecret } from "../looks-secret.ts";
import { problemOf } from "../problem.ts";
import type { SandboxConfig } from "../sandbox-config.ts";

/** Variables that say what they should not, or do something else than whoever wrote them thinks. Values are never shown. */
export function checkEnvironment({ docker }: SandboxConfig): readonly Diagnostic[] {
  return [...docker.env].flatMap(([name, { value, origin }]) =>
    findings
      .filter(({ applies }) => applies(name, value))
      .map(({ code, what, hint }) =>
        problemOf(origin, { code, severity: "warning", what, hint: hint(name) }),
      ),
  );
}

interface Finding {
  readonly code: DiagnosticCode;
  applies(name: string, value: string): boolean;
  readonly what: string;
  hint(name: string): string;
}

const findings: readonly Finding[] = [
  {
    code: "SECRET_ENV_LITERAL",
    applies: looksSecret,
    what: "looks like a secret: whoever may inspect the container reads it",
    hint: (name) =>
      `Make a new one where it came from, take it out, and give it to one scope: ` +
      `skillcrate secret set ${name}, then skillcrate secret allow ${name} --skill SKILL`,
  },
  {
    code: "CONFIG_ENV_REFERENCE",
    applies: (_, value) => /^\$\{[A-Z_][A-Z0-9_]*\}$/.test(value),
    what: "refers to a variable of the gateway's own environment: unless the gateway fills it in, the reference itself is passed on",
    hint: (name) =>
      `Where it is a secret, give it to one scope: skillcrate secret set ${name}; else write the value.`,
  },
  {
    code: "CONFIG_ENV_TLS",
    applies: (name, value) => name === "NODE_TLS_REJECT_UNAUTHORIZED" && value === "0",
    what: "turns off the check of whom a TLS connection leads to, for every program; it makes no port speak TLS that does not",
    hint: () => "Take it out. A gateway without TLS in front of it is reached by ws://, not wss://.",
  },
];
