export type ReadDependency =
  | { readonly kind: "package"; readonly name: string; readonly versionRange?: string }
  /** Not from a registry. */
  | { readonly kind: "unsupported"; readonly reason: string }
  /** No installer reads this as a package of the registry. */
  | { readonly kind: "refused"; readonly reason: string };

/** npm's rule for new names; a longer one is none. */
const packageName = /^(?=.{1,214}$)(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** One comparison of a range: `^1.2.3`, `>=1`, `1.x`, `*`. */
const comparator =
  /^(?:[~^]|[<>]=?|=)?v?(?:\d{1,10}|[xX*])(?:\.(?:\d{1,10}|[xX*])){0,2}(?:-[0-9A-Za-z.-]{1,60})?(?:\+[0-9A-Za-z.-]{1,60})?$/;

const longest = 200;

/** An entry of `dependencies`. A tag (`latest`) gives no range. */
export function readDependency(name: string, version: string): ReadDependency {
  if (!isPackageName(name)) {
    return isPackageName(name.toLowerCase())
      ? { kind: "unsupported", reason: "its name has capital letters, as only very old packages have" }
      : { kind: "refused", reason: "its name is none of the npm registry" };
  }
  const written = version.trim();
  if (written.length > longest)
    return { kind: "refused", reason: `its version has more than ${longest} characters` };
  if (written === "" || written === "*" || /^[a-z][a-z0-9-]{0,30}$/.test(written))
    return { kind: "package", name };
  const range = readRange(written);
  if (range !== null) return { kind: "package", name, versionRange: range };
  if (/^(?:workspace|catalog|link|portal|file|patch):/.test(written) && !leadsOut(written)) {
    return { kind: "unsupported", reason: "it stands for a folder and not for a package of a registry" };
  }
  if (
    /^(?:github:)?[\w.-]+\/[\w.-]+(?:#[\w./-]+)?$|^(?:git\+)?https:\/\/[A-Za-z0-9.-]+\/[^\s@]*$/.test(written)
  ) {
    return { kind: "unsupported", reason: "it comes from an address and not from a registry" };
  }
  return { kind: "refused", reason: "its version is neither a version nor a range" };
}

export function isPackageName(name: string): boolean {
  return packageName.test(name) && !name.startsWith("-");
}

/** With single spaces; null for what is no range. */
function readRange(text: string): string | null {
  const alternatives = text.split("||").map((part) => part.trim().replace(/([<>=~^])\s+/g, "$1"));
  const isRange = alternatives.every((part) =>
    part.split(/\s+(?:-\s+)?/).every((word) => comparator.test(word)),
  );
  return isRange ? alternatives.map((part) => part.replace(/\s+/g, " ")).join(" || ") : null;
}

function leadsOut(written: string): boolean {
  return /(?:^|[/:])\.\.(?:\/|$)|:\/|:~/.test(written);
}
