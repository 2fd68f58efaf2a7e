/** A reference that an image of ours has by default. */
export interface OwnImageName {
  readonly kind: "base" | "common" | "browser" | "skills";
  /** `openclaw` of `openclaw-sandbox:…`. */
  readonly prefix: string;
  /** Of a skills image its name. */
  readonly tag: string;
}

/** Null: it is called otherwise. */
export function readOwnImageName(reference: string): OwnImageName | null {
  const match = /^(.+)-sandbox(?:-(common|browser|skills))?:([^:/@]+)$/.exec(reference);
  const [, prefix, kind = "base", tag] = match ?? [];
  if (prefix === undefined || tag === undefined) return null;
  return { kind: kinds.find((known) => known === kind) ?? "base", prefix, tag };
}

const kinds = ["common", "browser", "skills"] as const;
