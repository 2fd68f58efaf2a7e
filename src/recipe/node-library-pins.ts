/**
 * Well-known Node libraries: an exact version as the registry had it in November 2026, or null, where every build takes
 * the newest. To renew one: `npm view NAME version`.
 */
export const nodeLibraryPins: ReadonlyMap<string, string | null> = new Map([
  ["docx", "9.15.2"],
  ["exceljs", "4.4.0"],
  ["js-yaml", "5.5.0"],
  ["jszip", "3.10.2"],
  ["mammoth", "1.13.0"],
  ["marked", "18.2.1"],
  ["pdf-lib", "1.17.1"],
  ["pdfkit", "0.20.2"],
  ["pptxgenjs", "4.0.1"],
  ["sharp", "0.35.5"],
  ...unpinned(`
    @anthropic-ai/sdk @google/genai @modelcontextprotocol/sdk @mozilla/readability @notionhq/client @octokit/rest
    @slack/web-api @supabase/supabase-js ajv archiver axios better-sqlite3 canvas chalk cheerio chokidar cli-table3
    commander cron csv-parse csv-stringify d3 date-fns dayjs discord.js docx-preview docxtemplater dotenv ejs epub-gen
    execa express fast-csv fast-glob fast-xml-parser fluent-ffmpeg form-data fs-extra fuse.js glob googleapis got
    gray-matter handlebars html-to-docx html-to-text iconv-lite image-size imapflow inquirer ioredis jimp jsdom json5
    jsonwebtoken lodash luxon mailparser markdown-it mathjs mermaid mime-types minimatch minimist moment mongodb
    mustache mysql2 nanoid node-fetch node-html-parser nodemailer officegen officeparser openai ora p-limit papaparse
    pdf-parse pdf2json pdfjs-dist pdfmake pg pino pixelmatch playwright playwright-core pngjs prompts puppeteer
    puppeteer-core qrcode redis rehype remark rss-parser sanitize-html semver simple-git sqlite3 svgo table tar
    telegraf tesseract.js turndown undici unified unzipper uuid winston ws xlsx xlsx-populate xml2js xmlbuilder2 yaml
    yargs yauzl yazl zod
  `),
]);

function unpinned(names: string): [string, null][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, null]);
}
