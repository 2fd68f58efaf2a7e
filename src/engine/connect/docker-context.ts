import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../port/is-object.ts";
import { dockerConfigDir, type Host, readJsonObject } from "./docker-config.ts";

/** A docker context's way to its engine, as `docker context create` stored it. */
export interface DockerContext {
  /** As DOCKER_HOST is written. */
  readonly address: string;
  /** The folder of its certificates; null: none were stored. */
  readonly certificates: string | null;
  readonly skipTlsVerify: boolean;
}

/** Null where no context of this name has a Docker endpoint. */
export async function readDockerContext(name: string, host: Host): Promise<DockerContext | null> {
  const contexts = join(dockerConfigDir(host), "contexts");
  const folder = createHash("sha256").update(name).digest("hex");
  const meta = await readJsonObject(join(contexts, "meta", folder, "meta.json"));
  const endpoints = meta?.["Endpoints"];
  const docker = isObject(endpoints) ? endpoints["docker"] : undefined;
  if (!isObject(docker) || typeof docker["Host"] !== "string") return null;
  const certificates = join(contexts, "tls", folder, "docker");
  return {
    address: docker["Host"],
    certificates: existsSync(certificates) ? certificates : null,
    skipTlsVerify: docker["SkipTLSVerify"] === true,
  };
}
