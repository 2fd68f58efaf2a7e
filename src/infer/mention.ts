import { type Confidence, confidences } from "./inferred.ts";

/** What a file names, before its place and what else names it are known. */
export type Mention = Named & {
  /** In the file's text, in UTF-16 code units. */
  readonly offset: number;
  readonly confidence: Confidence;
  /** What the file has to do with it, ending where the file's name follows: `imported by`. */
  readonly how: string;
};

type Named =
  | { readonly kind: "bin"; readonly name: string }
  | {
      readonly kind: "python";
      readonly naming: "module" | "distribution";
      readonly name: string;
      readonly versionRange?: string;
      readonly extras?: readonly string[];
    }
  | { readonly kind: "node"; readonly name: string; readonly versionRange?: string };

export function binMention(
  name: string,
  offset: number,
  confidence: Confidence = "certain",
  how = "run by",
): Mention {
  return { kind: "bin", name, offset, confidence, how };
}

/** Moves what was found in a part of a file to its place in the whole, and weakens it where the part does not run. */
export function within(
  mentions: readonly Mention[],
  offset: number,
  limit: Confidence = "certain",
  how?: string,
): Mention[] {
  return mentions.map((mention) => ({
    ...mention,
    offset: mention.offset + offset,
    confidence: weaker(mention.confidence, limit),
    ...(how === undefined ? {} : { how }),
  }));
}

/** The weaker of two. */
export function weaker(left: Confidence, right: Confidence): Confidence {
  return confidences.indexOf(left) < confidences.indexOf(right) ? left : right;
}
