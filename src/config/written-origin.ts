import type { ConfigDocument } from "./config-document.ts";
import type { Origin, OriginRule } from "./sandbox-config.ts";
import { formatKeyPath, type KeyPath } from "./session/key-path.ts";

/** The origin of what a document has at a path. */
export function writtenOrigin(document: ConfigDocument, path: KeyPath, rule: OriginRule): Origin {
  const place = document.placeOf(path);
  return {
    file: document.file,
    key: formatKeyPath(path),
    line: place?.line ?? null,
    column: place?.column ?? null,
    rule,
  };
}
