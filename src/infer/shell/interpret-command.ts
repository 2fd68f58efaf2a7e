import { type Code, hole, joinReadings, nothing, type Reading } from "../code.ts";
import { readDependency } from "../javascript/read-dependency.ts";
import { binMention, type Mention } from "../mention.ts";
import { moduleName } from "../python/module-name.ts";
import { readRequirement } from "../python/read-requirement.ts";
import { notNeeded } from "./shell-builtins.ts";
import type { HereDocument, ShellCommand } from "./shell-commands.ts";
import type { ShellWord } from "./shell-words.ts";
import { skipOptions, unwrap } from "./unwrap-command.ts";

/** What one command needs: the program, what it runs in turn, and the packages that it is told to install. */
export function interpretCommand({ words, document }: ShellCommand): Reading {
  const [program, ...args] = unwrap(words);
  if (program === undefined) return nothing;
  const bin = programOf(program);
  if (bin === null) return nothing;
  const told: Reading = {
    mentions: notNeeded.has(bin) || isInstallation(bin, args) ? [] : [binMention(bin, program.offset)],
    code: [],
  };
  return joinReadings([told, readArguments(bin, args, document)]);
}

const systemFolder = /^\/(?:usr\/(?:local\/)?|opt\/homebrew\/)?s?bin\//;

/** The program's name as it is found on PATH; null for a path elsewhere and for what is known only at run time. */
function programOf({ value }: ShellWord): string | null {
  const name = value.replace(systemFolder, "");
  if (name.includes("/") || name.includes(hole)) return null;
  return /^python3\.\d+$/.test(name) ? "python3" : name;
}

const installers = new Set("bun cargo gem go npm pip pip3 pipx pnpm uv yarn".split(" "));

/** It changes what is installed, which is for an image to do: `npm install`, `uv tool install`. */
function isInstallation(bin: string, args: readonly ShellWord[]): boolean {
  if (!installers.has(bin)) return false;
  const [first, second] = args.map(({ value }) => value);
  const verb = bin === "uv" && (first === "pip" || first === "tool") ? second : first;
  return /^(?:install|i|ci|add|update|upgrade|uninstall|remove|link)$/.test(verb ?? "");
}

function readArguments(bin: string, args: readonly ShellWord[], document: HereDocument | null): Reading {
  switch (bin) {
    case "python":
    case "python3":
      return readPythonArguments(args, document);
    case "node":
    case "bun":
      return bin === "bun" && isInstall(args) ? told(nodePackages(args)) : readNodeArguments(args, document);
    case "sh":
    case "bash":
    case "zsh":
    case "dash":
      return told([], codeOf("shell", args, /^-[a-z]*c$/, document));
    case "find":
      return readFind(args);
    case "pip":
    case "pip3":
      return told(pythonPackages(args));
    case "uv":
      return told(args[0]?.value === "pip" ? pythonPackages(args.slice(1)) : withPackages(args));
    case "npm":
    case "pnpm":
    case "yarn":
      return told(nodePackages(args));
    case "npx":
    case "bunx":
    case "uvx":
      return told(packageRunner(args));
    default:
      return told([]);
  }
}

function told(mentions: readonly Mention[], code: readonly Code[] = []): Reading {
  return { mentions, code };
}

/** Code in the argument after an option, else in a here-document where no file is named. */
function codeOf(
  language: Code["language"],
  args: readonly ShellWord[],
  option: RegExp,
  document: HereDocument | null,
): Code[] {
  const index = args.findIndex(({ value }) => !value.startsWith("-") || value === "-" || option.test(value));
  const code = args[index + 1];
  if (index !== -1 && option.test(args[index]?.value ?? "")) {
    return code === undefined ? [] : [{ language, text: code.value, offset: code.offset + 1 }];
  }
  const readsInput = index === -1 || args[index]?.value === "-" || language === "shell";
  return readsInput && document !== null ? [{ language, ...document }] : [];
}

function readPythonArguments(args: readonly ShellWord[], document: HereDocument | null): Reading {
  const index = args.findIndex(({ value }) => value === "-m" || !value.startsWith("-"));
  const module = args[index]?.value === "-m" ? args[index + 1] : undefined;
  if (module === undefined) return told([], codeOf("python", args, /^-c$/, document));
  if (module.value === "pip") return told(pythonPackages(args.slice(index + 2)));
  return told(
    moduleName(module.value.split(".")).map((name) => ({
      kind: "python",
      naming: "module",
      name,
      offset: module.offset,
      confidence: "certain",
      how: "run by",
    })),
  );
}

