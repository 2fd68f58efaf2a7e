import type { Code, Language } from "../code.ts";
import { fencedBlocks } from "./fenced-blocks.ts";

/** A block of code in a text for people. */
export interface ShownCode extends Code {
  /** It may be the source of an app that the skill tells people to write, rather than what it runs itself. */
  readonly isExample: boolean;
}

const languages: ReadonlyMap<string, Language> = new Map<string, Language>([
  ...[
    "bash",
    "sh",
    "shell",
    "zsh",
    "console",
    "terminal",
    "shellscript",
    "shell-session",
    "sh-session",
    "command",
  ].map((name) => [name, "shell"] as const),
  ...["python", "py", "python3", "pycon"].map((name) => [name, "python"] as const),
  ...["javascript", "js", "mjs", "node", "typescript", "ts", "jsx", "tsx"].map(
    (name) => [name, "javascript"] as const,
  ),
]);

/** The fenced blocks that hold code: of a named language, or with a prompt before each command. */
export function readMarkdown(text: string): ShownCode[] {
  return fencedBlocks(text).flatMap((block): ShownCode[] => {
    const language = languages.get(block.language) ?? (block.language === "" ? "shell" : null);
    if (language === null) return [];
    const { offset } = block;
    const isExample = block.language === "" || language === "javascript";
    if (language !== "shell") return [{ language, text: block.text, offset, isExample }];
    const commands = typedCommands(block.text);
    if (commands === null && block.language === "") return [];
    return [{ language, text: withoutPlaceholders(commands ?? block.text), offset, isExample }];
  });
}

/** `<file>`, `[--on|off]`: what people are to put there is no redirection and no pipe. */
function withoutPlaceholders(text: string): string {
  return text.replace(/<[\w][^<>\n]{0,60}>|\[[^[\]\n"'$]{1,100}\]/g, (words) => words.replace(/[<>|]/g, "_"));
}

const prompt = /^[ \t]*(?:\$|%|❯|➜)[ \t]+(?=\S)/;

/** What was typed after prompts, every other line blank: offsets stay. Null where there is no prompt. */
function typedCommands(text: string): string | null {
  let isContinued = false;
  let hasPrompt = false;
  const lines = text.split("\n").map((line) => {
    const [mark] = prompt.exec(line) ?? [];
    if (mark === undefined && !isContinued) return " ".repeat(line.length);
    hasPrompt ||= mark !== undefined;
    isContinued = line.endsWith("\\");
    return " ".repeat(mark?.length ?? 0) + line.slice(mark?.length ?? 0);
  });
  return hasPrompt ? lines.join("\n") : null;
}
