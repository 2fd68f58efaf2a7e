import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeRecipe } from "./describe-recipe.ts";
import { identifyNodeLibrary } from "./identify-node-library.ts";
import { identifyPythonLibrary } from "./identify-python-library.ts";
import type { LibraryResolution, LibraryResult, SkillLibraries, WantedLibrary } from "./library.ts";
import { excludedLibrary, type LibraryAnswer, nameInOverlay, unresolvedLibrary } from "./library-answer.ts";
import type { Identified, LibraryClaim } from "./library-claim.ts";
import { refuseLibraryName } from "./refuse-library-name.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { settleNodeLibrary } from "./settle-node-library.ts";
import { settlePythonLibrary } from "./settle-python-library.ts";

/**
 * Says for every library that the skills want what provides it, on which evidence, or why nothing does. All skills of
 * an image share one copy of a library, so each is settled once for all who want it. The same input gives the same
 * result, whatever the order of the skills.
 */
export function resolveLibraries(skills: readonly SkillLibraries[], context: ResolveContext): LibraryResult {
  const rows: Row[] = [];
  const groups = new Map<string, [LibraryClaim, ...LibraryClaim[]]>();
  for (const skill of [...skills].sort(bySkill)) {
    for (const wanted of [...skill.wanted].sort(byName)) {
      const identity = skill.exclusion === null ? identify(wanted, skill, context) : null;
      if (identity === null || "failure" in identity) {
        rows.push({
          skill,
          wanted,
          answer: identity === null ? exclude(skill) : giveUp(identity.failure, wanted),
        });
        continue;
      }
      const key = `${wanted.language} ${identity.key} ${skill.apart === true}`;
      const claim = { skill, wanted, identity };
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [claim]);
      else group.push(claim);
    }
  }
  for (const group of groups.values()) rows.push(...settle(group, context));
  rows.sort(byRow);
  return { libraries: rows.map(toResolution), diagnostics: rows.flatMap(diagnose) };
}

interface Row {
  readonly skill: SkillLibraries;
  readonly wanted: WantedLibrary;
  readonly answer: LibraryAnswer;
}

function bySkill(left: SkillLibraries, right: SkillLibraries): number {
  return compareText(left.skill, right.skill) || compareText(left.dir, right.dir);
}

function byName(left: WantedLibrary, right: WantedLibrary): number {
  return (
    compareText(left.language, right.language) ||
    compareText(left.name, right.name) ||
    compareText(left.naming, right.naming)
  );
}

function byRow(left: Row, right: Row): number {
  return bySkill(left.skill, right.skill) || byName(left.wanted, right.wanted);
}

function identify(wanted: WantedLibrary, skill: SkillLibraries, context: ResolveContext): Identified {
  const refused = refuseLibraryName(wanted);
  if (refused !== null) return { failure: refused };
  if (wanted.language === "node") return identifyNodeLibrary(wanted);
  const siblings = [...skill.wanted, ...(skill.named ?? [])].filter(
    (other) => other.language === "python" && refuseLibraryName(other) === null,
  );
  return identifyPythonLibrary(wanted, siblings, context.debianModules);
}

function exclude({ exclusion }: SkillLibraries): LibraryAnswer {
  return excludedLibrary(exclusion ?? "");
}

function giveUp(failure: string, wanted: WantedLibrary): LibraryAnswer {
  return unresolvedLibrary(failure, nameInOverlay(wanted));
}

function settle(group: readonly [LibraryClaim, ...LibraryClaim[]], context: ResolveContext): Row[] {
  const [{ wanted }] = group;
  const answers = (wanted.language === "node" ? settleNodeLibrary : settlePythonLibrary)(group, context);
  return group.flatMap((claim, index) => {
    const answer = answers[index];
    // One warning is enough for a library that many want.
    return answer === undefined
      ? []
      : [{ ...claim, answer: index === 0 ? answer : { ...answer, unpinned: null } }];
  });
}

function toResolution({ skill, wanted, answer }: Row): LibraryResolution {
  const { language, naming, name, declared, place } = wanted;
  const { status, recipe, promise, evidence, reason } = answer;
  return {
    skill: skill.skill,
    dir: skill.dir,
    language,
    naming,
    library: name,
    declared,
    promise,
    status,
    recipe,
    evidence,
    reason,
    place,
  };
}

/** What is missing is an error where the user asked for it, else a warning: the skill works without it as far as it did. */
function diagnose({ wanted, answer }: Row): Diagnostic[] {
  const { status, reason, hint, unpinned, recipe, conflict } = answer;
  const { place } = wanted;
  const name = `The ${languageNames[wanted.language]} library ${quoteValue(wanted.name)}`;
  const severity = wanted.declared ? "error" : "warning";
  if (conflict !== null) {
    const other = conflict.wanted.place;
    const at = quoteValue(`${other.file}:${other.line}:${other.column}`);
    return [
      {
        code: "LIBRARY_CONFLICT",
        severity,
        message: `${name} is not as asked for: ${reason} (${at}).`,
        hint: `${hint}.`,
        place,
      },
    ];
  }
  switch (status) {
    case "excluded":
      return [];
    case "resolved":
      if (unpinned === null || recipe === null) return [];
      return [
        {
          code: "LIBRARY_UNPINNED",
          severity: "info",
          message: `${name} is not pinned: ${unpinned}, so every build takes the newest ${describeRecipe(recipe)} that fits.`,
          hint: "Name an exact version in the skill's own list of dependencies or in the overlay.",
          place,
        },
      ];
    case "proposed":
      return [
        {
          code: "LIBRARY_PROPOSED",
          severity,
          message: `${name} needs a decision: ${reason}.`,
          hint: `${hint}.`,
          place,
        },
      ];
    case "unresolved":
      return [
        {
          code: "LIBRARY_UNRESOLVED",
          severity,
          message: `Nothing provides ${name.replace(/^T/, "t")}: ${reason}.`,
          hint: `${hint}.`,
          place,
        },
      ];
  }
}

const languageNames = { python: "Python", node: "Node" } as const;
