import { isAbsolute, normalize } from "node:path/posix";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { judgeTarget } from "../rules/judge-target.ts";
import type { BindSetting, TmpfsSetting } from "../sandbox-config.ts";
import { type Kind, printAsIs, type ReadValue, refused, taken, unexpected } from "./kind.ts";
import { printBytes } from "./limit-kinds.ts";
import { textKind } from "./plain-kinds.ts";

/** An absolute path, without `.`, `..`, doubled or last slashes; null: it is none, or holds what no path should. */
function plainPath(text: string): string | null {
  if (!isAbsolute(text) || text !== text.trim() || /\p{Cc}|\p{Cs}/u.test(text) || text.length > 4000)
    return null;
  return normalize(text).replace(/(?<=.)\/$/, "");
}

/** A path on the host, `~` included, as it is written: only its reader knows what `~` means. */
export const hostPathKind = textKind(
  "an absolute path, or one that begins with ~/",
  (text) =>
    (text === "~" || text.startsWith("~/") ? plainPath(text.slice(1) || "/") : plainPath(text)) !== null,
  { pattern: "^[~/]" },
);

export const profilePathKind = textKind(
  "the absolute path of a profile",
  (text) => plainPath(text) === text && text !== "/",
  { pattern: "^/." },
);

const workdirExpected = "an absolute path inside, not in /proc, /sys or /dev";

export const workdirKind: Kind<string> = {
  expected: workdirExpected,
  schema: { type: "string", pattern: "^/" },
  isPrivate: false,
  read(written) {
    const path = typeof written === "string" ? plainPath(written) : null;
    // A working folder in /proc can be a descriptor of the host (CVE-2024-21626).
    if (path === null || /^\/(?:proc|sys|dev)(?:\/|$)/.test(path)) return unexpected(workdirExpected);
    return taken(path);
  },
  print: printAsIs,
};

const mebibyte = 2 ** 20;
const tmpfsSizes: Readonly<Record<string, number>> = { "/run": 16 * mebibyte };
const usualTmpfsSizeBytes = 64 * mebibyte;

/** The tmpfs of a path where nothing is said of its size. */
export function plainTmpfs(target: string): TmpfsSetting {
  return { target, sizeBytes: tmpfsSizes[target] ?? usualTmpfsSizeBytes, mode: null, noExec: false };
}

const tmpfsExpected =
  'a path inside, with options or without, as in "/tmp" or "/tmp:size=128m,mode=1777,noexec"';

/** A path and options of tmpfs(5); `nosuid` and `nodev` always hold. */
export const tmpfsKind: Kind<TmpfsSetting> = {
  expected: tmpfsExpected,
  schema: { type: "string", pattern: "^/[^:]+(?::.*)?$" },
  isPrivate: false,
  read(written) {
    const [path = "", options = "", ...others] = typeof written === "string" ? written.split(":") : [];
    const target = plainPath(path);
    if (target === null || others.length > 0) return unexpected(tmpfsExpected);
    const refusal = judgeTarget(target);
    if (refusal !== null) {
      const fix = "Take it out, or choose another path.";
      return refused("CONFIG_TARGET_REFUSED", `a tmpfs would hide it, and ${refusal.why}`, fix);
    }
    const read = readTmpfsOptions(plainTmpfs(target), options);
    return read === null ? unexpected(tmpfsExpected) : taken(read);
  },
  print({ target, sizeBytes, mode, noExec }) {
    const options = [
      `size=${printBytes(sizeBytes)}`,
      ...(mode === null ? [] : [`mode=${mode.toString(8)}`]),
      ...(noExec ? ["noexec"] : []),
    ];
    return `${target}:${options.join(",")}`;
  },
};

/** Null: an option that is not taken. */
function readTmpfsOptions(tmpfs: TmpfsSetting, options: string): TmpfsSetting | null {
  let read = tmpfs;
  for (const option of options.split(",").filter((part) => part !== "")) {
    const size = /^size=([1-9][0-9]{0,11})([kmg])?$/i.exec(option);
    const mode = /^mode=0?([0-7]{3,4})$/.exec(option);
    if (size !== null) {
      const unit = { k: 2 ** 10, m: mebibyte, g: 2 ** 30 }[(size[2] ?? "").toLowerCase()] ?? 1;
      read = { ...read, sizeBytes: Number(size[1]) * unit };
      if (read.sizeBytes > 2 ** 40) return null;
    } else if (mode !== null) read = { ...read, mode: Number.parseInt(mode[1] ?? "", 8) };
    else if (option === "exec" || option === "noexec") read = { ...read, noExec: option === "noexec" };
    else if (!["rw", "nosuid", "nodev"].includes(option)) return null;
  }
  return read;
}

const bindExpected = 'a folder or file of the host and a path inside, as in "/srv/data:/data:ro"';

/** `source:target`, `source:target:ro`; absolute, without a colon in a path. What may be mounted is judged later. */
export const bindKind: Kind<BindSetting> = {
  expected: bindExpected,
  schema: {
    type: "string",
    pattern: "^/[^:]*:/[^:]+(?::(?:ro|rw|private|rprivate)(?:,(?:ro|rw|private|rprivate))*)?$",
  },
  isPrivate: false,
  read(written) {
    const parts = typeof written === "string" ? written.split(":") : [];
    const [from = "", to = "", options = ""] = parts;
    if (parts.length < 2 || parts.length > 3) return unexpected(bindExpected);
    const source = plainPath(from);
    if (source === null) {
      return refused(
        "CONFIG_BIND_REFUSED",
        "its source is not an absolute path; a name would be a volume of the engine's",
        "Write the whole path of a folder or file on the host.",
      );
    }
    const target = plainPath(to);
    return target === null
      ? unexpected(bindExpected)
      : readBindOptions({ source, target, readOnly: false }, options);
  },
  print: ({ source, target, readOnly }) => `${source}:${target}${readOnly ? ":ro" : ""}`,
};

function readBindOptions(bind: BindSetting, options: string): ReadValue<BindSetting> {
  const words = options.split(",").filter((word) => word !== "");
  const others = words.filter((word) => !["ro", "rw", "private", "rprivate"].includes(word));
  if (others.length > 0) {
    return refused(
      "CONFIG_BIND_REFUSED",
      `${quoteValue(others.join(","))} would change the host: its labels, or what is mounted there`,
      "Write ro or rw, or nothing.",
    );
  }
  return taken({ ...bind, readOnly: words.includes("ro") });
}
