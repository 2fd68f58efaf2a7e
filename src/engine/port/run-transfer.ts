import type { TransferProgress } from "../engine.ts";
import { registryError } from "../registry/registry-error.ts";
import type { EngineLink } from "./engine-link.ts";
import type { StreamRequest } from "./follow-bytes.ts";
import { failureOf, followMessages } from "./follow-messages.ts";
import type { ImageName } from "./image-name.ts";
import { isObject } from "./is-object.ts";
import type { JsonMessage } from "./read-json-lines.ts";
import { sumTransfers, type TransferSum } from "./sum-transfers.ts";

export interface TransferRequest extends Omit<StreamRequest, "refuse"> {
  readonly name: ImageName;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** Pulls or pushes; gives the digest that the registry now has, or null where the engine tells none. */
export async function runTransfer(link: EngineLink, request: TransferRequest): Promise<string | null> {
  const { name, doing, onProgress } = request;
  const sum = sumTransfers();
  const refuse = (_status: number, text: string) => registryError(text, doing, name);
  let digest: string | null = null;
  for await (const message of followMessages(link, { ...request, refuse })) {
    const failure = failureOf(message);
    if (failure !== null) throw registryError(failure, doing, name);
    if (isObject(message["aux"]) && typeof message["aux"]["Digest"] === "string")
      digest = message["aux"]["Digest"];
    if (addProgress(sum, message)) {
      onProgress({ bytes: sum.bytes, totalBytes: Math.max(sum.totalBytes, sum.bytes) });
    }
  }
  return digest;
}

/** Whether the message tells how far a layer is on its way; while it is unpacked it is counted once more. */
function addProgress(sum: TransferSum, { id, status, progressDetail }: JsonMessage): boolean {
  if (status !== "Downloading" && status !== "Pushing") return false;
  if (typeof id !== "string" || !isObject(progressDetail)) return false;
  const { current, total } = progressDetail;
  if (typeof current !== "number") return false;
  sum.set(id, current, typeof total === "number" ? total : 0);
  return true;
}
