import { join } from "node:path";
import { inject } from "vitest";
import { type Ended, useBuiltCli } from "../e2e/built-cli.ts";

/** The real command line on the test run's engine, base image and package cache. */
export function usePackageCli() {
  const cli = useBuiltCli();

  /** One cache for Debian's and npm's packages. */
  function network(): string[] {
    const host = new URL(inject("aptProxy")).hostname;
    return ["--http-proxy", inject("aptProxy"), "--no-proxy", host, "--npm-registry", inject("npmRegistry")];
  }

  return {
    ...cli,
    network,
    /** The example skills. */
    skills: (...names: string[]) => join(cli.main(), "../../../skills", ...names),
    build(argv: readonly string[], prefix: string, env: Record<string, string> = {}): Promise<Ended> {
      const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
      const where = ["--tag-prefix", prefix, "--base-image", inject("baseImage"), ...network()];
      return cli.run(["build", ...argv, ...where, "--json"], { env: { DOCKER_HOST, ...env } });
    },
  };
}
