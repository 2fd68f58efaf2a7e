#!/usr/bin/env node
// stamp.mjs IN OUT WORD: puts a word across each page.
import { readFileSync, writeFileSync } from "node:fs";
import { degrees, PDFDocument, rgb, StandardFonts } from "pdf-lib";

const [source, target, word] = process.argv.slice(2);
const document = await PDFDocument.load(readFileSync(source));
const font = await document.embedFont(StandardFonts.HelveticaBold);
for (const page of document.getPages()) {
  const { width, height } = page.getSize();
  page.drawText(word, {
    x: width / 6,
    y: height / 3,
    size: width / 6,
    font,
    rotate: degrees(45),
    color: rgb(0.8, 0.8, 0.8),
    opacity: 0.5,
  });
}
writeFileSync(target, await document.save());
