import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { SandboxConfig } from "../sandbox-config.ts";
import { checkBindSettings } from "./check-bind-settings.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkLimits } from "./check-limits.ts";
import { checkNetwork } from "./check-network.ts";
import { checkOpenings } from "./check-openings.ts";
import { checkSetupCommand } from "./check-setup-command.ts";
import type { BindGround } from "./judge-bind-source.ts";

/** What settings say together: refusals and findings that no single value shows. */
export function checkSettings(config: SandboxConfig, ground: BindGround): readonly Diagnostic[] {
  return rules.flatMap((rule) => rule(config, ground));
}

type Rule = (config: SandboxConfig, ground: BindGround) => readonly Diagnostic[];

const rules: readonly Rule[] = [
  checkNetwork,
  checkLimits,
  checkBindSettings,
  checkSetupCommand,
  checkEnvironment,
  checkOpenings,
];
