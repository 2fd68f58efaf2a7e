#!/usr/bin/env node
// Prints the rows of a spreadsheet's first sheet as JSON; of a formula its value.
const ExcelJS = require("exceljs");

async function main(path) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const rows = [];
  book.worksheets[0].eachRow((row) => {
    rows.push(row.values.slice(1).map((value) => value?.result ?? value));
  });
  console.log(JSON.stringify(rows));
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
