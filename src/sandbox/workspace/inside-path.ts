import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { insidePaths } from "../sandbox-mount.ts";

/**
 * The names of a path as a sandbox sees it, from its root; one that is not absolute starts at `/workspace`. Throws
 * `WORKSPACE_PATH_INVALID` for `..`, NUL, an empty path, and what no system takes for a path.
 */
export function parseInsidePath(path: string): readonly string[] {
  const absolute = path.startsWith("/") ? path : `${insidePaths.workspace}/${path}`;
  const names = splitPath(absolute);
  const why = path === "" ? "it is empty" : refusal(absolute, names);
  if (why === null) return names;
  throw new SkillcrateError(
    "WORKSPACE_PATH_INVALID",
    `${quoteValue(path)} is no path in a sandbox: ${why}.`,
    {
      hint: "Give a path such as report.pdf or /workspace/report.pdf, without '..'.",
    },
  );
}

/** Without empty names and `.`, which lead nowhere. */
export function splitPath(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

export function joinInside(names: readonly string[]): string {
  return `/${names.join("/")}`;
}

/** Linux: PATH_MAX and NAME_MAX, in bytes. */
const maxPathBytes = 4095;
const maxNameBytes = 255;

function refusal(path: string, names: readonly string[]): string | null {
  if (path.includes("\0")) return "it holds a NUL";
  if (names.includes("..")) return "it holds '..'";
  if (Buffer.byteLength(path) > maxPathBytes) return `it is longer than ${maxPathBytes} bytes`;
  if (names.some((name) => Buffer.byteLength(name) > maxNameBytes))
    return `a name in it is longer than ${maxNameBytes} bytes`;
  return null;
}
