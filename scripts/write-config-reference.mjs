#!/usr/bin/env node
// Writes docs/configuration.md and schema/sandbox.schema.json anew from the tables of settings.
//
//   node scripts/write-config-reference.mjs
//
// Needs Node 22.18 or later, which reads TypeScript.

import { writeFileSync } from "node:fs";
import { sandboxSchema } from "../src/config/sandbox-schema.ts";
import { settingsReference } from "../src/config/settings-reference.ts";

const root = new URL("../", import.meta.url);
writeFileSync(new URL("docs/configuration.md", root), settingsReference());
writeFileSync(new URL("schema/sandbox.schema.json", root), `${JSON.stringify(sandboxSchema(), null, 2)}\n`);
