import { type Mention, weaker } from "../mention.ts";
import { confidencesOf } from "./attempts.ts";
import type { JavaScriptToken } from "./javascript-tokens.ts";
import { packageOf } from "./node-modules.ts";
import { isPackageName } from "./read-dependency.ts";

/** A module that is named in an import, an export or a call of `require`. */
export interface ModuleUse {
  readonly specifier: string;
  /** Index of the token that names it, and of the one that begins the statement. */
  readonly token: number;
  readonly start: number;
  /** `require.resolve("x")` only asks where it is. */
  readonly isCertain: boolean;
}

/** What a program imports, files and Node's own modules included; types alone are left out. */
export function moduleUses(tokens: readonly JavaScriptToken[]): ModuleUse[] {
  return tokens.flatMap(({ type, value }, start): ModuleUse[] => {
    if (type !== "name" || tokens[start - 1]?.value === ".") return [];
    if (value === "require") return requireAt(tokens, start);
    return value === "import" || value === "export" ? importAt(tokens, start) : [];
  });
}

function requireAt(tokens: readonly JavaScriptToken[], start: number): ModuleUse[] {
  const isResolve = tokens[start + 1]?.value === "." && tokens[start + 2]?.value === "resolve";
  return callAt(tokens, start, isResolve ? start + 3 : start + 1, !isResolve);
}

function callAt(
  tokens: readonly JavaScriptToken[],
  start: number,
  parenthesis: number,
  isCertain: boolean,
): ModuleUse[] {
  const argument = tokens[parenthesis + 1];
  if (tokens[parenthesis]?.value !== "(" || argument?.type !== "string") return [];
  return [{ specifier: argument.value, token: parenthesis + 1, start, isCertain }];
}

const clause = /^(?:[\p{L}\p{N}_$]+|[{},*])$/u;

function importAt(tokens: readonly JavaScriptToken[], start: number): ModuleUse[] {
  const next = tokens[start + 1];
  if (next?.value === "(") return callAt(tokens, start, start + 1, true);
  if (next?.value === "type" && !/^(?:from|,)$/.test(tokens[start + 2]?.value ?? "")) return [];
  for (let index = start + 1; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) return [];
    if (token.type === "string") {
      const isFrom = tokens[index - 1]?.value === "from" || index === start + 1;
      return isFrom ? [{ specifier: token.value, token: index, start, isCertain: true }] : [];
    }
    // Another statement: the clause of this one never came to its module.
    if (!clause.test(token.value) || token.value === "import" || token.value === "export") return [];
  }
  return [];
}

/** The packages that a program imports. One that it can do without is weaker: see {@link confidencesOf}. */
export function findModuleImports(tokens: readonly JavaScriptToken[], uses: readonly ModuleUse[]): Mention[] {
  const confidences = confidencesOf(tokens, new Set(uses.map(({ token }) => token)));
  return uses.flatMap(({ specifier, token, isCertain }): Mention[] => {
    const name = packageOf(specifier);
    if (name === null || !isPackageName(name)) return [];
    const confidence = weaker(isCertain ? "certain" : "likely", confidences.get(token) ?? "certain");
    return [{ kind: "node", name, offset: tokens[token]?.offset ?? 0, confidence, how: "imported by" }];
  });
}
