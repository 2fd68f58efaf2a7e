import { formatImages } from "../../report/format-images.ts";
import { formatLeftOut } from "../../report/format-left-out.ts";
import { formatLockChange } from "../../report/format-lock.ts";
import { buildWantedImages } from "../build-wanted-images.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { lockOptions } from "../command-options.ts";
import { lockWanted } from "../lock-wanted.ts";
import { readWantedImages } from "../read-wanted-images.ts";

/** Builds what is not there yet, and writes what the images were made from into the lock. */
export async function lock(context: CommandContext<typeof lockOptions>): Promise<CommandOutput> {
  const { wanted, diagnostics } = await readWantedImages(context);
  const built = await buildWantedImages(wanted, context);
  const { outcome, outcomes, leftOut, exitCode } = built;
  const change = exitCode === null ? await lockWanted(built, wanted, context) : null;
  return {
    outcome,
    diagnostics: [...diagnostics, ...built.diagnostics],
    result: { lock: change, images: outcomes, leftOut },
    text: (style) =>
      [
        change === null ? formatImages(outcomes, style) : formatLockChange(change, style),
        formatLeftOut(leftOut, style),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
    ...(exitCode === null ? {} : { exitCode }),
  };
}
