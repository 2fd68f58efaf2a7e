import { joinReadings, type Reading } from "../code.ts";
import { findCommands } from "./find-commands.ts";
import { findImports } from "./find-imports.ts";
import { pythonStatements } from "./python-statements.ts";
import { pythonLines } from "./python-tokens.ts";

/** What a program in Python needs: modules, local ones included, and the programs that it starts. */
export function readPython(text: string): Reading {
  const statements = pythonStatements(pythonLines(text));
  return joinReadings([{ mentions: findImports(statements), code: [] }, findCommands(statements)]);
}
