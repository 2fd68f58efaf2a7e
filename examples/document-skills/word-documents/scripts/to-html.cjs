#!/usr/bin/env node
// Prints a Word document as HTML; what was left out goes to standard error.
const mammoth = require("mammoth");

mammoth.convertToHtml({ path: process.argv[2] }).then(({ value, messages }) => {
  for (const { message } of messages) console.error(message);
  console.log(value);
});
