import type { AnyCommand, CommandGroup, CommandTable } from "./command.ts";

/** The command that a line names; the group alone where its next word is missing or unknown; null: neither. */
export function findCommand(argv: readonly string[], table: CommandTable): AnyCommand | CommandGroup | null {
  let group: CommandGroup | null = null;
  let entries = table;
  for (const [index] of argv.entries()) {
    const wanted = argv.slice(0, index + 1).join(" ");
    const entry = entries.find(({ name }) => name === wanted);
    if (entry === undefined) return group;
    if (!("commands" in entry)) return entry;
    group = entry;
    entries = entry.commands;
  }
  return group;
}
