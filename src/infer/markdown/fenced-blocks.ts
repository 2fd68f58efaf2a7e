/** A block between fences in a Markdown text. */
export interface FencedBlock {
  /** The first word after the fence, in small letters; empty where there is none. */
  readonly language: string;
  readonly text: string;
  readonly offset: number;
}

const fence = /^([ \t]*(?:>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)*)(`{3,}|~{3,})[ \t]*([^\n`]*)$/;

/** The fenced blocks of a Markdown text, those in lists and quotations too. One that is not closed ends with the text. */
export function fencedBlocks(text: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: OpenBlock | null = null;
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed;
    const [, before = "", mark, info = ""] = fence.exec(lineStart(text, start, end)) ?? [];
    if (open === null && mark !== undefined) {
      const language = /^[{.]*([\w+#-]*)/.exec(info)?.[1]?.toLowerCase() ?? "";
      open = { fence: mark, language, offset: end + 1, isQuoted: before.includes(">") };
    } else if (open !== null && mark?.startsWith(open.fence) === true && info.trim() === "") {
      blocks.push(toBlock(open, text.slice(open.offset, start)));
      open = null;
    }
    start = end + 1;
  }
  if (open !== null) blocks.push(toBlock(open, text.slice(open.offset)));
  return blocks;
}

interface OpenBlock {
  readonly fence: string;
  readonly language: string;
  readonly offset: number;
  readonly isQuoted: boolean;
}

/** In a quotation the mark of each line becomes a blank, so that offsets stay. */
function toBlock({ language, offset, isQuoted }: OpenBlock, text: string): FencedBlock {
  return { language, offset, text: isQuoted ? text.replace(/^([ \t]*)>/gm, "$1 ") : text };
}

/** A line, as far as it can be a fence: those are short. */
function lineStart(text: string, start: number, end: number): string {
  return text.slice(start, Math.min(end, start + 200)).replace(/\r$/, "");
}
