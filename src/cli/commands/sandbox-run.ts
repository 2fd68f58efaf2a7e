import { escapeText } from "../../diagnostic/quote-value.ts";
import type { OutdatedReason } from "../../sandbox/container/ensure-request.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { sandboxRunOptions } from "../sandbox-options.ts";
import { withSessionSandbox } from "../with-session-sandbox.ts";

/** Brings a session's sandbox up. */
export async function sandboxRun(context: CommandContext<typeof sandboxRunOptions>): Promise<CommandOutput> {
  return withSessionSandbox(context, async ({ id, name, action, outdated, plan, folder, user, skills }) => {
    const { reference, id: imageId } = plan.image;
    const names = skills.skills.map((skill) => skill.name);
    const result = {
      id,
      name,
      action,
      outdated,
      image: { reference, id: imageId },
      scopeDir: folder.dir,
      user,
    };
    return {
      outcome: outdated.length > 0 && action !== "recreated" ? "partial" : "ok",
      diagnostics: skills.diagnostics,
      result: { ...result, skills: names },
      text: (style) =>
        [
          `${style.green("✓")} ${escapeText(name)} ${action}, with ${names.length === 1 ? "1 skill" : `${names.length} skills`}`,
          ...outdated.map((reason) =>
            style.dim(`  ${action === "recreated" ? "before" : "in use, and"}: ${describe(reason)}`),
          ),
        ].join("\n"),
    };
  });
}

function describe(reason: OutdatedReason): string {
  if (reason.kind === "image") return "its image's tag names another image now";
  if (reason.kind === "plan") return "its settings are others now";
  if (reason.kind === "folders")
    return `folders that it has were removed: ${reason.targets.map(escapeText).join(", ")}`;
  return `it was changed: ${reason.differences.map(({ path }) => escapeText(path)).join(", ")}`;
}
