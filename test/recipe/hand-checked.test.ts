import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { debianIndex } from "../../src/recipe/debian-index.ts";
import type { Recipe, Resolution } from "../../src/recipe/recipe.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { corpusDir } from "../support/corpus.ts";
import { handChecked } from "./hand-checked/hand-checked.ts";
import type { HandChecked } from "./hand-checked/hand-checked-pair.ts";
import { judge, type Verdict } from "./judge.ts";
import { resolveOne } from "./resolve-one.ts";
import { keyOf, pairsOf, skillOf } from "./write-pairs.ts";

const index = debianIndex(readDebianIndex(), "linux/amd64");
const answers = handChecked.map((row) => ({
  row,
  answer: resolveOne(skillOf(row), { debianIndex: index }).row,
}));

describe("pairs of a command and its install entries that real skills declare", () => {
  it.each(answers.map(({ row, answer }) => [keyOf(row), row, answer] as const))(
    "%s: never the wrong program",
    (_, row, answer) => {
      expect(judge(row, answer), describeAnswer(answer)).not.toBe("wrong");
    },
  );

  it("get the right recipe in at least 97 of 100 cases in which Linux has one", () => {
    const right = withVerdict("right").length;
    expect(right / (right + withVerdict("missed").length)).toBeGreaterThanOrEqual(0.97);
    expect(right).toBeGreaterThan(80);
  });

  it("are each judged once, with a reason, and with evidence where there is nothing", () => {
    expect(new Set(handChecked.map(keyOf)).size).toBe(handChecked.length);
    for (const { bin, because, right, evidence } of handChecked) {
      expect(because.length, bin).toBeGreaterThan(15);
      expect(evidence === undefined, bin).toBe(right !== null);
    }
  });
});

describe("a resolver that is mistaken", () => {
  const recipes = answers.flatMap(({ row, answer }) =>
    answer.recipe === null ? [] : [{ row, answer, recipe: answer.recipe }],
  );

  it("is found out, whichever five rows it gets wrong", () => {
    const five = fc.subarray(recipes, { minLength: 5, maxLength: 5 });
    const choices = fc.array(fc.nat(), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(five, choices, (changed, picks) => {
        for (const [position, { row, answer, recipe }] of changed.entries()) {
          const wrong = pick(mistakesFor(recipe), picks[position] ?? 0);
          const mistaken = { ...answer, recipe: { ...recipe, package: wrong } as Recipe };
          expect(judge(row, mistaken), `${row.bin} from ${wrong}`).toBe("wrong");
        }
      }),
    );
  });

  /** Packages of the same kind that other commands come from, and what Debian has under the command's own name. */
  function mistakesFor({ kind, package: name }: Recipe): string[] {
    const others = recipes.filter(({ recipe }) => recipe.kind === kind).map(({ recipe }) => recipe.package);
    const namesakes = index.filesNamed(name).map((file) => file.package);
    return [...others, ...namesakes].filter((other) => other !== name);
  }

  function pick(choices: readonly string[], number: number): string {
    return choices[number % choices.length] ?? "";
  }
});

const corpus = corpusDir();
if (corpus === null)
  console.info("left out: comparing the table with real skills, which are not on this machine");

describe.runIf(corpus !== null)("real skills", async () => {
  const { skills } = corpus === null ? { skills: [] } : await readSkillFolders([corpus]);

  it("declare exactly the pairs that were judged", () => {
    const declared = new Set(skills.flatMap(pairsOf));
    expect([...declared].sort()).toEqual(handChecked.map(keyOf).sort());
  });
});

function withVerdict(wanted: Verdict): HandChecked[] {
  return answers.filter(({ row, answer }) => judge(row, answer) === wanted).map(({ row }) => row);
}

function describeAnswer({ status, recipe }: Resolution): string {
  return recipe === null ? status : `${status}: ${recipe.kind} ${recipe.package}`;
}
