import type { DiagnosticCode } from "../diagnostic/codes.ts";

/** What makes a file something else than UTF-8 text. `offset` counts in the decoded text. */
interface EncodingFault {
  readonly code: DiagnosticCode;
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
  /** False where the rest of the text can still be trusted: single bytes were replaced. */
  readonly isFatal: boolean;
}

export interface DecodedSource {
  /** Without a byte order mark, so that offsets agree with what editors count. Lines end in LF or CRLF. */
  readonly text: string;
  readonly hasByteOrderMark: boolean;
  readonly fault: EncodingFault | null;
}

const byteOrderMark = "\u{feff}";

/** A line end to YAML, gateways and editors alike, if an old one; offsets stay as they are. */
const loneReturn = /\r(?!\n)/g;

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossyDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes or text of a SKILL.md → its text; never throws, whatever the bytes are. */
export function decodeSource(source: string | Uint8Array): DecodedSource {
  if (typeof source === "string") return inspectText(source, null);
  const utf16 = utf16Label(source);
  if (utf16 !== undefined) return inspectText(new TextDecoder(utf16).decode(source), utf16Fault(utf16));
  try {
    return inspectText(strictDecoder.decode(source), null);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // what a fatal decoder throws on bytes that are not UTF-8
    const text = lossyDecoder.decode(source);
    return inspectText(text, invalidByteFault(source, text));
  }
}

function inspectText(decoded: string, fault: EncodingFault | null): DecodedSource {
  const hasByteOrderMark = decoded.startsWith(byteOrderMark);
  const text = (hasByteOrderMark ? decoded.slice(1) : decoded).replace(loneReturn, "\n");
  const nul = fault === null ? text.indexOf("\0") : -1;
  return { text, hasByteOrderMark, fault: nul === -1 ? fault : nulFault(nul) };
}

function utf16Label(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

function utf16Fault(label: string): EncodingFault {
  return {
    code: "SKILL_ENCODING",
    offset: 0,
    message: `The file is encoded as ${label.toUpperCase()}, not as UTF-8.`,
    hint: "Save it as UTF-8 without a byte order mark.",
    isFatal: true,
  };
}

function nulFault(offset: number): EncodingFault {
  return {
    code: "SKILL_CONTROL_CHARACTER",
    offset,
    message: "The file holds a NUL character, which no text has.",
    hint: "Remove it; if the file is encoded as UTF-16, save it as UTF-8.",
    isFatal: true,
  };
}

function invalidByteFault(bytes: Uint8Array, lossy: string): EncodingFault {
  const { offset, byte } = firstReplacement(bytes, lossy);
  return {
    code: "SKILL_ENCODING",
    offset: lossy.startsWith(byteOrderMark) ? offset - 1 : offset,
    message: `The file is not UTF-8: the byte 0x${byte.toString(16).padStart(2, "0")} cannot stand here.`,
    hint: "Save the file as UTF-8.",
    isFatal: false,
  };
}

/** The first replacement character that the decoder put in; one that the file itself holds is passed over. */
function firstReplacement(bytes: Uint8Array, lossy: string): { offset: number; byte: number } {
  const encoder = new TextEncoder();
  let offset = 0;
  let byteIndex = 0;
  for (;;) {
    const next = lossy.indexOf("\u{fffd}", offset);
    if (next === -1) return { offset: lossy.length, byte: bytes[byteIndex] ?? 0 };
    byteIndex += encoder.encode(lossy.slice(offset, next)).length;
    const genuine =
      bytes[byteIndex] === 0xef && bytes[byteIndex + 1] === 0xbf && bytes[byteIndex + 2] === 0xbd;
    if (!genuine) return { offset: next, byte: bytes[byteIndex] ?? 0 };
    offset = next + 1;
    byteIndex += 3;
  }
}
