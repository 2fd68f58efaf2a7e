import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../../engine/connect/connect-engine.ts";
import type { Engine } from "../../engine/engine.ts";
import { formatChecks } from "../../report/format-checks.ts";
import { locateGateway } from "../../source/locate-gateway.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { doctorOptions } from "../command-options.ts";
import { type Check, ok, type Patient } from "../doctor/check.ts";
import { checkBase } from "../doctor/check-base.ts";
import { checkDisk } from "../doctor/check-disk.ts";
import { checkImageUpdates } from "../doctor/check-image-updates.ts";
import { checkImages } from "../doctor/check-images.ts";
import { checkNetwork } from "../doctor/check-network.ts";
import { checkState } from "../doctor/check-state.ts";
import { exitCodeOfError } from "../exit-code.ts";
import { readNetwork } from "../read-network.ts";
import { openDefaultState } from "../read-plan-ground.ts";
import { readUserOverlay } from "../read-user-overlay.ts";

/** Looks at everything that a build needs and changes nothing; every check that is not well says what to do. */
export async function doctor(context: CommandContext<typeof doctorOptions>): Promise<CommandOutput> {
  const { overlay } = await readUserOverlay(context.options.config, context);
  const network = await readNetwork(context.options, context.env, overlay.network);
  const state = openDefaultState(context);
  const { engine, check, exitCode } = await checkEngine(context);
  const checks: Check[] = [
    check,
    checkNetwork(network.settings),
    await checkState(state),
    checkGateway(context),
    ...(engine === null ? [] : await checkInside({ context, engine, state, network: network.settings })),
  ];
  const healthy = checks.every(({ status }) => status !== "problem");
  return {
    outcome: healthy ? "ok" : "failed",
    diagnostics: network.diagnostics,
    result: { checks },
    text: (style) => formatChecks(checks, style),
    ...(exitCode === null ? {} : { exitCode }),
  };
}

interface EngineCheck {
  readonly engine: Engine | null;
  readonly check: Check;
  readonly exitCode: number | null;
}

async function checkEngine(context: CommandContext<typeof doctorOptions>): Promise<EngineCheck> {
  const name = "engine";
  try {
    const engine = await connectEngine(context);
    const { product, version, platform, buildkit, strategy } = engine.info;
    const builder = buildkit ? "BuildKit" : "the classic builder";
    return {
      engine,
      check: ok(name, `${product} ${version} for ${platform} with ${builder}, by ${strategy}`),
      exitCode: null,
    };
  } catch (error) {
    if (!(error instanceof SkillcrateError) || error.code === "CANCELLED") throw error;
    const check: Check = { name, status: "problem", detail: error.message, fix: error.hint };
    return { engine: null, check, exitCode: exitCodeOfError(error.code, context.signal) };
  }
}

/** What only an engine can tell. */
async function checkInside(patient: Patient): Promise<Check[]> {
  const [base, disk, images] = await Promise.all([
    checkBase(patient),
    checkDisk(patient),
    checkImages(patient),
  ]);
  return [base, disk, ...images.checks, ...(await checkImageUpdates(patient, images.present))];
}

function checkGateway({ env, homeDir }: CommandContext<typeof doctorOptions>): Check {
  const gateway = locateGateway(env, homeDir);
  const detail = gateway.found
    ? `${gateway.product}, configured in ${quoteValue(gateway.configPath)}`
    : "none found";
  const [problem] = gateway.diagnostics;
  if (problem === undefined) return ok("gateway", detail);
  return { name: "gateway", status: "warning", detail: problem.message, fix: problem.hint };
}
