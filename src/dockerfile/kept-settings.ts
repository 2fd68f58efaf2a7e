import { hashValue } from "../plan/hash-value.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { NetworkSettings } from "./network-settings.ts";

/** What stays in an image shapes it, and so belongs to its plan: as a hash, since an address may be nobody's business. */
export function keptSettings(network: NetworkSettings): Pick<ImagePlan, "keeps"> {
  const caPem = network.keepCa ? network.caPem : null;
  const aptMirror = network.keepMirror ? network.aptMirror : null;
  return caPem === null && aptMirror === null ? {} : { keeps: hashValue({ caPem, aptMirror }) };
}
