import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { debianIndex } from "../../recipe/debian-index.ts";
import { formatLeftOut } from "../../report/format-left-out.ts";
import { formatTrace, type Trace } from "../../report/format-trace.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { whyOptions } from "../command-options.ts";
import { findTraces } from "../find-traces.ts";
import { platformOfProcess } from "../platform-of-process.ts";
import { readTraceInput } from "../read-trace-input.ts";

/** Says of a command, library or skill that is not in an image why not, and what to do about it. */
export async function whyNot(context: CommandContext<typeof whyOptions>): Promise<CommandOutput> {
  const [name = "", ...paths] = context.args;
  const input = await readTraceInput(context, paths);
  const { planned, sources, diagnostics } = input;
  const traces = findTraces(name, input);
  const missing = traces.filter(({ status }) => status !== "resolved" && status !== "present");
  const leftOut = planned.leftOut.filter(
    ({ skill }) => skill === name || missing.some(({ requester }) => requester === skill),
  );
  if (missing.length + leftOut.length === 0 && traces.length > 0) throw itIsThere(name);
  const platform = context.options.platform ?? platformOfProcess();
  const shipped = debianIndex(sources.debian, platform).filesNamed(name);
  const ways = [
    ...planned.diagnostics
      .filter((each) => missing.some((trace) => isAbout(each.place, trace)))
      .map(({ hint }) => hint),
    ...(missing.length + leftOut.length > 0 ? [] : waysToAsk(name, shipped)),
  ];
  return {
    outcome: "ok",
    diagnostics,
    result: { name, missing, leftOut, ways: [...new Set(ways)] },
    text: (style) =>
      [
        ...missing.map((trace) => formatTrace(trace, style, context.cwd)),
        missing.length + leftOut.length === 0 ? `Nobody asks for ${quoteValue(name)}.` : "",
        formatLeftOut(leftOut, style),
        ...new Set(ways),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
  };
}

function isAbout(place: Trace["place"] | undefined, trace: Trace): boolean {
  return (
    place !== undefined &&
    place !== null &&
    trace.place !== null &&
    place.file === trace.place.file &&
    place.line === trace.place.line &&
    place.column === trace.place.column
  );
}

function itIsThere(name: string): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", `Nothing is missing: ${quoteValue(name)} is there.`, {
    hint: `See where it comes from: skillcrate why ${name}`,
  });
}

/** A name that no skill declares or uses. */
function waysToAsk(name: string, shipped: readonly { readonly package: string }[]): string[] {
  const packages = [...new Set(shipped.map((file) => file.package))];
  const known = packages.length === 0 ? "" : ` Debian has a command of that name in ${packages.join(", ")}.`;
  const skills = `skills: { "<skill>": { requires: { bins: ["${name}"] } } }`;
  return [`Have a skill require it, in its SKILL.md or in skillcrate.json5: ${skills}.${known}`];
}
