// The baseline of the scan benchmark: reads every SKILL.md below a folder and parses its head with `yaml`, no more.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";

let parsed = 0;
readBelow(process.argv[2]);
process.stdout.write(`${parsed}\n`);

function readBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) readBelow(path);
    else if (entry.name === "SKILL.md") parseHead(readFileSync(path, "utf8"));
  }
}

function parseHead(text) {
  const head = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  if (head === undefined) return;
  const document = parseDocument(head, { lineCounter: new LineCounter() });
  if (document.errors.length === 0) document.toJS();
  parsed++;
}
