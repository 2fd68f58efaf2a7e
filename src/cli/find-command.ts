import type { AnyCommand, CommandGroup, CommandTable } from "./command.ts";

/** The command that a line names; the group alone where its second word is missing or unknown; null: neither. */
export function findCommand(argv: readonly string[], table: CommandTable): AnyCommand | CommandGroup | null {
  const entry = table.find(({ name }) => name === argv[0]);
  if (entry === undefined) return null;
  if (!("commands" in entry)) return entry;
  return entry.commands.find(({ name }) => name === `${argv[0]} ${argv[1]}`) ?? entry;
}
