import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import type { EngineInfo, ImageDetails } from "../../engine/engine.ts";
import type { ContainerFacts } from "../../engine/sandbox/read-container-facts.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import type { CheckedBind } from "../config/check-binds.ts";
import type { ContainerRequest } from "../container/container-request.ts";
import type { ScopeFolder } from "../scope-folder.ts";

/** What a sandbox's container and a browser's are both planned from, once their folders are there. */
export interface ContainerParts {
  readonly config: SandboxConfig;
  readonly session: Pick<Session, "scope" | "agentId">;
  /** The gateway's label. */
  readonly owner: string;
  readonly product: EngineInfo["product"];
  readonly facts: ContainerFacts;
  readonly image: Pick<ImageDetails, "id" | "env">;
  readonly folder: Pick<ScopeFolder, "dir">;
  readonly user: Owner;
  /** Of what Skillcrate mounts by itself, as the engine has it. */
  readonly mounts: ContainerRequest["mounts"];
  /** Configured mounts, as they were judged on the disk. */
  readonly binds: readonly CheckedBind[];
}
