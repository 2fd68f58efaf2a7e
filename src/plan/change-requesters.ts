import type { Requester } from "./image-plan.ts";

/** A stage, layer or promise whose requesters are changed; what nobody asks for stays as it is. */
export function changeRequesters<Part extends object>(
  part: Part,
  change: (requester: Requester) => Requester,
): Part {
  if (!hasRequesters(part)) return part;
  return { ...part, requestedBy: part.requestedBy.map(change) };
}

function hasRequesters<Part extends object>(
  part: Part,
): part is Part & { readonly requestedBy: readonly Requester[] } {
  return "requestedBy" in part && Array.isArray(part.requestedBy);
}
