import type { ToolLine } from "../config/tools/describe-tool-decision.ts";
import { formatCommand } from "../diagnostic/format-command.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import type { ExplainedContainer, Explanation } from "../sandbox/explain/explanation.ts";
import { scopeWords } from "../sandbox/scope-words.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatSettings } from "./format-config.ts";
import { formatPlace } from "./format-place.ts";
import { formatToolDecision } from "./format-tools.ts";
import type { Style } from "./style.ts";

export interface ExplanationView {
  readonly cwd: string;
  /** Of the one tool that was asked for; null: none was. */
  readonly tool: readonly ToolLine[] | null;
}

/** Headings in the order in which people ask, and below each its lines, indented. */
export function formatExplanation(explanation: Explanation, view: ExplanationView, style: Style): string {
  const sections: readonly Section[] = [
    [
      `${quoteValue(explanation.session.key)} is ${explanation.session.sandboxed ? "sandboxed" : "not sandboxed"}`,
      explanation.session.why,
    ],
    ["Container", containerLines(explanation)],
    ["Image", imageLines(explanation)],
    ["Skills", skillLines(explanation)],
    ["Secrets", secretLines(explanation)],
    ["Home", homeLines(explanation)],
    ["Gateway", explanation.gateway],
    ["Tools", toolLines(explanation)],
    ["Browser", browserLines(explanation)],
    ["Settings", settingLines(explanation, view, style)],
    ["To fix", findingLines(explanation, view)],
  ];
  const blocks = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [style.bold(title), ...lines.map((line) => `  ${line}`)].join("\n"));
  const tool = view.tool === null ? [] : [formatToolDecision(view.tool, style)];
  return [...blocks, ...tool].join("\n\n");
}

type Section = readonly [title: string, lines: readonly string[]];

function containerLines({ container, engine, scope, session }: Explanation): readonly string[] {
  const whose = `scope: ${scope.kind} ${quoteValue(scope.key)}, folder ${escapeText(scope.folder)}`;
  if (!session.sandboxed) return [`none: this session's tools run on the host`];
  if (engine !== null) return [whose, `not looked at: ${engine}`];
  if (container === null) return [whose, "none yet: it is made at its first use"];
  return [whose, ...describeContainer(container)];
}

function describeContainer(container: ExplainedContainer): readonly string[] {
  const { name, state, network, user, readOnlyRoot, memoryBytes, pids, cpus, mounts, differences } =
    container;
  const limit = (value: number, text: string) => (value === 0 ? "no limit" : text);
  return [
    `${escapeText(name)} is ${state}`,
    `network ${quoteValue(network)}, user ${escapeText(user)}, root file system ${readOnlyRoot ? "read-only" : "can be written"}`,
    `memory ${limit(memoryBytes, formatBytes(memoryBytes))}, processes ${limit(pids, String(pids))}, processors ${limit(cpus, String(cpus))}`,
    ...mounts.map(
      ({ source, target, readOnly }) =>
        `${escapeText(target)} ${readOnly ? "(read-only)" : "(written)"} is ${escapeText(source)}`,
    ),
    ...(differences === null
      ? []
      : differences.length === 0
        ? ["it is what would be made now"]
        : differences.map(
            ({ path, planned, real }) =>
              `differs: ${escapeText(path)} is ${show(real)}, and would be ${show(planned)}`,
          )),
  ];
}

const show = (value: string | null): string => (value === null ? "not there" : quoteValue(value));

function imageLines({ image, engine, session }: Explanation): readonly string[] {
  if (!session.sandboxed) return [];
  const known = image.binaries;
  return [
    `${quoteValue(image.reference)} (${image.origin.key})`,
    ...(engine !== null ? [] : [image.id === null ? "is not in the engine" : `is ${image.id}`]),
    ...(known !== null
      ? [
          `its commands are known by its labels; to run them all: skillcrate verify ${escapeText(image.reference)}`,
        ]
      : image.id === null
        ? []
        : [
            "says nothing of its commands: it was not built by skillcrate, so what skills require is not judged",
          ]),
  ];
}

function skillLines({ skills, image, session }: Explanation): readonly string[] {
  if (!session.sandboxed) return [];
  const fixes = [...new Set(skills.missing.flatMap(({ fix }) => (fix === null ? [] : [fix])))];
  return [
    skills.inside.length === 0
      ? "inside: none"
      : `inside, each with its SKILL.md where the list for the model says: ${skills.inside.map(escapeText).join(" ")}`,
    ...(image.binaries === null && image.id !== null ? ["what they require of the image is not judged"] : []),
    ...skills.missing.map(
      ({ name, there, reason }) =>
        `${there ? "inside, but cannot work" : "not inside"}: ${escapeText(name)}: ${reason}`,
    ),
    ...fixes.map((fix) => `→ ${fix}`),
  ];
}

