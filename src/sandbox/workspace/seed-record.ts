import { type StateDocument, stateDocument } from "../../source/state-document.ts";

/** `records/seed.json`: what a workspace has been given, so that it is not given again. */
export interface SeedRecord {
  readonly format: "skillcrate/seed@1";
  /** Paths that were seeded, or were there when they were to be. */
  readonly files: string[];
}

/** A record that is damaged is set aside and named; files that were deleted since may then come back once. */
export async function openSeedRecord(recordsDir: string): Promise<StateDocument<SeedRecord, SeedRecord>> {
  const { z } = await import("zod");
  const schema: import("zod").ZodType<SeedRecord> = z.strictObject({
    format: z.literal("skillcrate/seed@1"),
    files: z.array(z.string()),
  });
  return stateDocument({
    stateDir: recordsDir,
    file: "seed.json",
    schema,
    empty: { format: "skillcrate/seed@1", files: [] },
  });
}
