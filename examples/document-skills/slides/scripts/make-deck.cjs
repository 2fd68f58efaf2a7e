#!/usr/bin/env node
// make-deck.cjs OUTLINE OUT: a slide with a title and bullet points for each entry of a YAML list.
const { readFileSync } = require("node:fs");
const yaml = require("js-yaml");
const PptxGenJS = require("pptxgenjs");

const [source, target] = process.argv.slice(2);
const deck = new PptxGenJS();
for (const { title, points = [] } of yaml.load(readFileSync(source, "utf8"))) {
  const slide = deck.addSlide();
  slide.addText(title, { x: 0.5, y: 0.3, w: 9, h: 1, fontSize: 32, bold: true });
  slide.addText(
    points.map((text) => ({ text, options: { bullet: true, breakLine: true } })),
    { x: 0.5, y: 1.5, w: 9, h: 3.5, fontSize: 20 },
  );
}
deck.writeFile({ fileName: target });
