#!/usr/bin/env node
// Writes a Word document with a heading and a paragraph for each line of standard input.
import { readFileSync, writeFileSync } from "node:fs";
import { Document, HeadingLevel, Packer, Paragraph } from "docx";

const [path, title] = process.argv.slice(2);
if (path === undefined || title === undefined) {
  console.error("usage: write-letter.mjs FILE TITLE < LINES");
  process.exit(2);
}
const lines = readFileSync(0, "utf8").trim().split("\n");
const children = [
  new Paragraph({ text: title, heading: HeadingLevel.HEADING_1 }),
  ...lines.map((text) => new Paragraph({ text })),
];
writeFileSync(path, await Packer.toBuffer(new Document({ sections: [{ children }] })));
