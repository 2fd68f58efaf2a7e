import { credentialNames, systemPaths } from "./rules/judge-bind-source.ts";
import { originRules } from "./sandbox-config.ts";
import { type Section, sections } from "./settings/sections.ts";
import type { AnySetting } from "./settings/setting.ts";

/** The reference page of the settings, Markdown: made from the tables that they are read by. */
export function settingsReference(): string {
  return `${[
    "# Settings of sandboxes",
    introduction,
    ...sections.map(sectionReference),
    merging,
    refusals(),
    showing,
  ].join("\n\n")}\n`;
}

const introduction = `<!-- Made by scripts/write-config-reference.mjs from the tables in src/config/settings/. -->

Skillcrate reads them from the gateway's own configuration, \`openclaw.json\` (JSON5): those of all agents under
\`agents.defaults.sandbox\`, an agent's own under \`agents.entries.ID.sandbox\`, or in the older form in the item of
\`agents.list\` that has its \`id\`. Keys that do not exist there are errors; all other keys of the file are the gateway's
business. \`skillcrate config check\` tells everything that is wrong, with line and column; \`skillcrate config show --agent ID\`
shows what applies, and where each value is from. Editors complete and check the file by \`schema/sandbox.schema.json\`.`;

function sectionReference({ key, doc, settings }: Section): string {
  const title = key === null ? "`sandbox`" : `\`sandbox.${key}\``;
  const rows = Object.values(settings).flatMap(settingRows);
  return [
    `## ${title}`,
    "",
    doc,
    "",
    "| setting | takes | where nothing is written | |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function settingRows(setting: AnySetting): readonly string[] {
  const { key, doc } = setting;
  const own = tableRow(`\`${key}\``, takes(setting), unsetWords(setting), doc);
  const old = setting.merge === "replace" ? setting.oldForm : undefined;
  return old === undefined ? [own] : [own, tableRow(`\`${old.key}\` (old)`, old.kind.expected, "", old.doc)];
}

function tableRow(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function takes(setting: AnySetting): string {
  if (setting.merge === "replace") return setting.kind.expected;
  if (setting.merge === "append") return `a list, each ${setting.item.expected}`;
  return `a map: ${setting.names.expected} → ${setting.item.expected}`;
}

function unsetWords(setting: AnySetting): string {
  if (setting.merge === "append") return setting.unset === null ? "" : "`[]`";
  if (setting.merge === "by name") {
    const values = Object.entries(setting.unset).map(
      ([name, { value }]) => `${name}: ${JSON.stringify(setting.item.print(value))}`,
    );
    return `\`{ ${values.join(", ")} }\`${marks(Object.values(setting.unset).map(({ rule }) => rule))}`;
  }
  const { unset } = setting;
  if (unset.rule === "derived") return unset.words;
  const printed = setting.kind.print(unset.value);
  return printed === null ? "" : `\`${JSON.stringify(printed)}\`${marks([unset.rule])}`;
}

/** A default that the gateway does not have is marked. */
function marks(rules: readonly string[]): string {
  return rules.includes("safe") ? " *" : "";
}

const merging = `\\* A safe limit of Skillcrate's own: the gateway has none. A limit is turned off by the word \`unlimited\` alone; \`0\` and \`-1\`,
which mean the same to an engine, are refused.

## How values come together

The agent's own setting comes before that of all agents, key by key; \`env\` and \`ulimits\` name by name. \`binds\` of both are
mounted. Other lists are replaced whole. With the scope \`shared\` all agents have one sandbox, so an agent's own \`docker\`,
\`browser\` and \`prune\` do not apply, which is reported.

Each effective value knows why it is what it is:

${Object.entries(originRules)
  .map(([rule, words]) => `- \`${rule}\`: ${words}`)
  .join("\n")}`;

function refusals(): string {
  return `## What is refused

When settings are loaded, and again right before a container is made; in any letter case and spelling, and through links.

- **Networks** \`host\` and \`container:NAME\`. The latter is allowed by \`docker.dangerouslyAllowContainerNamespaceJoin\`.
- **Profiles** called \`unconfined\`.
- **Users** that are root, or a name, which is root if the image says so.
- **Limits** of \`0\` and \`-1\`.
- **Mounts** of ${systemPaths.map((path) => `\`${path}\``).join(", ")}, of anything in them, and of anything that holds one of them;
  of an engine's socket; of a home, and of ${[...credentialNames].map((name) => `\`${name}\``).join(", ")} wherever they are; of the
  gateway's state, and of other sandboxes' homes and secrets. Nothing allows these.
- **Mounts from outside** the agent's workspace and the folder of sandboxes. Allowed by
  \`docker.dangerouslyAllowExternalBindSources\`.
- **Mounts over** /workspace, /agent, /skills, in and above them. Allowed by
  \`docker.dangerouslyAllowReservedContainerTargets\`. Over /, /proc, /sys, /dev, /etc/passwd and /etc/group: never.
- **Sources** that are relative, not there, sockets, pipes or devices.`;
}

const showing = `## Secrets

Values of \`docker.env\`, commands of \`docker.setupCommand\` and addresses with a query are shown by no command. Those in \`docker.env\`
that look like secrets are a finding: they show in \`docker inspect\`. \`skillcrate secret set NAME\` keeps them elsewhere.`;
