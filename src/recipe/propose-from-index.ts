import { compareText } from "../diagnostic/compare-text.ts";
import { type Finding, proposed, resolved } from "./answer.ts";
import type { DebianPackages } from "./debian-packages.ts";
import { describeRecipe } from "./describe-recipe.ts";
import type { AptRecipe, Evidence } from "./recipe.ts";
import type { DebianFile, DebianIndex, ResolveContext } from "./resolve-context.ts";

/** A Debian package that ships a file of this name: a proposal, since equal names often mean different programs. */
export function proposeFromIndex(
  bin: string,
  { debianIndex, debianPackages, disabledKinds, accept }: ResolveContext,
): Finding {
  if (debianIndex === undefined || disabledKinds?.has("apt") === true) return { tried: [] };
  const [file, ...others] = [...debianIndex.filesNamed(bin)].sort(byFolder);
  if (file === undefined) return { tried: [whyNoFile(bin, debianIndex, debianPackages)] };
  const recipe: AptRecipe = {
    kind: "apt",
    package: file.package,
    ...(!onPath(file) && { links: { [bin]: file.path } }),
  };
  const evidence: Evidence = { source: "index", detail: `${file.package} ships ${file.path}` };
  if (accept?.has(bin) === true) {
    return { answer: resolved({ recipe }, evidence, `accepted: ${evidence.detail}`) };
  }
  const also = others.length === 0 ? "" : ` (as do ${others.map((other) => other.package).join(", ")})`;
  const reason = `likely ${describeRecipe(recipe)}, which ships ${file.path}${also}, but equal names can mean different programs`;
  return { answer: proposed(recipe, evidence, bin, reason) };
}

function whyNoFile(bin: string, index: DebianIndex, packages: DebianPackages | undefined): string {
  if (/\.(?:exe|bat|cmd|ps1|msi)$/i.test(bin)) return "a program for Windows";
  const isPackage = packages === undefined || packages.find(bin) !== null;
  const commands = isPackage ? index.commandsOf(bin) : [];
  const shown = commands.slice(0, mostShown).join(", ") + (commands.length > mostShown ? ", …" : "");
  return commands.length === 0
    ? "no Debian package ships a command of this name"
    : `no Debian package ships a command of this name; the package that is called ${bin} has ${shown}`;
}

const mostShown = 5;

/** What a plain user finds first, then by package. */
function byFolder(left: DebianFile, right: DebianFile): number {
  return Number(onPath(right)) - Number(onPath(left)) || compareText(left.package, right.package);
}

function onPath({ path }: DebianFile): boolean {
  return /^(?:\/usr)?\/bin\//.test(path);
}
