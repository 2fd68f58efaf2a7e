import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";
import { findContainerGateway } from "../support/find-container-gateway.ts";
import { obtainTestBase } from "../support/obtain-test-base.ts";
import { type PackageCache, startPackageCache } from "../support/package-cache.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { removeTestLeftovers, startTestRun } from "../support/test-run.ts";
import { removeNamedImages } from "./remove-named-images.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Tag of a slim Debian bookworm in the engine: what test images stand on. It outlives the run. */
    baseImage: string;
    /** Proxy for apt inside containers: `http://address:port`. `/counts` there tells what it was asked. */
    aptProxy: string;
    /** npm registry for containers, behind the same cache. */
    npmRegistry: string;
    /** The cache as processes on this machine reach it: `http://127.0.0.1:port`. */
    packageCache: string;
    /** Value of the label `dev.skillcrate.test` for what tests make themselves. */
    testRun: string;
    /** Images whose names begin like this are removed at the end: `${tagPrefix}mine:1`, `--tag-prefix ${tagPrefix}mine`. */
    tagPrefix: string;
  }
}

/** Once for all tests with a real engine: the engine, a base image, and one cache for all packages. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engine = await connectTestEngine();
  const run = startTestRun();
  await removeTestLeftovers(engine, run);
  await removeNamedImages(run);
  const cache = await startPackageCache({
    folder: join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "skillcrate-test"),
    npmUpstream: await npmRegistry(),
  });
  const local = `http://127.0.0.1:${cache.port}`;
  const baseImage = await obtainTestBase(engine, local);
  const host = await listenToContainers(cache, await findContainerGateway(engine, baseImage, run));
  const inContainers = `http://${host}:${cache.port}`;
  project.provide("baseImage", baseImage);
  project.provide("aptProxy", inContainers);
  project.provide("npmRegistry", `${inContainers}/npm/`);
  project.provide("packageCache", local);
  project.provide("testRun", run.id);
  project.provide("tagPrefix", run.tagPrefix);
  return async () => {
    try {
      await removeTestLeftovers(engine, run);
      await removeNamedImages(run);
    } finally {
      await cache.close();
    }
  };
}

/** Gives the name that containers call this machine by. */
async function listenToContainers(cache: PackageCache, gateway: string): Promise<string> {
  try {
    await cache.listenAt(gateway);
    return gateway;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRNOTAVAIL")) throw error;
    // The engine runs in a machine of its own, where this name leads to our loopback address.
    return "host.docker.internal";
  }
}

/** The one that npm itself is configured for. */
async function npmRegistry(): Promise<string> {
  const { stdout } = await execa("npm", ["config", "get", "registry"]);
  return stdout.trim();
}
