import { asObject, ownValue } from "../../skill/own-value.ts";

/** A mount of the container that the gateway runs in, as the engine tells of it. */
export interface OwnMount {
  readonly kind: "bind" | "volume" | "other";
  /** On the engine's host. */
  readonly source: string;
  /** Inside the gateway's container. */
  readonly target: string;
}

/** Of the engine's inspect answer. */
export function readOwnMounts(inspected: unknown): readonly OwnMount[] {
  const mounts = ownValue(asObject(inspected), "Mounts");
  return (Array.isArray(mounts) ? mounts : []).map((mount) => {
    const [type, source, target] = ["Type", "Source", "Destination"].map((key) =>
      ownValue(asObject(mount), key),
    );
    return {
      kind: type === "bind" || type === "volume" ? type : "other",
      source: typeof source === "string" ? source : "",
      target: typeof target === "string" ? target : "",
    };
  });
}

export type TranslatedPath =
  | { readonly kind: "path"; readonly path: string; readonly mount: OwnMount }
  /** It is in the container's own layer, or in memory: the engine cannot mount it into another container. */
  | { readonly kind: "unmounted"; readonly mount: OwnMount | null };

/** Where the engine has a path of the gateway's container: by the mount nearest above it. Absolute, without `..`. */
export function translatePath(path: string, mounts: readonly OwnMount[]): TranslatedPath {
  const above = mounts
    .filter(({ target }) => path === target || path.startsWith(target === "/" ? "/" : `${target}/`))
    .sort((left, right) => right.target.length - left.target.length);
  const [mount] = above;
  if (mount === undefined || mount.kind === "other" || !mount.source.startsWith("/")) {
    return { kind: "unmounted", mount: mount ?? null };
  }
  const rest = path.slice(mount.target === "/" ? 0 : mount.target.length);
  return { kind: "path", mount, path: `${mount.source === "/" ? "" : mount.source}${rest}` || "/" };
}
