import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "../support/fetch-program.ts";

/** The part of a SKILL.md that a test is about. */
export interface TestSkill {
  readonly bins: readonly string[];
  readonly install: readonly object[];
}

export function download(bin: string, url: string, fields: object = {}): TestSkill {
  return { bins: [bin], install: [{ kind: "download", url, bins: [bin], ...fields }] };
}

/** A skill for each kind of download in `archives`, and their hostile twins. */
export function downloadSkills(archives: string): Readonly<Record<string, TestSkill>> {
  const digest = (name: string) => ({ sha256: sha256Of(readFileSync(join(archives, name))) });
  const trees = ["tar.gz", "tar.xz", "tar.bz2", "zip"].map((ending) => {
    const name = ending.replace(".", "-");
    const fields = { ...digest(`small.${ending}`), stripComponents: 1 };
    return [name, download(`tool-${name}`, `https://a.example.com/small.${ending}`, fields)] as const;
  });
  return {
    ...Object.fromEntries(trees),
    plain: download("tool-plain", "https://a.example.com/tool", digest("tool")),
    moved: download("tool-moved", "https://a.example.com/moved"),
    "hostile-host": download("tool-hostile", "https://169.254.169.254/hostile"),
    "hostile-digest": download("tool-hostile", "https://a.example.com/hostile", { sha256: "none" }),
    "hostile-target": download("tool-hostile", "https://a.example.com/hostile", { targetDir: "../../.." }),
  };
}

export const otherSkills: Readonly<Record<string, TestSkill>> = {
  talk: {
    bins: ["tiny-talk"],
    install: [{ kind: "uv", packages: ["tiny-talk[loud]>=1,<2", "tiny-plugin"], bins: ["tiny-talk"] }],
  },
  "hostile-python": {
    bins: ["tool-hostile"],
    install: [{ kind: "pip", package: "tiny-talk @ https://h/x.whl", bins: ["tool-hostile"] }],
  },
  brewed: { bins: ["hello-brew"], install: [{ kind: "brew", formula: "hello", bins: ["hello-brew"] }] },
};

export const npmSkills: Readonly<Record<string, TestSkill>> = {
  native: {
    bins: ["tiny-native"],
    install: [{ kind: "node", package: "tiny-native@1.0.0", bins: ["tiny-native"] }],
  },
  old: { bins: ["tiny-old"], install: [{ kind: "node", package: "tiny-old@1.0.0", bins: ["tiny-old"] }] },
};

/** What stands for Homebrew, which no test can reach: it pours the formula that it is told to install. */
export function packHomebrew(folder: string, file: string): void {
  const script = [
    "#!/bin/sh -e",
    'prefix=$(cd "$(dirname "$0")/.." && pwd)',
    'mkdir -p "$prefix/Cellar/hello/bin" "$prefix/var/homebrew/locks"',
    'test "$1 $2 $3" = "install --formula --"',
    "shift 3",
    `printf '#!/bin/sh\\necho %s by %s, told: %s\\n' "$prefix/Cellar/hello" "$(id -u)" "$*" > "$prefix/Cellar/hello/bin/hello-brew"`,
    'chmod 755 "$prefix/Cellar/hello/bin/hello-brew"',
    'ln -s ../Cellar/hello/bin/hello-brew "$prefix/bin/hello-brew"\n',
  ];
  const root = join(folder, "brew-HEAD", "bin");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "brew"), script.join("\n"), { mode: 0o755 });
  execFileSync("tar", ["-C", folder, "-czf", file, "brew-HEAD"]);
}
