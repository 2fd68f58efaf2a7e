import { join } from "node:path";
import type { Diagnostic } from "../../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../../host/file-problem.ts";
import { readRegularFile } from "../../../host/read-regular-file.ts";
import { parseWebPolicy } from "./parse-web-policy.ts";
import { type ReadWebPolicyResult, readWebPolicy, type WrittenWebPolicy } from "./read-web-policy.ts";
import type { WebPolicy } from "./web-policy.ts";

/** Beside a gateway's own configuration, whose `sandbox.browser` takes no keys of others. */
export const webPolicyFileName = "browser-web.json5";

/** What a caller names besides: `allow` and `upstreamProxy` in place of the file's, `deny` in addition to it. */
export type NamedWebPolicy = Pick<WrittenWebPolicy, "allow" | "deny" | "upstreamProxy">;

/**
 * Where a gateway's browsers may go: `browser-web.json5` in its state folder, and what the caller names. Without either
 * the public web. Throws `INPUT_INVALID` with diagnostics where any of it cannot be used: half a policy would open what
 * the other half closes.
 */
export function loadWebPolicy(stateDir: string, named: NamedWebPolicy = {}): WebPolicy {
  const file = readFile(join(stateDir, webPolicyFileName));
  const options = readWebPolicy(named);
  if (file.ok && options.ok) {
    const { allow, deny, upstream } = file.policy;
    return {
      allow: options.policy.allow ?? allow,
      deny: [...deny, ...options.policy.deny],
      upstream: options.policy.upstream ?? upstream,
    };
  }
  const diagnostics = [file, options].flatMap((read) => (read.ok ? [] : read.diagnostics));
  throw new SkillcrateError("INPUT_INVALID", "What a browser may reach cannot be used as it is written.", {
    hint: "Correct it; until then no browser is started.",
    diagnostics,
  });
}

function readFile(file: string): ReadWebPolicyResult {
  const read = readRegularFile(file, maxFileBytes, { followLinks: true });
  if (read.ok) return parseWebPolicy(read.bytes.toString("utf8"), file);
  if (read.problem.kind === "missing") return readWebPolicy({});
  return { ok: false, diagnostics: [unreadable(file, describeFileProblem(read.problem))] };
}

/** Some ten thousand entries. */
const maxFileBytes = 1_000_000;

function unreadable(file: string, why: string): Diagnostic {
  return {
    code: "WEB_POLICY_UNREADABLE",
    severity: "error",
    message: `What a browser may reach, ${quoteValue(file)}, cannot be read: ${why}.`,
    hint: "Make it a file that this user can read, or remove it.",
    place: { file, line: 1, column: 1 },
  };
}
