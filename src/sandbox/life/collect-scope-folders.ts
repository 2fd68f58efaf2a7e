import { type CollectedFolders, type CollectUnusedRequest, collectUnused } from "../collect-unused.ts";
import { removeFromScope } from "../remove-from-scope.ts";

/**
 * Removes folders that are a scope's own, such as its workspace with the skills mirrored for it, where the scope has not
 * been used for a while. An agent's workspace is no scope's own.
 */
export function collectScopeFolders(
  request: Omit<CollectUnusedRequest, "remove">,
): Promise<CollectedFolders> {
  const { names, signal } = request;
  return collectUnused({
    ...request,
    remove: async (scope, isMeant) => (await removeFromScope(scope, { names, isMeant, signal })).length > 0,
  });
}
