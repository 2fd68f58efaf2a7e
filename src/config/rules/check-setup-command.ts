import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { problemOf } from "../problem.ts";
import type { SandboxConfig } from "../sandbox-config.ts";

/** Says what a setup command will not have; the defaults give it nothing that an installer needs. */
export function checkSetupCommand({ docker }: SandboxConfig): readonly Diagnostic[] {
  if (docker.setupCommand.value === null) return [];
  const missing = [
    docker.network.value === "none" ? { what: "no network", write: 'docker.network: "bridge"' } : null,
    docker.readOnlyRoot.value ? { what: "a read-only root", write: "docker.readOnlyRoot: false" } : null,
  ].filter((need) => need !== null);
  const lacks = [...missing.map(({ what }) => what), "a user that is never root"].join(", ");
  const open =
    missing.length === 0
      ? ""
      : ` What needs no root can have: ${missing.map(({ write }) => write).join(", ")}.`;
  return [
    problemOf(docker.setupCommand.origin, {
      code: "CONFIG_SETUP_NEEDS",
      severity: missing.length === 0 ? "info" : "warning",
      what: `is run with ${lacks}: what it lacks fails, and with it whatever installs packages`,
      hint: `What it installs belongs into an image: skillcrate sandbox to-layer --tag NAME runs it while one is built; or name the programs under requires in skillcrate.json5, then skillcrate build.${open}`,
    }),
  ];
}
