import { joinReadings, type Reading } from "../code.ts";
import { findChildProcesses } from "./find-child-processes.ts";
import { findModuleImports, moduleUses } from "./find-module-imports.ts";
import { javascriptTokens } from "./javascript-tokens.ts";

/** What a program in JavaScript or TypeScript needs: packages, and the programs that it starts. */
export function readJavaScript(text: string): Reading {
  const tokens = javascriptTokens(text);
  const uses = moduleUses(tokens);
  const imports: Reading = { mentions: findModuleImports(tokens, uses), code: [] };
  return joinReadings([imports, findChildProcesses(tokens, uses)]);
}

/** Whether a program uses what Node has and a browser has not. */
export function isForNode(text: string): boolean {
  return /\brequire\(|\bprocess\.|\bmodule\.exports\b|\bimport\.meta\.(?:url|dirname|filename)\b|["']node:|\b__dirname\b/.test(
    text,
  );
}
