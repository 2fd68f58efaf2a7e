import { gatewayProducts } from "../source/locate-gateway.ts";

/** What image names begin with where nothing else was asked for. */
export const defaultTagPrefix = "openclaw-";

/** `openclaw` and `openclaw-` both mean `openclaw-sandbox:…`; a registry's folder ends in `/`. */
export function toTagPrefix(prefix: string | null): string {
  if (prefix === null) return defaultTagPrefix;
  return /[-/]$/.test(prefix) ? prefix : `${prefix}-`;
}

/** Whether a tag was made with a prefix, and not with a longer one that begins like it. */
export function hasTagPrefix(tag: string, prefix: string | null): boolean {
  return tag.startsWith(`${toTagPrefix(prefix)}sandbox`);
}

/** Every prefix that a gateway of some name looks for. */
export const gatewayTagPrefixes = gatewayProducts.map((product) => `${product}-`);

/** A default tag under other prefixes: `openclaw-sandbox:x` is `clawdbot-sandbox:x` to an older gateway. */
export function tagAliases(tag: string, prefixes: readonly string[]): string[] {
  if (!tag.startsWith(defaultTagPrefix)) return [];
  return prefixes
    .filter((prefix) => prefix !== defaultTagPrefix)
    .map((prefix) => `${prefix}${tag.slice(defaultTagPrefix.length)}`);
}
