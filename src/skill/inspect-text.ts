import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { findHiddenText } from "./find-hidden-text.ts";
import { findLongRuns } from "./find-long-runs.ts";
import { createFindings } from "./findings.ts";

/**
 * What in a skill's text a person would not see, or should look at before a model follows it: hidden characters,
 * downloads that are handed to a program, archives with a password, encoded blocks. A report of what was found; a text
 * without findings is not thereby safe.
 */
export function inspectText(text: string, file: string): readonly Diagnostic[] {
  const findings = createFindings(file, text);
  for (const { offset, points, meaning } of findHiddenText(text)) {
    const decoded = meaning === "" ? "" : `; read as letters they say ${quoteValue(meaning)}`;
    findings.warning(
      "TEXT_HIDDEN_CHARACTERS",
      offset,
      `The text has characters that nobody sees: ${points}${decoded}.`,
      "Remove them, or make sure that whoever wrote the skill meant them.",
    );
  }
  for (const { code, what, hint, words, find } of patterns) {
    // A look for a word costs a tenth of a look for a form.
    if (!words.some((word) => text.includes(word))) continue;
    for (const { offset, shown } of find(text))
      findings.warning(code, offset, `The text ${what}: ${quoteValue(shown)}.`, hint);
  }
  return findings.list();
}

interface Match {
  readonly offset: number;
  readonly shown: string;
}

interface Pattern {
  readonly code: DiagnosticCode;
  readonly what: string;
  readonly hint: string;
  /** A text without all of these has nothing to find. */
  readonly words: readonly string[];
  readonly find: (text: string) => readonly Match[];
}

// Repetitions in these have a bound, so that no text makes them slow. A language's interpreter with a program of its own
// (`python3 -m json.tool`) reads the download as data.
const download = String.raw`(?:curl|wget|aria2c|fetch|https?)\s`;
const run = String.raw`(?:sudo\s{1,4}(?:-\S{1,20}\s{1,4}){0,4})?(?:env\s{1,4})?(?:\w{1,30}=\S{0,60}\s{1,4}){0,4}(?:/usr)?(?:/bin/)?(?:(?:ba|z|da|k|fi|a)?sh\b|(?:python[23]?|perl|ruby|node|php)\b(?!\s{1,4}(?:-\w|[\w./])))`;
const powerShellDownload = String.raw`\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString)\b`;

const patterns: readonly Pattern[] = [
  {
    code: "TEXT_PIPED_DOWNLOAD",
    what: "hands a download to a program that runs it",
    hint: "Download to a file, compare its digest, read it, then run it; or declare an installer.",
    words: ["curl", "wget", "aria2c", "fetch", "http ", "https "],
    find: (text) => [
      ...between(
        text,
        new RegExp(String.raw`\|\s{0,8}(?:${run})`, "g"),
        new RegExp(String.raw`\b${download}[^;]*$`),
      ),
      ...between(
        text,
        new RegExp(String.raw`(?:<\(|\$\(|${"`"})\s{0,4}${download}`, "g"),
        /(?:\b(?:(?:ba|z|da|k)?sh|source|eval)|(?:^|[;&]\s{0,4})\.)\s/,
      ),
    ],
  },
  {
    code: "TEXT_PIPED_DOWNLOAD",
    what: "hands a download to a program that runs it",
    hint: "Download to a file, compare its digest, read it, then run it.",
    words: ["iex", "IEX", "Iex", "Invoke-Expression", "invoke-expression"],
    find: (text) => [
      ...between(text, /\|\s{0,8}(?:iex|Invoke-Expression)\b/gi, new RegExp(powerShellDownload, "i")),
      ...between(text, new RegExp(powerShellDownload, "gi"), /\b(?:iex|Invoke-Expression)\b/i),
    ],
  },
  {
    code: "TEXT_LOCKED_ARCHIVE",
    what: "opens an archive with a password, which keeps scanners out",
    hint: "Ask where the archive comes from and what is in it before anything of it runs.",
    words: ["assword", "assphrase", "asscode", "ASSWORD", "unzip", "7z", "rar "],
    find: (text) => [
      ...between(
        text,
        /[Pp](?:assword|assphrase|asscode|ASSWORD)(?:\s{1,4}is\b|\s{0,4}[:=`"'(])/g,
        /\b(?:zip|rar|7z|archives?|extract(?:ed|ing)?|unzip|unpack)\b/i,
      ),
      ...between(text, /[Pp]assword[- ]protected\s{1,4}(?:zip|rar|7z|archive)\b/gi, /(?:)/),
      ...between(text, /\s-P\s{0,4}\S/g, /\bunzip\b/),
      ...between(text, /\s-p\S/g, /\b(?:7z[arz]?|unrar|rar)\s{1,4}[xe]\b/),
    ],
  },
  {
    code: "TEXT_ENCODED_BLOCK",
    what: "has a block whose meaning is encoded",
    hint: "Decode it and read what it says before anything of it runs.",
    words: ["base64"],
    find: (text) =>
      between(
        text,
        new RegExp(String.raw`\|\s{0,8}(?:${run})`, "g"),
        /(?:\becho\s[^\n|]{0,300}\|\s{0,4})?\bbase64\s{1,4}(?:-d|-D|--decode)\b/,
      ),
  },
  {
    code: "TEXT_ENCODED_BLOCK",
    what: "has a block whose meaning is encoded",
    hint: "Decode it and read what it says before anything of it runs.",
    words: [""],
    find: (text) =>
      findLongRuns(text, longestWord)
        .filter((block) => looksEncoded(text, block.offset, block.text))
        .map((block) => ({ offset: block.offset, shown: block.text })),
  },
];

/** What ends with `end`, and has `begin` before it in the same command or sentence. */
function between(text: string, end: RegExp, begin: RegExp): Match[] {
  return [...text.matchAll(end)].flatMap((match) => {
    const start = startOfCommand(text, match.index);
    const found = begin.exec(text.slice(start, match.index));
    if (found === null) return [];
    const offset = start + found.index;
    return [{ offset, shown: text.slice(offset, match.index + match[0].length).trim() }];
  });
}

const longestCommand = 400;

/** After the last line end that no backslash takes back, at most 400 characters before. */
function startOfCommand(text: string, end: number): number {
  const earliest = Math.max(0, end - longestCommand);
  let start = end;
  do start = text.lastIndexOf("\n", start - 1);
  while (start > earliest && text[start - 1] === "\\");
  return Math.max(start + 1, earliest);
}

/** No word of a language is as long. */
const longestWord = 120;

/** Base64 mixes letters of both cases and digits; pictures are expected to be written so, and a path is none. */
function looksEncoded(text: string, offset: number, block: string): boolean {
  const mixes = /[a-z]/.test(block) && /[A-Z]/.test(block) && /[0-9]/.test(block);
  const isPath = (block.match(/\//g)?.length ?? 0) > block.length / 20;
  const isPicture = /data:(?:image|font)\/[\w.+-]{1,40};base64,$/.test(
    text.slice(Math.max(0, offset - 60), offset),
  );
  return mixes && !isPath && !isPicture;
}
