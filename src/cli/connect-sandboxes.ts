import { connectEngine } from "../engine/connect/connect-engine.ts";
import { ownerId } from "../sandbox/container/owner-id.ts";
import type { GatewaySandboxes } from "../sandbox/life/find-sandboxes.ts";
import type { Surroundings } from "./command.ts";
import { locateSandboxes } from "./locate-sandboxes.ts";

/** The sandboxes of the gateway that is found, and the engine that they run on. */
export async function connectSandboxes(
  surroundings: Surroundings,
  workspaceRootOption: string | null,
): Promise<GatewaySandboxes> {
  const { stateDir, workspaceRoot } = locateSandboxes(surroundings, workspaceRootOption);
  return { engine: await connectEngine(surroundings), owner: ownerId(stateDir), workspaceRoot };
}
