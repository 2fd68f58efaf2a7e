import { type HandChecked, nothing } from "./hand-checked-pair.ts";

/** Pairs that Linux has nothing for, by the skill's own word or by the program's. */
export const pairsWithoutRecipe: readonly HandChecked[] = [
  // Another system, by the skill's own word
  ...[
    ["df", []],
    ["du", []],
    ["ps", []],
    ["top", []],
    ["osascript", []],
    ["system_profiler", []],
    ["xcrun", []],
    ["python3", ["manual (unsaid)"]],
    ["codexbar", ["brew steipete/tap/codexbar"]],
    ["codexmonitor", ["brew cocoanetics/tap/codexmonitor"]],
    ["grizzly", ["go github.com/tylerwince/grizzly/cmd/grizzly@latest"]],
    ["memo", ["brew antoniorodr/memo/memo"]],
    ["peekaboo", ["brew steipete/tap/peekaboo"]],
    ["remindctl", ["brew steipete/tap/remindctl"]],
    ["things", ["go github.com/ossianhempel/things3-cli/cmd/things@latest"]],
  ].map(
    ([bin, install]): HandChecked => ({
      bin: bin as string,
      install: install as string[],
      os: "darwin",
      right: "excluded",
      because: 'the skill declares os: ["darwin"]',
    }),
  ),

  // Nothing to install
  nothing(
    "activecampaign",
    [],
    "the skill's own program; on npm that name is a library for its API",
    "SKILL.md: its fields.json is kept out of git beside it, and no entry installs it; the npm package declares no command",
  ),
  nothing(
    "brew",
    [],
    "Homebrew is asked for as a thing to manage, not as a tool",
    "SKILL.md's description: a package manager for macOS; each task changes that machine",
  ),
  nothing(
    "cargo",
    [],
    "a compiler, which images for skills hold none of",
    "the layout of images: Rust is in the common image, where the command is present",
  ),
  nothing(
    "clippy",
    [],
    "published as source only: nothing names a version that could be pinned",
    "SKILL.md and the project's README: git clone, then bun run src/cli.ts",
  ),
  nothing(
    "dokku",
    [],
    "a server that owns its machine",
    "the project's installation guide: a fresh machine of its own, as root, with Docker, nginx and a domain",
  ),
  nothing(
    "mlx_whisper",
    ["pip mlx-whisper"],
    "it stands on MLX, made for Apple's processors",
    "SKILL.md's description: with MLX Whisper on Apple Silicon",
  ),
  nothing(
    "parakeet-mlx",
    ["uv parakeet-mlx"],
    "it stands on MLX, made for Apple's processors",
    "SKILL.md's description: for Apple Silicon",
  ),
  nothing(
    "powershell",
    [],
    "the name of Windows' own; PowerShell on Linux is called pwsh",
    "SKILL.md: hardware rules for the user's Windows; Microsoft's release files for Linux hold pwsh only",
  ),
  nothing(
    "systemctl",
    [],
    "it talks to systemd as the first process, and a sandbox runs none",
    "SKILL.md: it installs and starts a service of the host's systemd",
  ),
  nothing(
    "winamp.exe",
    [],
    "a Windows program",
    "SKILL.md: C:\\Program Files (x86)\\Winamp, or the same under Wine",
  ),
  nothing(
    "yfinance",
    [],
    "a Python library: it has no command",
    "SKILL.md runs python3 stock-price.py, which imports it; the package declares no scripts",
  ),
];
