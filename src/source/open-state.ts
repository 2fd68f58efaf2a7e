import { join } from "node:path";
import type { z } from "zod";
import type { ImageFacts } from "../engine/image-facts.ts";
import { type LockOptions, withLock } from "../host/with-lock.ts";
import { type StateDocument, stateDocument } from "./state-document.ts";
import {
  type AptEpochDocument,
  aptEpochDocument,
  type BaseDocument,
  baseDocument,
  factsDocument,
  type UpdatesDocument,
  updatesDocument,
} from "./state-documents.ts";

/** What is remembered between runs. Everything in it can be found out anew; losing it costs time. */
export interface State {
  readonly dir: string;
  readonly base: StateDocument<BaseDocument, BaseDocument>;
  /** Epoch "1" until something refreshed it. */
  readonly aptEpoch: StateDocument<AptEpochDocument, AptEpochDocument>;
  readonly updates: StateDocument<UpdatesDocument, UpdatesDocument>;
  /** By image id, `sha256:` and 64 hex digits. */
  facts(imageId: string): StateDocument<ImageFacts, null>;
  /** See {@link withLock}. */
  withLock<Result>(name: string, task: () => Promise<Result>, options?: LockOptions): Promise<Result>;
}

/** Touches nothing: folders (0700) and files (0600) are made by the first change or lock. */
export function openState(dir: string): State {
  const document = <Value>(
    file: string,
    schema: z.ZodType<Value>,
    empty: Value,
  ): StateDocument<Value, Value> => stateDocument({ stateDir: dir, file, schema, empty });
  return {
    dir,
    base: document("base.json", baseDocument, { format: "skillcrate/base@1", platforms: {} }),
    aptEpoch: document("apt-epoch.json", aptEpochDocument, { format: "skillcrate/apt-epoch@1", epoch: "1" }),
    updates: document("updates.json", updatesDocument, { format: "skillcrate/updates@1", images: {} }),
    facts: (imageId) =>
      stateDocument<ImageFacts, null>({
        stateDir: dir,
        file: join("facts", `${hexOf(imageId)}.json`),
        schema: factsDocument.refine((facts) => facts.imageId === imageId, "the facts of another image"),
        empty: null,
      }),
    withLock: (name, task, options) => withLock(dir, name, task, options),
  };
}

function hexOf(imageId: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(imageId)?.[1];
  if (hex === undefined) throw new RangeError(`Not an image id: ${JSON.stringify(imageId)}`);
  return hex;
}
