import { compareText } from "../diagnostic/compare-text.ts";
import type { SkillNeeds } from "../recipe/skill-needs.ts";
import type { Skill } from "../skill/skill.ts";
import { hashValue } from "./hash-value.ts";
import type { ImageSpec } from "./image-spec.ts";
import type { LockInputs } from "./lock.ts";

/** What an image is asked to be, besides what its definition or its skills say. */
export interface AskedImage {
  readonly tag: string;
  /** The planned image below; null: a Debian base. */
  readonly below: string | null;
}

/** What a built-in image is planned from. */
export function inputsOfSpec(spec: ImageSpec, asked: AskedImage): LockInputs {
  return { ...inputsOfImage(asked), definition: digestOf(spec) };
}

export interface SkillsInputs extends AskedImage {
  readonly skills: readonly Skill[];
  /** What was found in the skills' files, by folder. */
  readonly needs: ReadonlyMap<string, SkillNeeds>;
  /** What else decides: the overlay, and what was accepted. By name; an empty value is no input. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** What a skills image is planned from: nothing but what shapes it, so that the text of a skill may change. */
export function inputsOfSkills({ skills, needs, others, ...asked }: SkillsInputs): LockInputs {
  const sorted = [...skills].sort(
    (left, right) => compareText(left.name, right.name) || compareText(left.dir, right.dir),
  );
  const counts = new Map<string, number>();
  const rows = sorted.map((skill): [string, string] => {
    const count = (counts.get(skill.name) ?? 0) + 1;
    counts.set(skill.name, count);
    return [
      `skill ${skill.name}${count === 1 ? "" : ` (${count})`}`,
      describeSkill(skill, needs.get(skill.dir)),
    ];
  });
  const set = Object.entries(others).filter(([, value]) => !isEmpty(value));
  return {
    ...inputsOfImage(asked),
    ...Object.fromEntries(set.map(([name, value]) => [name, digestOf(value)])),
    ...Object.fromEntries(rows),
  };
}

function inputsOfImage({ tag, below }: AskedImage): LockInputs {
  return { tag, below: below ?? "Debian" };
}

/** In words what it requires, then a digest over that and how it says that it can be had. */
function describeSkill({ state, os, requires, install }: Skill, needs: SkillNeeds | undefined): string {
  const { bins, anyBins } = requires;
  const used = (needs?.bins ?? []).map(({ name }) => name);
  const libraries = (needs?.libraries ?? []).map(({ because: _because, ...library }) => library);
  const refused = (needs?.refusals ?? []).length > 0;
  const words = [
    state === "invalid" || refused ? "refused" : "",
    os.length === 0 ? "" : `for ${os.join(", ")}`,
    listed("bins", bins),
    listed("one of", anyBins),
    listed("uses", used),
    listed(
      "imports",
      libraries.map(({ name }) => name),
    ),
    digestOf({ refused: state === "invalid" || refused, os, bins, anyBins, install, used, libraries }),
  ];
  const text = words.filter((word) => word !== "").join("; ");
  return text.length <= longest ? text : `… ${text.slice(-longest)}`;
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? "" : `${what} ${names.join(", ")}`;
}

const longest = 900;

/** Where something stands says nothing about what it is; lists under these keys are of commands of such a name. */
function digestOf(value: unknown): string {
  const plain: unknown = JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      places.has(key) && !Array.isArray(member) ? undefined : member,
    ),
  );
  return hashValue(plain).slice(0, 16);
}

const places: ReadonlySet<string> = new Set(["place", "file", "dir"]);

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || ["[]", "{}"].includes(JSON.stringify(value));
}

/** One input that is another now; `locked` or `now` is null where it is new or gone. */
export interface InputDifference {
  readonly image: string;
  readonly input: string;
  readonly locked: string | null;
  readonly now: string | null;
}

/** Sorted by input. */
export function compareInputs(image: string, locked: LockInputs, now: LockInputs): InputDifference[] {
  const names = [...new Set([...Object.keys(locked), ...Object.keys(now)])].sort(compareText);
  return names
    .map((input) => ({ image, input, locked: locked[input] ?? null, now: now[input] ?? null }))
    .filter((row) => row.locked !== row.now);
}
