import type { JsonSchema } from "./kinds/kind.ts";
import { sections } from "./settings/sections.ts";
import type { AnySetting } from "./settings/setting.ts";

/** A JSON Schema for editors: a whole configuration, of which only the settings of sandboxes are held to anything. */
export function sandboxSchema(): JsonSchema {
  const sandbox = { $ref: "#/$defs/sandbox" };
  const agent = { type: "object", properties: { sandbox } };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Sandboxes in openclaw.json",
    type: "object",
    properties: {
      agents: {
        type: "object",
        properties: {
          defaults: agent,
          entries: { type: "object", additionalProperties: agent },
          list: { type: "array", items: agent },
        },
      },
    },
    $defs: { sandbox: sandboxDefinition() },
  };
}

function sandboxDefinition(): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const { key, doc, settings } of sections) {
    const own = propertiesOf(Object.values(settings));
    if (key === null) Object.assign(properties, own);
    else properties[key] = { description: doc, type: "object", properties: own, additionalProperties: false };
  }
  return { type: "object", properties, additionalProperties: false };
}

function propertiesOf(settings: readonly AnySetting[]): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const old = setting.merge === "replace" ? setting.oldForm : undefined;
      const own = [setting.key, { description: setting.doc, ...schemaOf(setting) }] as const;
      if (old === undefined) return [own];
      return [own, [old.key, { description: old.doc, deprecated: true, ...old.kind.schema }] as const];
    }),
  );
}

function schemaOf(setting: AnySetting): JsonSchema {
  if (setting.merge === "replace") {
    const { unset, kind } = setting;
    const value = unset.rule === "derived" ? null : kind.print(unset.value);
    return value === null ? kind.schema : { ...kind.schema, default: value };
  }
  if (setting.merge === "append") return { type: "array", items: setting.item.schema };
  return {
    type: "object",
    propertyNames: { pattern: setting.names.pattern.source },
    additionalProperties: setting.item.schema,
  };
}
