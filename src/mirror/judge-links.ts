import type { Refusal } from "./refusal.ts";
import type { SurveyedFolder, SurveyedLink } from "./survey-skill.ts";

/**
 * The first link of a skill that does not lead, by relative steps inside the skill, to something that is mirrored. A
 * link is followed in what the survey saw, never on the disk. Null: all are good.
 */
export function judgeLinks(root: SurveyedFolder): Refusal | null {
  const links = [...linksBelow(root)];
  if (links.length === 0) return null;
  const tree: Tree = new Map();
  addFolder(root, tree);
  for (const link of links) {
    const wrong = judge(link, tree);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** By path from the skill's folder, which is "" itself. */
type Tree = Map<string, "file" | "folder" | SurveyedLink>;

function* linksBelow(folder: SurveyedFolder): Generator<SurveyedLink> {
  yield* folder.links;
  for (const inner of folder.folders) yield* linksBelow(inner);
}

function addFolder(folder: SurveyedFolder, tree: Tree): void {
  tree.set(folder.path, "folder");
  for (const { path } of folder.files) tree.set(path, "file");
  for (const link of folder.links) tree.set(link.path, link);
  for (const inner of folder.folders) addFolder(inner, tree);
}

function judge(link: SurveyedLink, tree: Tree): Refusal | null {
  if (link.target.startsWith("/")) return refuse(link, "is a link with an absolute target");
  if (link.target.includes("\ufffd")) return refuse(link, "is a link whose target is not valid UTF-8");
  switch (follow(link, tree)) {
    case "inside":
      return null;
    case "outside":
      return refuse(link, "is a link that leads out of the skill");
    case "nowhere":
      return refuse(link, "is a link to something that is not in the skill, or not mirrored");
    case "circle":
      return refuse(link, "is a link that leads in a circle");
  }
}

/** As path_resolution(7): a step through a link goes on from where that link leads. */
function follow(link: SurveyedLink, tree: Tree): "inside" | "outside" | "nowhere" | "circle" {
  let at = parentOf(link.path);
  const steps = stepsOf(link);
  let hops = 0;
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (tree.get(at) !== "folder") return "nowhere";
    if (step === "..") {
      if (at === "") return "outside";
      at = parentOf(at);
      continue;
    }
    const next = at === "" ? step : `${at}/${step}`;
    const found = tree.get(next);
    if (found === undefined) return "nowhere";
    if (typeof found === "string") {
      at = next;
      continue;
    }
    hops += 1;
    if (hops > maxHops) return "circle";
    if (found.target.startsWith("/")) return "outside";
    steps.push(...stepsOf(found));
  }
  return "inside";
}

/** As many as Linux follows. */
const maxHops = 40;

/** Last step first. */
function stepsOf({ target }: SurveyedLink): string[] {
  return target
    .split("/")
    .filter((step) => step !== "" && step !== ".")
    .reverse();
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

function refuse(link: SurveyedLink, clause: string): Refusal {
  return {
    code: "MIRROR_SKILL_LINK",
    path: link.path,
    clause,
    hint: "Put the file itself in its place, or link to a path inside the skill, relative to the link.",
  };
}
