import { findAptLink, knownAptBins } from "./catalog/find-rows.ts";
import type { Ecosystem, ParsedPackage } from "./ecosystem.ts";
import type { AptRecipe } from "./recipe.ts";

/** Debian packages of the release that the base image stands on. */
export const apt: Ecosystem = {
  kind: "apt",
  installKinds: ["apt"],
  naming: "apt",
  parsePackage,
  provide: ({ bin, package: { name }, companions }) => {
    const link = findAptLink(name, bin);
    const recipe: AptRecipe = {
      kind: "apt",
      package: name,
      ...(companions.length > 0 && { with: companions.map((companion) => companion.name) }),
      ...(link !== null && { links: { [bin]: link } }),
    };
    return { recipe };
  },
  knownBins: knownAptBins,
};

// Debian Policy 5.6.1, and no `-` or `+` at the end: apt takes `bash-` as "remove bash" and `vim+` as "install vim".
// Names such as g++ end in two: apt looks for the package before it reads a sign.
const namePattern = /^[a-z0-9][a-z0-9+.-]*[a-z0-9]$|^[a-z0-9][a-z0-9.-]*\+\+$/;
const expected = "a Debian package name such as fd-find";
const longest = 128;

function parsePackage(text: string): ParsedPackage {
  if (text.length <= longest && namePattern.test(text)) return { package: { name: text } };
  return { refused: reasonAgainst(text), expected };
}

function reasonAgainst(text: string): string {
  if (text.startsWith("-")) return "apt reads it as an option";
  if (/^[.~]|\//.test(text)) return "apt reads it as a file or a release";
  if (text.includes("=")) return "versions of Debian packages come from the apt index in use";
  if (/[-+]$/.test(text)) return "apt reads the sign at its end as install or remove";
  if (/[*?^$|[\]()]/.test(text)) return "apt reads it as a pattern";
  return "it is not a Debian package name";
}
