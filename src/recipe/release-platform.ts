import type { RecipePlatform } from "./resolve-context.ts";

/**
 * Why a release file is not for this platform, as far as its path names systems and processors the way projects do;
 * null where nothing speaks against it.
 */
export function whyNotForPlatform(path: string, platform: RecipePlatform): string | null {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const system = otherSystems.find(([, pattern]) => pattern.test(file))?.[0];
  if (system !== undefined && !linux.test(file)) return `for ${system}`;
  const named = processorsIn(file) ?? processorsIn(path);
  return named === null || named.has(platform)
    ? null
    : `for ${[...named].join(" and ")}, not for ${platform}`;
}

function processorsIn(text: string): ReadonlySet<string> | null {
  const names = processors.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
  return names.length === 0 ? null : new Set(names);
}

const linux = word("linux|gnu|musl");

const otherSystems: readonly (readonly [string, RegExp])[] = [
  ["macOS", word("darwin|macos(?:x|\\d+)?|mac|osx|apple")],
  ["Windows", word("windows|win|win32|win64|msvc|mingw\\w*")],
  ["another Unix", word("freebsd|netbsd|openbsd|android|illumos|solaris")],
];

const processors: readonly (readonly [string, RegExp])[] = [
  ["linux/amd64", word("x86[_-]64(?:v[1-4])?|x64|amd64(?:v[1-4])?|linux64|64bit")],
  ["linux/arm64", word("aarch64|arm64(?:v8)?|armv8")],
  ["32-bit x86", word("i[3-6]86|386|x86(?![_-]64)|ia32|linux32|32bit")],
  ["32-bit ARM", word("armv[5-7]\\w*|armhf|armel|arm")],
  ["another processor", word("ppc64(?:le)?|s390x|riscv64\\w*|mips\\w*|loong\\w*")],
];

/** A word of a file name: between ends and characters that are neither letter nor digit. */
function word(alternatives: string): RegExp {
  return new RegExp(`(?<![a-z0-9])(?:${alternatives})(?![a-z0-9])`, "i");
}
