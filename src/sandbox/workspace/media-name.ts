/** What is known of a file that somebody sent; all of it is theirs. */
export interface MediaDescription {
  readonly originalName: string | null;
  /** Such as `audio/ogg; codecs=opus`; tells the extension where the name has none. */
  readonly mediaType: string | null;
}

/**
 * A file's name of our own: what can be read of the original one, then 12 hex digits that make it unique, then an
 * extension. Lower-case ASCII letters, digits and dashes; at most 72 characters; no leading dot or dash.
 */
export function mediaName({ originalName, mediaType }: MediaDescription, uniqueHex: string): string {
  const base = (originalName ?? "").slice(-maxOriginalLength).split(/[/\\]/).at(-1) ?? "";
  const [, stem = base, written] = /^(.*)\.([^.]*)$/s.exec(base) ?? [];
  const extension = plainExtension(written) ?? extensionOf(mediaType);
  return `${slugOf(stem)}-${uniqueHex}${extension === null ? "" : `.${extension}`}`;
}

/** Whether a name is one that {@link mediaName} gives. */
export function isMediaName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,47})-[0-9a-f]{12}(?:\.[a-z0-9]{1,8})?$/.test(name);
}

const maxOriginalLength = 1000;
const maxSlugLength = 48;

function slugOf(stem: string): string {
  const slug = stem
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, maxSlugLength)
    .replace(/-$/, "");
  return slug === "" ? "media" : slug;
}

function plainExtension(written: string | undefined): string | null {
  const extension = written?.toLowerCase() ?? "";
  return /^[a-z0-9]{1,8}$/.test(extension) ? extension : null;
}

function extensionOf(mediaType: string | null): string | null {
  const essence = mediaType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return extensions.get(essence) ?? null;
}

/** What chats carry, by the IANA registry of media types. */
const extensions: ReadonlyMap<string, string> = new Map([
  ["application/json", "json"],
  ["application/pdf", "pdf"],
  ["application/zip", "zip"],
  ["audio/aac", "aac"],
  ["audio/mp4", "m4a"],
  ["audio/mpeg", "mp3"],
  ["audio/ogg", "ogg"],
  ["audio/wav", "wav"],
  ["audio/webm", "weba"],
  ["image/gif", "gif"],
  ["image/heic", "heic"],
  ["image/jpeg", "jpg"],
  ["image/png", "png"],
  ["image/webp", "webp"],
  ["text/csv", "csv"],
  ["text/markdown", "md"],
  ["text/plain", "txt"],
  ["video/mp4", "mp4"],
  ["video/quicktime", "mov"],
  ["video/webm", "webm"],
]);
