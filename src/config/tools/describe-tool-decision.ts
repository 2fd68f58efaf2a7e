import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { formatKeyPath, valueAt } from "../session/key-path.ts";
import type { ConfigEdit } from "./config-edit.ts";
import type { ElevatedDecision } from "./decide-elevated.ts";
import type { LayerDecision, ToolDecision } from "./decide-tool.ts";
import { knownTools, operatorCommands } from "./known-tools.ts";
import type { ToolLayerName } from "./layer-rule.ts";

/** One line for people. */
export interface ToolLine {
  /** `heading`: what follows belongs to it. */
  readonly kind: "heading" | "line";
  readonly text: string;
}

export interface ToolDescriptionInput {
  readonly decision: ToolDecision;
  readonly elevated: ElevatedDecision;
  /** The value of the gateway's configuration; anything goes. */
  readonly config: unknown;
}

/**
 * Tells whether a session may use a tool, what each layer says, what would let it pass, and what people ask about such
 * a tool. Foreign text in it is escaped; nothing but names of keys, tools and lists is quoted.
 */
export function describeToolDecision(input: ToolDescriptionInput): readonly ToolLine[] {
  const { decision } = input;
  const { tool, session, layers } = decision;
  return [
    heading(
      `${escapeText(tool)} is ${decision.allowed ? "allowed" : "blocked"} in ${quoteValue(session.key)}`,
    ),
    ...session.why.map(line),
    heading("What each layer says; a tool must pass all of them"),
    ...layers.map((layer) => line(`${layer.layer}: ${describeLayer(layer)}`)),
    ...describeChange(decision),
    heading("Lists"),
    ...describeLists(decision),
    ...(tool === "exec" ? [heading("Commands"), ...describeCommands(input)] : []),
    ...(tool === "cron" ? [heading("Jobs"), ...describeJobs(input)] : []),
    ...(tool === "gateway" ? [heading("The gateway"), ...describeGateway()] : []),
  ];
}

/** A change in words: `add "cron" to tools.allow`. */
export function describeEdit(edit: ConfigEdit): string {
  const key = formatKeyPath(edit.path);
  if (edit.op === "set") return `set ${key} to ${escapeText(JSON.stringify(edit.value))}`;
  if (edit.op === "add") return `add ${quoteValue(edit.value)} to ${key}`;
  const taken = `take ${quoteValue(edit.value)} out of ${key}`;
  if (edit.keep.length === 0) return taken;
  if (edit.keep.length > mostKept)
    return `${taken}, and put in its place the ${edit.keep.length} other tools that it means`;
  return `${taken}, and put in its place ${edit.keep.map((name) => quoteValue(name)).join(", ")}`;
}

/** More names than these are counted, not told. */
const mostKept = 8;

/** Why a layer lets a tool through or not, in words. */
export function describeLayer({ layer, verdict, key, list, source, entry }: LayerDecision): string {
  if (verdict === "absent") return `– ${absence[layer] ?? `${key} has no lists`}`;
  const word = verdict === "passes" ? "passes:" : "blocks:";
  const name = source === "default" && list !== "profile" ? `${key} (the default list)` : key;
  if (list === null) return `${word} nothing in ${key} is against it`;
  if (list === "workspaceAccess") return `${word} ${key} is "ro", and this tool writes`;
  if (source === "unreadable") return `${word} ${key} cannot be read`;
  return entry === null ? `${word} ${name} does not have it` : `${word} ${name} has ${quoteValue(entry)}`;
}

const noProvider = "nothing is set for the model's provider, or it was not named";

const absence: Readonly<Partial<Record<ToolLayerName, string>>> = {
  profile: "no profile is set",
  "provider profile": noProvider,
  provider: noProvider,
  "agent provider": noProvider,
  sandbox: "the session is not sandboxed, and tools.sandbox.tools does not count",
  "workspace access": "nothing makes the sandbox's workspace read-only",
  subagent: "the session is no subagent's",
  group: "nothing is set for the session's group, or it belongs to none",
};

function describeChange({ smallestChange }: ToolDecision): readonly ToolLine[] {
  if (smallestChange.length === 0) return [];
  const title = smallestChange.length === 1 ? "What would let it pass" : "What would let it pass, all of it";
  return [heading(title), ...smallestChange.map((edit) => line(describeEdit(edit)))];
}

