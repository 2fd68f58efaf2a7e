import type { z } from "zod";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Findings } from "../skill/findings.ts";
import { type HeadNode, quoteNode } from "../skill/head-node.ts";
import { keyOffsetAt, nodeAt } from "../skill/node-at.ts";

type Issue = z.core.$ZodIssue;

/** Says what the schema does not allow, at its place, with the value unless it may hold a password. */
export function reportOverlayIssue(issue: Issue, tree: HeadNode, findings: Findings): void {
  switch (issue.code) {
    case "unrecognized_keys":
      for (const key of issue.keys)
        reportKey([...issue.path, key], "is no key that belongs here", tree, findings);
      return;
    case "invalid_key":
      reportKey(issue.path, `is not allowed as a key: ${ruleOf(issue)}`, tree, findings);
      return;
    case "invalid_union": {
      const branch = likelyBranch(issue);
      if (branch === null) break;
      for (const inner of branch) {
        reportOverlayIssue({ ...inner, path: [...issue.path, ...inner.path] }, tree, findings);
      }
      return;
    }
  }
  const node = nodeAt(tree, issue.path);
  const mayHoldPassword = issue.path.length === 0 || issue.path[0] === "network";
  const shown = node === null || mayHoldPassword ? "" : `, given as ${quoteNode(node)},`;
  const name = issue.path.length === 0 ? "The overlay" : quoteValue(issue.path.join("."));
  const message = `${name}${shown} is not allowed: ${issue.message}.`;
  findings.error("OVERLAY_SHAPE", node?.offset ?? tree.offset, message, hint);
}

const hint = "The schema beside this package, schema/skillcrate.schema.json, says what belongs there.";

function reportKey(path: readonly PropertyKey[], problem: string, tree: HeadNode, findings: Findings): void {
  const message = `${quoteValue(path.join("."))} ${problem}.`;
  findings.error("OVERLAY_SHAPE", keyOffsetAt(tree, path) ?? tree.offset, message, hint);
}

function ruleOf(issue: Extract<Issue, { code: "invalid_key" }>): string {
  return issue.issues[0]?.message ?? issue.message;
}

/** Of the forms that a value may have, the one whose type it has: its problems are those that matter. */
function likelyBranch({ errors }: Extract<Issue, { code: "invalid_union" }>): readonly Issue[] | null {
  const fits = (branch: readonly Issue[]) =>
    branch.every((inner) => inner.code !== "invalid_type" || inner.path.length > 0);
  return errors.find(fits) ?? null;
}
