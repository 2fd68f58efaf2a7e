import { holdsIn } from "./environment-marker.ts";

export type ReadRequirement =
  | {
      readonly kind: "package";
      /** Normalised: small letters, runs of `-_.` as one dash. */
      readonly name: string;
      readonly versionRange?: string;
      readonly extras?: readonly string[];
    }
  /** Its marker says that it is for another system or another Python. */
  | { readonly kind: "elsewhere" }
  /** Not from a package index. */
  | { readonly kind: "unsupported"; readonly reason: string }
  /** No installer reads this as the name of a package. */
  | { readonly kind: "refused"; readonly reason: string };

const longest = 500;
const name = /^([A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;
const extra = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;
const specifier = /^(?:~=|==|!=|<=|>=|<|>)\s*[0-9][A-Za-z0-9.+!_-]{0,60}(?:\.\*)?$/;

/** A requirement of a Python package as PEP 508 writes it: `name[extra]>=1,<2; python_version < "3.12"`. */
export function readRequirement(text: string): ReadRequirement {
  const written = text.trim();
  if (written.length > longest) return refused(`it has more than ${longest} characters`);
  const semicolon = written.search(/\s*;/);
  const named = semicolon === -1 ? written : written.slice(0, semicolon);
  const marker = semicolon === -1 ? "" : written.slice(semicolon).replace(/^\s*;/, "");
  const [, base, extrasText, rest = ""] = name.exec(named) ?? [];
  if (base === undefined) return refused("it does not begin with a package's name");
  const extras = (extrasText ?? "").split(",").flatMap((part) => part.trim() || []);
  if (!extras.every((part) => extra.test(part))) return refused("its extras are no names");
  if (rest.startsWith("@")) return directReference(rest.slice(1).trim());
  const versionRange = readRange(rest);
  if (versionRange === null) return refused("its version is no version specifier");
  if (holdsIn(marker) === "no") return { kind: "elsewhere" };
  return {
    kind: "package",
    name: base.toLowerCase().replace(/[-_.]+/g, "-"),
    ...(versionRange === "" ? {} : { versionRange }),
    ...(extras.length === 0 ? {} : { extras: extras.map((part) => part.toLowerCase()) }),
  };
}

function refused(reason: string): ReadRequirement {
  return { kind: "refused", reason };
}

/** Whether an address is one that a person may mean well with; it is not followed in any case. */
function directReference(url: string): ReadRequirement {
  if (/^(?:git\+)?https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?\/[^\s@]*(?:@[\w./-]+)?(?:#[\w=&.-]*)?$/.test(url)) {
    return { kind: "unsupported", reason: "it comes from an address and not from a package index" };
  }
  return refused("it comes from a file, or from an address that is not plain https");
}

/** Empty for any version; null for what is no list of specifiers. */
function readRange(text: string): string | null {
  const inner = /^\((.*)\)$/s.exec(text)?.[1] ?? text;
  const parts = inner
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.every((part) => specifier.test(part)) ? parts.join(",").replace(/\s+/g, "") : null;
}
