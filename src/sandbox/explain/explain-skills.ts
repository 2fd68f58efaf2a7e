import { join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { readManifest } from "../../mirror/read-manifest.ts";
import type { SourcedSkill } from "../../skill/merge-sources.ts";
import { type ChosenSkills, chooseSkills, type ExcludedSkill } from "../choose-skills.ts";
import { isSeenInPlace } from "../mirrored-skill.ts";
import { scopeFolder } from "../scope-folder.ts";
import { scopeWords } from "../scope-words.ts";
import type { ExplainRequest } from "./explain-sandbox.ts";
import type { ExplainedImage, ExplainedSkills } from "./explanation.ts";

/**
 * Which skills are inside and work, and why each other one is or does not: by the settings, by what the image has (where
 * that is known), and by what the mirror really shows. `chosen` are those that the settings give the session, whatever
 * they require.
 */
export async function explainSkills(
  request: ExplainRequest,
  image: ExplainedImage,
  chosen: Pick<ChosenSkills, "skills" | "roots">,
  envNames: readonly string[],
): Promise<ExplainedSkills> {
  const { skills, hostBins, signal } = request;
  const facts = image.binaries === null ? null : { imageBins: image.binaries, hostBins, envNames };
  const judged = await chooseSkills(skills.ground, { names: skills.names, facts }, signal);
  const shown = readShown(request);
  const isShown = ({ skill, source }: SourcedSkill) => shown === null || shown(skill.name, source);
  const there = new Set(chosen.skills.filter(isShown).map(({ skill }) => skill.name));
  const unseen = judged.skills.filter((each) => !isShown(each));
  return {
    inside: judged.skills
      .filter(isShown)
      .map(({ skill }) => skill.name)
      .sort(compareText),
    missing: [
      ...judged.excluded.map(({ rule, name, source, reason, bins }) => ({
        ...{ name, source, reason, bins, there: there.has(name) },
        fix: fixFor(rule, name, request, image, chosen.roots.get(source) ?? null),
      })),
      ...unseen.map(({ skill: { name }, source }) => ({
        ...{ name, source, bins: [], there: false },
        reason: "It is not in the mirror: it is new since the last time, or was refused.",
        fix: `What is wrong with it, if anything is, this says: ${mirrorCommand(request)}`,
      })),
    ].sort((a, b) => compareText(a.name, b.name)),
  };
}

/** Whether the sandbox can see a skill now; null: nothing has been mirrored for it yet. */
function readShown({ session, gateway }: ExplainRequest): ((name: string, source: Source) => boolean) | null {
  const access = session.workspaceAccess.value;
  const { workspaceDir, skillsDir } = scopeFolder(gateway.workspaceRoot, session.scope);
  const manifest = readManifest(access === "rw" ? skillsDir : join(workspaceDir, "skills"));
  if (manifest === null) return null;
  const names = new Set(manifest.skills.map(({ name }) => name));
  return (name, source) => names.has(name) || isSeenInPlace(source, access);
}

type Source = SourcedSkill["source"];

function mirrorCommand({ session }: ExplainRequest): string {
  return formatCommand(["skillcrate", "mirror", ...scopeWords(session.scope)]);
}

function fixFor(
  rule: ExcludedSkill["rule"],
  name: string,
  { session }: ExplainRequest,
  { reference }: ExplainedImage,
  root: string | null,
): string | null {
  switch (rule) {
    case "bins":
    case "anyBins": {
      const paths = root === null ? "PATHS" : formatCommand([root]);
      return `Build an image with what is missing, and set docker.image to its tag in place of ${quoteValue(reference)}: skillcrate build ${paths} --name ${session.agentId}. What there is for one binary: skillcrate why BIN ${paths}`;
    }
    case "env":
      return `Which variables arrive, and how they would: ${formatCommand(["skillcrate", "secret", "list", ...scopeWords(session.scope)])}`;
    case "config":
      return "Set those keys in the gateway's configuration.";
    case "text":
      return "Read the text: it hides something, or asks to run a download. skillcrate lint shows where.";
    case "valid":
      return `What is wrong with it: skillcrate lint${root === null ? "" : ` ${formatCommand([root])}`}`;
    case "os":
      return null;
    default:
      return `See its settings: skills.entries.${name}.enabled, skills.allowBundled, and the agent's list of skills.`;
  }
}
