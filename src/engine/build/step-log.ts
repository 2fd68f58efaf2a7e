import { stripVTControlCharacters } from "node:util";
import { escapeText } from "../../diagnostic/quote-value.ts";

/** What a build step prints, as lines that are safe to show. */
export interface StepLog {
  /** Takes the next piece, cut anywhere; gives the lines that it completes. */
  write(piece: Uint8Array): readonly string[];
  /** Gives the last line if it has no line end. */
  end(): readonly string[];
  /** The last 50 lines. */
  tail(): readonly string[];
}

export function createStepLog(): StepLog {
  const decoder = new TextDecoder();
  let pending = "";
  let last: readonly string[] = [];

  const keep = (lines: readonly string[]): readonly string[] => {
    const shown = lines.map(readable).filter((line) => line !== "");
    last = [...last, ...shown].slice(-keptLines);
    return shown;
  };
  return {
    write: (piece) => {
      const lines = (pending + decoder.decode(piece, { stream: true })).split("\n");
      pending = (lines.pop() ?? "").slice(-longestLine);
      return keep(lines);
    },
    end: () => {
      const rest = pending + decoder.decode();
      pending = "";
      return keep([rest]);
    },
    tail: () => last,
  };
}

/** Colours and cursor movements are dropped, a line that was drawn over is shown as it ended, the rest is escaped. */
function readable(line: string): string {
  const drawn = stripVTControlCharacters(line).trimEnd().split("\r").at(-1) ?? "";
  return escapeText(drawn.slice(0, longestLine).replaceAll("\t", "    "));
}

const keptLines = 50;
const longestLine = 4096;
