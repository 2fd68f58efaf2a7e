import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { asObject, ownValue } from "../skill/own-value.ts";
import type { ConfigDocument } from "./config-document.ts";
import { problemAt } from "./problem.ts";
import { normaliseAgentId } from "./session/agent-id.ts";
import { formatKeyPath, type KeyPath } from "./session/key-path.ts";

/** Says which agents the configuration names twice: in both of its forms, or in two entries. Only the first counts. */
export function repeatedAgents(document: ConfigDocument): readonly Diagnostic[] {
  return writtenAgents(document).flatMap(({ id, path }) => {
    const first = document.pathOfAgent(id);
    if (first === null || formatKeyPath(first) === formatKeyPath(path)) return [];
    return [
      problemAt(path, document.placeOf(path), {
        code: "CONFIG_AGENT_DUPLICATE",
        severity: "warning",
        what: `is the agent ${quoteValue(id)} again; ${quoteValue(formatKeyPath(first))} counts`,
        hint: "Keep one of the two, or give it an id of its own.",
      }),
    ];
  });
}

function writtenAgents(document: ConfigDocument): readonly { readonly id: string; readonly path: KeyPath }[] {
  const entries = asObject(document.valueAt(["agents", "entries"])) ?? {};
  const list = document.valueAt(["agents", "list"]);
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return [
    ...Object.keys(entries).map((key) => ({ id: normaliseAgentId(key), path: ["agents", "entries", key] })),
    ...items.flatMap((item, index) => {
      const settings = asObject(item);
      if (settings === null) return [];
      const id = ownValue(settings, "id");
      // One without an id is the main agent, as gateways take it.
      return [{ id: normaliseAgentId(typeof id === "string" ? id : ""), path: ["agents", "list", index] }];
    }),
  ];
}
