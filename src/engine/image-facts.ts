import type { LibraryName } from "../recipe/library.ts";

/** How one binary answered inside an image. */
export interface BinaryFacts {
  readonly name: string;
  /** Where `sh -c 'command -v'` finds it; null: nowhere. */
  readonly path: string | null;
  /** The first line that carries a version, at most 200 characters, escaped; null where only usage text was shown. */
  readonly version: string | null;
  readonly versionArgs: readonly string[] | null;
  /** Which ways of starting it work. */
  readonly found: {
    readonly sh: boolean;
    readonly shLogin: boolean;
    readonly bashLogin: boolean | null;
    readonly exec: boolean;
    readonly unknownUid: boolean;
  };
  readonly ok: boolean;
  /** Why it is not ok, e.g. `exit code 127: libfoo.so.1: cannot open shared object file`. */
  readonly problem: string | null;
}

/** What came of importing one library inside an image. */
export interface LibraryFacts extends LibraryName {
  /** As the library or its package says, at most 200 characters, escaped; null: it does not say. */
  readonly version: string | null;
  readonly ok: boolean;
  /** Why it is not ok, e.g. `ModuleNotFoundError: No module named 'yaml'`. */
  readonly problem: string | null;
}

/** What a probe saw inside one image. Stored by image id; summed up in the image's labels. */
export interface ImageFacts {
  readonly format: "skillcrate/image-facts@1";
  readonly imageId: string;
  readonly platform: string;
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };
  /** Sorted by name. */
  readonly binaries: readonly BinaryFacts[];
  /** In the order of the promises; absent: none was promised. */
  readonly libraries?: readonly LibraryFacts[];
  /** Debian package → version, sorted; empty where the image has no dpkg. */
  readonly packages: Readonly<Record<string, string>>;
}
