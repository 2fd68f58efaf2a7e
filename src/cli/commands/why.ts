import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatTrace } from "../../report/format-trace.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { whyOptions } from "../command-options.ts";
import { findTraces } from "../find-traces.ts";
import type { PlannedImages } from "../plan-images.ts";
import { readTraceInput } from "../read-trace-input.ts";

/** Traces a command, library or package: who asks for it, on what evidence, from which recipe, in which layer. */
export async function why(context: CommandContext<typeof whyOptions>): Promise<CommandOutput> {
  const [name = "", ...paths] = context.args;
  const input = await readTraceInput(context, paths);
  const traces = findTraces(name, input);
  if (traces.length === 0) throw nobodyAsks(name, input.planned);
  return {
    outcome: "ok",
    diagnostics: input.diagnostics,
    result: { name, traces },
    text: (style) => traces.map((trace) => formatTrace(trace, style, context.cwd)).join("\n\n"),
  };
}

function nobodyAsks(name: string, { resolutions, profiles, plans }: PlannedImages): SkillcrateError {
  const known = [
    ...resolutions.map(({ bin }) => bin),
    ...profiles.flatMap(({ libraries }) => libraries.map(({ library }) => library)),
    ...plans.flatMap(({ promises }) => promises.map((promise) => promise.name)),
  ];
  return new SkillcrateError(
    "INPUT_INVALID",
    `No skill and no image definition asks for ${quoteValue(name)}, and no package that is known here needs it.`,
    { hint: `Asked for: ${[...new Set(known)].sort(compareText).join(" ")}` },
  );
}