function readNodeArguments(args: readonly ShellWord[], document: HereDocument | null): Reading {
  return told([], codeOf("javascript", args, /^(?:-[ep]|-pe|--eval|--print)$/, document));
}

/** `find … -exec program … \;` */
function readFind(args: readonly ShellWord[]): Reading {
  const starts = args.flatMap(({ value }, index) =>
    /^-(?:exec|ok)(?:dir)?$/.test(value) ? [index + 1] : [],
  );
  return joinReadings(
    starts.slice(0, mostActions).map((start) => {
      const end = args.findIndex(({ value }, index) => index > start && (value === ";" || value === "+"));
      const words = args.slice(start, end === -1 ? args.length : end);
      return words[0]?.value === "find" ? nothing : interpretCommand({ words, document: null });
    }),
  );
}

/** Of one `find`; nobody writes more. */
const mostActions = 8;

/** Packages after `install`, or what else means it; `options` take the next word as their value. */
function packageWords(args: readonly ShellWord[], options: ReadonlySet<string>): ShellWord[] {
  const packages: ShellWord[] = [];
  for (let index = 1; index < args.length; index++) {
    const word = args[index];
    if (word === undefined || word.value === "--") continue;
    if (options.has(word.value)) index += 1;
    else if (!word.value.startsWith("-")) packages.push(word);
  }
  return packages;
}

const pipOptions = new Set(
  "-r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url -f --find-links --prefix --root --python -p --platform --python-version --progress-bar --cache-dir --proxy --cert --timeout --retries --trusted-host".split(
    " ",
  ),
);

function pythonPackages(args: readonly ShellWord[]): Mention[] {
  if (args[0]?.value !== "install") return [];
  return packageWords(args, pipOptions).flatMap(distribution);
}

/** `uv run --with PACKAGE` */
function withPackages(args: readonly ShellWord[]): Mention[] {
  return args.flatMap(({ value }, index) => {
    const next = args[index + 1];
    return value === "--with" && next !== undefined ? distribution(next) : [];
  });
}

function distribution({ value, offset }: ShellWord): Mention[] {
  if (value.includes("/") || /^\.+$/.test(value)) return [];
  const read = readRequirement(value);
  if (read.kind !== "package") return [];
  const { kind: _, ...named } = read;
  return [
    { kind: "python", naming: "distribution", ...named, offset, confidence: "likely", how: "installed by" },
  ];
}

const npmOptions = new Set(
  "--prefix -C --dir --cwd --registry --cache --workspace -w --filter --tag".split(" "),
);

function isInstall(args: readonly ShellWord[]): boolean {
  return /^(?:install|i|add)$/.test(args[0]?.value ?? "");
}

/**
 * What is installed for all (`-g`) is a command, whose name its own use will tell; what is for developers alone is a
 * guess.
 */
function nodePackages(args: readonly ShellWord[]): Mention[] {
  const has = (...options: readonly string[]) => args.some(({ value }) => options.includes(value));
  if (!isInstall(args) || has("-g", "--global")) return [];
  const confidence = has("-D", "--save-dev", "--dev") ? "guess" : "likely";
  return packageWords(args, npmOptions).flatMap(({ value, offset }): Mention[] => {
    const at = value.indexOf("@", 1);
    const read = readDependency(at === -1 ? value : value.slice(0, at), at === -1 ? "" : value.slice(at + 1));
    if (read.kind !== "package") return [];
    const { kind: _, ...named } = read;
    return [{ kind: "node", ...named, offset, confidence, how: "installed by" }];
  });
}

/** `npx prettier@3`: a tool that is fetched each time, and could be there. */
function packageRunner(args: readonly ShellWord[]): Mention[] {
  const [tool] = skipOptions(args, "p");
  if (tool === undefined || tool.value.includes(hole)) return [];
  const name = tool.value.replace(/(.)@.*$/s, "$1");
  // The command of a scoped package is usually called like its last part.
  return name.startsWith("@")
    ? [binMention(name.slice(name.indexOf("/") + 1), tool.offset, "guess")]
    : [binMention(name, tool.offset, "likely")];
}