function describeLists({ tool, session, layers, blockedBy }: ToolDecision): readonly ToolLine[] {
  const name = quoteValue(tool);
  const keys = layers.flatMap(({ allowList }) => (allowList === null ? [] : [allowList]));
  const separate = session.sandboxed
    ? "tools.allow and tools.sandbox.tools.allow are separate: the first counts in every session, the second on top of it in a sandboxed one. Neither stands in for the other."
    : "tools.sandbox.tools counts in sandboxed sessions only; here tools.allow and tools.deny do.";
  return [
    line(separate),
    line(
      keys.length === 0
        ? `No list says what may pass; only lists of denied tools matter to ${name}.`
        : `What may pass is said by ${keys.join(", ")}: ${name} must be in each of them, and in no list of denied tools.`,
    ),
    ...blockedBy.map(({ key, layer }) => line(`Here ${key} blocks ${name} (layer ${quoteValue(layer)}).`)),
  ];
}

function describeCommands({ decision, elevated }: ToolDescriptionInput): readonly ToolLine[] {
  const instead = [...toolsInsteadOfCommands()].map(([command, names]) => `${command} → ${names.join(", ")}`);
  return [
    line(elevation[elevated.effect](elevated)),
    ...(decision.session.sandboxed
      ? [
          line(
            "By default a sandbox cannot run the gateway's own commands. It takes all of: a network, the client program, a gateway that listens beyond loopback, its address with ws://, and a token.",
          ),
        ]
      : []),
    line(`An agent uses tools in place of commands: ${instead.join("; ")}.`),
    line(
      `For operators only: ${operatorCommands.join(", ")}. A model that may call them has the operator's powers.`,
    ),
  ];
}

function toolsInsteadOfCommands(): ReadonlyMap<string, readonly string[]> {
  const commands = new Map<string, readonly string[]>();
  for (const { name, insteadOf } of knownTools) {
    if (insteadOf !== null) commands.set(insteadOf, [...(commands.get(insteadOf) ?? []), name]);
  }
  return commands;
}

const elevation: Readonly<Record<ElevatedDecision["effect"], (elevated: ElevatedDecision) => string>> = {
  "no-effect": () =>
    "tools.elevated changes nothing here: the session is not sandboxed, and exec runs on the host.",
  off: ({ gates }) => {
    const closed = gates.find(({ passes }) => !passes)?.key;
    return `tools.elevated is off here: nobody can have exec run on the host${closed === undefined ? "" : ` (${closed})`}.`;
  },
  some: ({ channels }) =>
    `tools.elevated lets some who write in ${channels.map(escapeText).join(", ")} have exec run on the host, outside of the sandbox.`,
  everyone: ({ channels }) =>
    `tools.elevated lets everyone who writes in ${channels.map(escapeText).join(", ")} have exec run on the host, outside of the sandbox.`,
};

function describeJobs({ config }: ToolDescriptionInput): readonly ToolLine[] {
  const isOff = valueAt(config, ["cron", "enabled"]) === false;
  return [
    line(
      "To schedule a job an agent calls the tool cron (cron.add, cron.update, cron.run), never a command of that name.",
    ),
    line(
      "Jobs fire inside the gateway process on the host, whatever the sandbox: it must run, cron.enabled must not be false, and OPENCLAW_SKIP_CRON must not be set.",
    ),
    ...(isOff ? [line("Here cron.enabled is false: no job fires.")] : []),
    line(
      "On the host, cron status says whether jobs fire, cron list which there are, and cron runs --id JOB whether they failed or were not delivered.",
    ),
    line(
      "A job is an event of the main session, or a turn of its own in the session cron:JOB, which is never the main one.",
    ),
  ];
}

function describeGateway(): readonly ToolLine[] {
  return [
    line("The tool gateway calls the gateway itself; it is best kept denied."),
    line(
      `For operators only: ${operatorCommands.join(", ")}. A model that may call them has the operator's powers.`,
    ),
  ];
}

function heading(text: string): ToolLine {
  return { kind: "heading", text };
}

function line(text: string): ToolLine {
  return { kind: "line", text };
}
