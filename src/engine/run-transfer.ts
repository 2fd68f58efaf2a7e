import { isObject } from "./docker-config.ts";
import type { TransferProgress } from "./engine.ts";
import type { EngineLink } from "./engine-link.ts";
import type { StreamRequest } from "./follow-bytes.ts";
import { failureOf, followMessages } from "./follow-messages.ts";
import type { ImageName } from "./image-name.ts";
import { registryError } from "./registry-error.ts";
import { sumTransfers } from "./sum-transfers.ts";

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
    const { id, status, progressDetail, aux } = message;
    if (isObject(aux) && typeof aux["Digest"] === "string") digest = aux["Digest"];
    // The same layer is told of again while it is unpacked.
    if (
      typeof id !== "string" ||
      !isObject(progressDetail) ||
      (status !== "Downloading" && status !== "Pushing")
    )
      continue;
    const { current, total } = progressDetail;
    if (typeof current !== "number") continue;
    sum.set(id, current, typeof total === "number" ? total : 0);
    onProgress({ bytes: sum.bytes, totalBytes: Math.max(sum.totalBytes, sum.bytes) });
  }
  return digest;
}
