import type { Place } from "../../diagnostic/diagnostic.ts";
import { formatKeyPath, type KeyPath, type PlaceOf, placeless } from "../session/key-path.ts";
import type { Session } from "../session/session.ts";
import type { ConfigEdit } from "./config-edit.ts";
import { groupOf } from "./group-policy.ts";
import { judgeLayer, type LayerVerdict, type ToolLayerName } from "./layer-rule.ts";
import { type LayersRequest, readLayers, type ToolLayer } from "./read-layers.ts";
import { findSmallestChange } from "./smallest-change.ts";
import type { ToolList } from "./tool-list.ts";
import { canonicalToolName } from "./tool-name.ts";

export interface DecideToolRequest {
  /** The value of the gateway's configuration; anything goes. */
  readonly config: unknown;
  readonly session: Session;
  /** As anybody writes it. */
  readonly tool: string;
  /** Of the model: `openai`, or with the model `openai/gpt-5.2`; null: not known, and no provider's lists count. */
  readonly provider?: string | null;
  /** Of the group chat that the session belongs to, where its key does not say. */
  readonly channel?: string | null;
  readonly group?: string | null;
  /** Where the configuration's text has a key. */
  readonly placeOf?: PlaceOf;
}

export interface ToolDecision {
  /** Lower case, older names replaced: what policies compare. */
  readonly tool: string;
  readonly allowed: boolean;
  readonly session: Session;
  /** Every layer, in the order in which a tool passes them. */
  readonly layers: readonly LayerDecision[];
  /** Those that block; every one of them must change. */
  readonly blockedBy: readonly LayerDecision[];
  /** Changes with which it would pass, and would not without any one of them; none where it does. */
  readonly smallestChange: readonly ConfigEdit[];
}

export interface LayerDecision {
  readonly layer: ToolLayerName;
  /** `absent`: it is not configured, or does not apply to this session. */
  readonly verdict: "passes" | "blocks" | "absent";
  /** The list that decided: `allow`, `alsoAllow`, `deny`, `profile`, `workspaceAccess`; null: none had to. */
  readonly list: string | null;
  /** Whether somebody wrote that list, it is the gateway's own, or it cannot be read; null: no list decided. */
  readonly source: "written" | "default" | "unreadable" | null;
  /** Where that list, or else the layer, is or would be configured. */
  readonly key: string;
  readonly path: KeyPath;
  /** Of the entry, else of the list, in the configuration's text; null: it is not there. */
  readonly place: Place | null;
  /** The key of the list that says what may pass this layer; null: all may but what is denied. */
  readonly allowList: string | null;
  /** The entry that decided, as written; null: the list has none for the tool, or cannot be read. */
  readonly entry: string | null;
}

/** Decides whether a session may use a tool: it may if every layer lets it. Never throws, whatever the configuration. */
export function decideTool(request: DecideToolRequest): ToolDecision {
  const { session, placeOf = placeless } = request;
  const tool = canonicalToolName(request.tool);
  const asked = layersRequest(request);
  const layers = readLayers(asked).map((layer) => decideLayer(layer, tool, placeOf));
  const blockedBy = layers.filter(({ verdict }) => verdict === "blocks");
  return {
    tool,
    allowed: blockedBy.length === 0,
    session,
    layers,
    blockedBy,
    smallestChange: blockedBy.length === 0 ? [] : findSmallestChange(asked, tool),
  };
}

function layersRequest({ config, session, provider, channel, group }: DecideToolRequest): LayersRequest {
  const known = groupOf(session);
  const named = typeof group === "string" ? group : null;
  const chat =
    named === null
      ? known
      : { channel: channel ?? session.route.channel ?? "", group: named, account: session.route.account };
  return { config, session, provider: provider ?? null, group: chat };
}

function decideLayer({ name, rule, path }: ToolLayer, tool: string, placeOf: PlaceOf): LayerDecision {
  const verdict = rule === null ? null : judgeLayer(rule, tool);
  const decided = verdict?.list ?? null;
  const key = decided?.path ?? path;
  return {
    layer: name,
    verdict: verdict === null ? "absent" : verdict.passes ? "passes" : "blocks",
    list: decided === null ? null : String(decided.path.at(-1)),
    source: sourceOf(decided),
    key: formatKeyPath(key),
    path: key,
    place: decided === null ? null : placeOfVerdict(verdict, key, placeOf),
    allowList: rule === null || rule.allowsAll ? null : formatKeyPath(rule.allow[0]?.path ?? path),
    entry: verdict?.entry?.written ?? null,
  };
}

function sourceOf(list: ToolList | null): LayerDecision["source"] {
  if (list === null) return null;
  if (!list.isReadable) return "unreadable";
  return list.isWritten ? "written" : "default";
}

function placeOfVerdict(verdict: LayerVerdict | null, path: KeyPath, placeOf: PlaceOf): Place | null {
  const entry = verdict?.entry ?? null;
  if (entry === null || verdict?.list?.isWritten !== true) return placeOf(path);
  return placeOf([...path, entry.index]) ?? placeOf(path);
}
