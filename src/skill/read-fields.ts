import { collectFields } from "./collect-fields.ts";
import { describeBody } from "./describe-body.ts";
import type { HeadMap, HeadNode } from "./head-node.ts";
import { nameGrammars } from "./name-grammars.ts";
import { readAllowedTools } from "./read-allowed-tools.ts";
import { readHomepage } from "./read-homepage.ts";
import { readInstall } from "./read-install.ts";
import { readName } from "./read-name.ts";
import { readNames } from "./read-names.ts";
import { readOs } from "./read-os.ts";
import { readPrimaryEnv } from "./read-primary-env.ts";
import { readFlag, readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";
import type { Skill } from "./skill.ts";
import type { RequiresField, SkillField, TopField } from "./skill-fields.ts";

/** What a head says about its skill. */
export type SkillFields = Omit<Skill, "dir" | "file" | "state" | "diagnostics" | "textFindings" | "places">;

/** A head → the skill's fields; `folder` is the name of one that gives none, `bodyStart` where its text begins. */
export function readFields(head: HeadMap, folder: string, bodyStart: number, reading: Reading): SkillFields {
  const { namespace, top, skill, extra } = collectFields(head, reading.findings);
  const topNode = (field: TopField) => top.get(field);
  const values = (field: SkillField): readonly HeadNode[] => skill.get(field) ?? [];
  const first = (field: SkillField) => values(field)[0];
  const names = (field: RequiresField) =>
    readNames(values(field), nameGrammars[field], `requires.${field}`, reading);
  const addresses = [topNode("homepage"), topNode("website"), topNode("url")]
    .filter((node) => node !== undefined)
    .concat(values("homepage"));

  const name = readName(head, topNode("name"), folder, reading);
  return {
    name,
    description:
      readText(topNode("description"), "description", reading) ?? bodyStandIn(head, bodyStart, reading),
    ...given({
      homepage: readHomepage(addresses, reading),
      license: readText(topNode("license"), "license", reading),
      emoji: readText(first("emoji"), "emoji", reading),
      compatibility: readText(topNode("compatibility"), "compatibility", reading),
      commandDispatch: readText(topNode("command-dispatch"), "commandDispatch", reading),
      commandTool: readText(topNode("command-tool"), "commandTool", reading),
      commandArgMode: readText(topNode("command-arg-mode"), "commandArgMode", reading),
      primaryEnv: readPrimaryEnv(first("primaryEnv"), reading),
    }),
    allowedTools: readAllowedTools(topNode("allowed-tools"), reading),
    userInvocable: readFlag(topNode("user-invocable"), true, "userInvocable", reading),
    disableModelInvocation: readFlag(
      topNode("disable-model-invocation"),
      false,
      "disableModelInvocation",
      reading,
    ),
    namespace,
    always: readFlag(first("always"), false, "always", reading),
    os: readOs(values("os"), "os", "error", reading) ?? [],
    skillKey: readText(first("skillKey"), "skillKey", reading) ?? name,
    requires: { bins: names("bins"), anyBins: names("anyBins"), env: names("env"), config: names("config") },
    install: readInstall(values("install"), reading),
    extra,
  };
}

function bodyStandIn(head: HeadMap, bodyStart: number, { findings, isWhole }: Reading): string {
  if (!isWhole) return "";
  findings.warning(
    "SKILL_DESCRIPTION_MISSING",
    head.offset,
    "The head gives no description; the body's first paragraph stands in.",
    'Add "description:", one sentence that says when to use the skill.',
  );
  return describeBody(findings.text, bodyStart);
}

type Given<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

/** Without the keys whose value is undefined: a skill is plain JSON. */
function given<Values extends object>(values: Values): Given<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Given<Values>;
}
