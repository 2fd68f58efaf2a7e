import { quoteValue } from "../../../diagnostic/quote-value.ts";
import { createFindings, type Findings } from "../../../skill/findings.ts";
import type { HeadNode } from "../../../skill/head-node.ts";
import { nodeAt } from "../../../skill/node-at.ts";
import { findJson5Fault, readJson5 } from "../../../skill/read-json5.ts";
import { type ReadWebPolicyResult, readWebPolicy } from "./read-web-policy.ts";

/** The text of `browser-web.json5`: `{ allow: [...], deny: [...], upstreamProxy: "…" }`, each of them optional. */
export function parseWebPolicy(text: string, file: string): ReadWebPolicyResult {
  const findings = createFindings(file, text.replace(/^\ufeff/, ""));
  const tree = readTree(findings);
  if (tree === null) return { ok: false, diagnostics: findings.list() };
  const allow = textsAt(tree, "allow", findings);
  const deny = textsAt(tree, "deny", findings);
  const upstreamProxy = textAt(tree, "upstreamProxy", findings);
  if (tree.type === "map") {
    for (const [key, { keyOffset }] of tree.entries) {
      if (!keys.has(key)) fault(findings, keyOffset, `${quoteValue(key)} is no key that belongs here`);
    }
  } else fault(findings, tree.offset, "What a browser may reach is not written as a map of lists");
  if (findings.has("error") || findings.has("warning")) return { ok: false, diagnostics: findings.list() };
  return readWebPolicy({
    ...(allow === null ? {} : { allow }),
    deny: deny ?? [],
    upstreamProxy,
    placeOf: (path) =>
      findings.placeAt(
        nodeAt(
          tree,
          path.filter((part) => part !== undefined),
        )?.offset ?? tree.offset,
      ),
  });
}

const keys = new Set(["allow", "deny", "upstreamProxy"]);

function readTree(findings: Findings): HeadNode | null {
  try {
    const found = findJson5Fault(findings.text);
    if (found === null) return readJson5(findings.text, (index) => index, findings);
    fault(findings, found.index, `What a browser may reach is not JSON5: ${found.message}`);
  } catch (error) {
    // The readers call themselves for each level.
    if (!(error instanceof RangeError)) throw error;
    fault(findings, 0, "What a browser may reach is nested too deeply to be read");
  }
  return null;
}

/** Null where the key is not there. */
function textsAt(tree: HeadNode, key: string, findings: Findings): readonly string[] | null {
  const node = nodeAt(tree, [key]);
  if (node === null) return null;
  if (node.type !== "list") {
    fault(findings, node.offset, `${quoteValue(key)} is no list`);
    return null;
  }
  return node.items.flatMap((item) => {
    if (item.type === "scalar" && typeof item.value === "string") return [item.value];
    fault(findings, item.offset, `An entry of ${quoteValue(key)} is no text`);
    return [];
  });
}

function textAt(tree: HeadNode, key: string, findings: Findings): string | null {
  const node = nodeAt(tree, [key]);
  if (node === null) return null;
  if (node.type === "scalar" && typeof node.value === "string") return node.value;
  fault(findings, node.offset, `${quoteValue(key)} is no text`);
  return null;
}

function fault(findings: Findings, offset: number, message: string): void {
  const hint =
    'Write { allow: ["example.com"], deny: ["*.example.org"], upstreamProxy: "http://proxy:3128" }.';
  findings.error("WEB_POLICY_SHAPE", offset, `${message}.`, hint);
}
