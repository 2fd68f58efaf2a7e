import { formatImages } from "../../report/format-images.ts";
import { formatLockChange } from "../../report/format-lock.ts";
import { buildMovedImages } from "../build-moved-images.ts";
import { buildWantedImages } from "../build-wanted-images.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { updateOptions } from "../command-options.ts";
import { lockWanted } from "../lock-wanted.ts";
import { readWantedImages } from "../read-wanted-images.ts";

/** Takes newer versions of everything, or of what is named, into the images and the lock. */
export async function update(context: CommandContext<typeof updateOptions>): Promise<CommandOutput> {
  const { args: names, options } = context;
  const { wanted, diagnostics } = await readWantedImages(context, options.skills);
  const built =
    names.length === 0
      ? await buildWantedImages(asOfToday(wanted), context)
      : await buildMovedImages(wanted, names, context);
  const { outcomes, exitCode } = built;
  const change = exitCode === null ? await lockWanted(built, wanted, context) : null;
  return {
    outcome: built.outcome,
    diagnostics: [...diagnostics, ...built.diagnostics],
    result: { lock: change, images: outcomes },
    text: (style) => (change === null ? formatImages(outcomes, style) : formatLockChange(change, style)),
    ...(exitCode === null ? {} : { exitCode }),
  };
}

/** Debian packages by a new index; and what nothing pins is not taken from a cache. */
function asOfToday(wanted: Parameters<typeof buildWantedImages>[0]): Parameters<typeof buildWantedImages>[0] {
  return {
    ...wanted,
    options: { ...wanted.options, refresh: true },
    settings: {
      noCache: ({ stages }) =>
        stages.some(
          (stage) => stage.kind === "tree" && stage.packages.some(({ version }) => version === null),
        ),
    },
  };
}
