import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ConfigDocument, parseConfigDocument } from "../../src/config/config-document.ts";
import type { SandboxConfig } from "../../src/config/sandbox-config.ts";

/** Where the configurations of this folder are said to lie. */
export const ground = {
  file: "/home/me/.openclaw/openclaw.json",
  stateDir: "/home/me/.openclaw",
  homeDir: "/home/me",
} as const;

/** The text of one of the whole configurations beside this file. */
export function configurationText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`configurations/${name}.json5`, import.meta.url)), "utf8");
}

export function configuration(name: string): ConfigDocument {
  return documentOf(configurationText(name));
}

/** A document of a text, or of a value whose places are those of its JSON. */
export function documentOf(written: unknown): ConfigDocument {
  const text = typeof written === "string" ? written : JSON.stringify(written, null, 2);
  const { document, diagnostics } = parseConfigDocument(text, ground);
  if (diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
  return document;
}

/** A configuration that sets only these for all agents. */
export function withSandbox(sandbox: unknown): ConfigDocument {
  return documentOf({ agents: { defaults: { sandbox } } });
}

/** Every effective value under its dotted name, maps and lists taken apart. */
export function effectiveValues(config: SandboxConfig): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  const add = (name: string, field: unknown) => {
    if (field === null) values[name] = null;
    else if (field instanceof Map) for (const [key, item] of field) add(`${name}.${key}`, item);
    else if (Array.isArray(field)) for (const [index, item] of field.entries()) add(`${name}.${index}`, item);
    else if (typeof field === "object" && "origin" in field && "value" in field) values[name] = field.value;
    else if (typeof field === "object") {
      for (const [key, item] of Object.entries(field)) add(name === "" ? key : `${name}.${key}`, item);
    }
  };
  add("", config);
  return values;
}