function secretLines({ secrets, scope, session }: Explanation): readonly string[] {
  if (!session.sandboxed) return [];
  if (secrets.length === 0) return ["none: no skill here declares a variable, and none is stored"];
  const command = (words: readonly string[]) =>
    formatCommand(["skillcrate", "secret", ...words, ...scopeWords(scope)]);
  const remedies = [...new Set(secrets.flatMap(({ remedy }) => (remedy === null ? [] : [command(remedy)])))];
  const alike = new Map<string, string[]>();
  for (const { name, status, reason, skills, from } of secrets) {
    const of = skills.length === 0 ? "" : ` (${skills.map(escapeText).join(", ")})`;
    const why = status === "provided" ? `, from ${escapeText(from ?? "nowhere")}` : `: ${reason}`;
    const said = `: ${status}${of}${why}`;
    const names = alike.get(said) ?? [];
    names.push(escapeText(name));
    alike.set(said, names);
  }
  return [
    ...[...alike].map(([said, names]) => `${listNames(names)}${said}`),
    ...remedies.slice(0, mostRemedies).map((remedy) => `→ ${remedy}`),
    ...(remedies.length > mostRemedies ? [`→ all of them: ${command(["list"])}`] : []),
  ];
}

const mostNames = 20;

function listNames(names: readonly string[]): string {
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const mostRemedies = 5;

function homeLines({ home, session }: Explanation): readonly string[] {
  if (!session.sandboxed) return [];
  const others = home.sessions.filter((key) => key !== session.key);
  return [
    `HOME is ${home.path}, kept over recreations`,
    home.by === "one-person"
      ? "it is this session's alone: every login in it too"
      : `shared by ${sharers[home.by]}, with every login in it. One for each person: sandbox.scope "session" and session.dmScope "per-channel-peer".`,
    ...(others.length === 0 ? [] : [`also used by: ${others.map((key) => quoteValue(key)).join(", ")}`]),
    `a file of a user's own goes before a skill's default: ${formatCommand(["skillcrate", "sandbox", "exec", "--session", session.key, "--", "sh", "-c", "mkdir -p ~/.config/NAME && cat > ~/.config/NAME/FILE"])} < FILE`,
  ];
}

const sharers: Readonly<Record<Explanation["home"]["by"], string>> = {
  "one-person": "nobody",
  "direct-messages": "everybody who writes directly to the agent",
  group: "the members of a group chat",
  agent: "every session of the agent",
  everyone: "every session of every agent",
};

function browserLines({ browser, session, engine }: Explanation): readonly string[] {
  const [own] = browser.targets;
  return [
    ...browser.targets.map(({ target, allowed, why, change }) => {
      const fix = change.length === 0 ? "" : ` To allow it: ${change.join("; ")}`;
      return `target "${target}" ${allowed ? "may be controlled" : "is refused"}: ${why}${fix}`;
    }),
    `target "custom" may be ${browser.custom}`,
    ...(session.sandboxed && engine === null && (own?.allowed === true || browser.container !== null)
      ? ownBrowserLines(browser)
      : []),
  ];
}

function ownBrowserLines({ image, container, doors }: Explanation["browser"]): readonly string[] {
  return [
    `${quoteValue(image.reference)} (${image.origin.key}) ${image.id === null ? "is not in the engine" : `is ${image.id}`}`,
    ...(container === null ? ["none yet: it is made at its first use"] : describeContainer(container)),
    ...(container === null || container.state !== "running" ? [] : [describeDoors(doors)]),
  ];
}

function describeDoors(doors: Explanation["browser"]["doors"]): string {
  if (doors === null) return "nobody keeps its doors open; the next who asks for it does";
  const { keeperPid, cdpPort, vncPort, viewerPort } = doors;
  const screen = vncPort === null ? "no screen" : `VNC ${vncPort}`;
  const viewer = viewerPort === null ? "" : `, viewer ${viewerPort}`;
  return `process ${keeperPid} keeps its doors open on 127.0.0.1: control ${cdpPort}, ${screen}${viewer}`;
}

/** Blocked ones by what blocks them: one key often blocks many. */
function toolLines({ tools }: Explanation): readonly string[] {
  const allowed = tools.filter((tool) => tool.allowed).map(({ tool }) => tool);
  const blocked = new Map<string, string[]>();
  for (const { tool, blockedBy } of tools.filter((each) => !each.allowed)) {
    const by = blockedBy.join(", and ");
    blocked.set(by, [...(blocked.get(by) ?? []), tool]);
  }
  return [
    `allowed: ${allowed.length === 0 ? "none" : allowed.map(escapeText).join(" ")}`,
    ...[...blocked].map(([by, group]) => `blocked: ${group.map(escapeText).join(" ")} – by ${by}`),
    ...(blocked.size === 0 ? [] : ["what would let one pass: --tool NAME"]),
  ];
}

/** Those that somebody has written; the rest is the gateway's default, or a safe one. */
function settingLines({ settings }: Explanation, { cwd }: ExplanationView, style: Style): readonly string[] {
  const written = settings.filter(({ origin }) => origin.file !== null);
  const rest = `${settings.length - written.length} others have their defaults: skillcrate config show`;
  return written.length === 0 ? [rest] : [...formatSettings(written, style, cwd).split("\n"), rest];
}

function findingLines({ findings }: Explanation, { cwd }: ExplanationView): readonly string[] {
  return findings.flatMap(({ severity, message, hint, place }) => [
    `${severity} ${message}${place === undefined ? "" : ` ${formatPlace(place, cwd)}`}`,
    `  → ${hint.replaceAll("\n", "\n    ")}`,
  ]);
}
