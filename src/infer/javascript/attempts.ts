import type { Confidence } from "../inferred.ts";
import { weaker } from "../mention.ts";
import type { JavaScriptToken } from "./javascript-tokens.ts";

/** A `try` or a `catch`, and those around it. */
interface Attempt {
  readonly isCatch: boolean;
  readonly around: Attempt | null;
  readonly depth: number;
  /** Of a try: it has a catch, in which the program goes on. */
  isOptional: boolean;
}

/** Deeper ones count as if nothing were around them. */
const maxDepth = 64;

/**
 * How sure it is that each of these tokens counts: in a `try` whose `catch` lets the program go on (it neither throws
 * nor exits, nor tells people to install something) `likely`, in a `catch` a `guess`.
 */
export function confidencesOf(
  tokens: readonly JavaScriptToken[],
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, Confidence> {
  const found = new Map<number, Attempt | null>();
  const open: (Attempt | null)[] = [];
  let around: Attempt | null = null;
  /** The try that ended last: the next catch is its own. */
  let tried: Attempt | null = null;
  const owners = new Map<Attempt, Attempt>();
  for (const [index, token] of tokens.entries()) {
    if (wanted.has(index)) found.set(index, around);
    if (ends(token) && around?.isCatch === true) {
      const owner = owners.get(around);
      if (owner !== undefined) owner.isOptional = false;
    } else if (token.type === "other" && token.value === "{") {
      const keyword = blockKeyword(tokens, index);
      open.push(around);
      if (keyword === null || (around?.depth ?? 0) === maxDepth) continue;
      const attempt: Attempt = {
        isCatch: keyword === "catch",
        around,
        depth: (around?.depth ?? 0) + 1,
        isOptional: false,
      };
      if (attempt.isCatch && tried !== null) {
        tried.isOptional = true;
        owners.set(attempt, tried);
      }
      around = attempt;
    } else if (token.type === "other" && token.value === "}") {
      tried = around;
      around = open.pop() ?? null;
    }
  }
  return new Map([...found].map(([index, attempt]) => [index, confidenceIn(attempt)]));
}

function ends({ type, value }: JavaScriptToken): boolean {
  return type === "string" ? /\binstall\b/i.test(value) : value === "throw" || value === "exit";
}

function blockKeyword(tokens: readonly JavaScriptToken[], brace: number): "try" | "catch" | null {
  const before = tokens[brace - 1]?.value;
  if (before === "try" || before === "catch") return before;
  // `catch (error) {`
  return before === ")" && tokens[brace - 4]?.value === "catch" ? "catch" : null;
}

function confidenceIn(innermost: Attempt | null): Confidence {
  let confidence: Confidence = "certain";
  for (let attempt = innermost; attempt !== null; attempt = attempt.around) {
    if (attempt.isCatch) return "guess";
    if (attempt.isOptional) confidence = weaker(confidence, "likely");
  }
  return confidence;
}
