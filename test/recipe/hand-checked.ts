/**
 * What each command that real skills declare should come from on Linux, judged pair by pair from what the programs' own
 * authors publish, before the resolver was asked. A pair is a command with the install entries that can be for it.
 */
export interface HandChecked {
  readonly bin: string;
  /**
   * Each entry as `kind name…`, in the order of the skill; in brackets the one system that it is for, and `unsaid` where
   * it does not say which commands it gives.
   */
  readonly install: readonly string[];
  /** The skill's homepage, where only that tells which program is meant. */
  readonly homepage?: string;
  /** The only system of the skill, where that is not Linux. */
  readonly os?: "darwin";
  /**
   * `apt fd-find`: a recipe's kind and package · `present`: every Debian image has it · `excluded`: the skill is for
   * another system · null: Linux cannot have it, or nobody publishes it.
   */
  readonly right: string | null;
  /** Why that is right. */
  readonly because: string;
  /** For null: where it can be read that there is nothing. */
  readonly evidence?: string;
}

const asked = "the npm registry, asked by that name on 2026-11-22, answers that there is no such package";

export const handChecked: readonly HandChecked[] = [
  // Shell and system tools
  ...debian("curl wget jq git rsync tmux bc units calcurse gh ffmpeg", "Debian's package of the same name"),
  debianAs("rg", "ripgrep", "ripgrep's command, Debian's package"),
  debianAs("ssh", "openssh-client", "OpenSSH's client"),
  debianAs(
    "php",
    "php-cli",
    "PHP for the command line; php itself is an empty package that would bring a web server's",
  ),
  debianAs("mysql", "mariadb-client", "bookworm has no MySQL; its client of that name is MariaDB's"),
  debianAs("xvfb-run", "xvfb", "a script of Debian's xvfb"),
  debianAs("docker", "docker.io", "Debian's Docker; its package docker is a dock for window managers"),
  debianAs(
    "python",
    "python-is-python3",
    "Debian ships no python but by this package; the skills mean Python 3",
  ),
  debianAs("python3", "python3", "Debian's own Python"),
  row("python3", ["brew python"], "apt python3", "Homebrew's python is CPython, as Debian's python3 is"),
  row(
    "python3",
    ["pip yfinance (unsaid)"],
    "apt python3",
    "the entry brings a library for it, not the interpreter",
  ),
  row(
    "fd",
    ["brew fd", "apt fd-find"],
    "apt fd-find",
    "the entry for Debian names it; its command is fdfind there",
  ),
  row("fzf", ["brew fzf", "apt fzf"], "apt fzf", "the entry for Debian names it"),
  row("khal", ["apt vdirsyncer khal"], "apt khal", "the entry names one package for each of two commands"),
  row(
    "vdirsyncer",
    ["apt vdirsyncer khal"],
    "apt vdirsyncer",
    "the entry names one package for each of two commands",
  ),
  row("ffmpeg", ["brew ffmpeg"], "apt ffmpeg", "Homebrew's formula is FFmpeg, as Debian's package is"),
  row(
    "ffmpeg",
    ["brew ffmpeg", "shell (unsaid)"],
    "apt ffmpeg",
    "Homebrew's formula is FFmpeg; the other entry installs Whisper",
  ),
  row("rclone", ["shell (unsaid)"], "apt rclone", "the entry pipes a script into a shell; Debian has rclone"),
  row("date", [], "present", "coreutils, which Debian cannot do without"),
  row("tar", [], "present", "tar, which Debian cannot do without"),

  // Node and what npm carries
  row(
    "node",
    [],
    "node node",
    "Node.js; Debian's is too old for these skills, its ax25-node is a radio program",
  ),
  row("node", ["shell (unsaid)"], "node node", "the entry runs npm inside the skill; the command is Node.js"),
  row("npm", ["shell (unsaid)"], "node node", "npm comes with Node.js"),
  row("npx", [], "node node", "npx comes with Node.js"),
  row("npx", ["brew node"], "node node", "Homebrew's node brings npx, as Node.js does"),
  npm("claude", "@anthropic-ai/claude-code", "Anthropic's own package of Claude Code"),
  npm("codex", "@openai/codex", "OpenAI's own package of Codex"),
  npm("opencode", "opencode-ai", "opencode's own package"),
  npm(
    "pi",
    "@mariozechner/pi-coding-agent",
    "beside claude, codex and opencode it is the coding agent, not Debian's digits of π",
  ),
  npm("bird", "@steipete/bird", "the X client that the skill describes; Debian's bird routes packets"),
  row(
    "bird",
    ["brew steipete/tap/bird (darwin)", "node @steipete/bird"],
    "npm @steipete/bird",
    "the entry for every system names it",
  ),
  npm("mcporter", "mcporter", "MCPorter's own package"),
  row("mcporter", ["node mcporter"], "npm mcporter", "the entry names it"),
  row("oracle", ["node @steipete/oracle"], "npm @steipete/oracle", "the entry names it"),
  row("clawhub", ["node clawhub"], "npm clawhub", "the entry names it"),
  row("clawdhub", ["node clawdhub"], "npm clawdhub", "the entry names it"),
  row("sf", ["node @salesforce/cli"], "npm @salesforce/cli", "the entry names it"),
  row(
    "vibetunnel",
    ["node vibetunnel"],
    "npm vibetunnel",
    "the entry names it; it runs on Linux as a server",
  ),
  row(
    "neonctl",
    ["brew neonctl", "node neonctl"],
    "npm neonctl",
    "both entries are Neon's client; npm's is the one for Linux",
  ),
  row(
    "gemini",
    ["brew gemini-cli"],
    "npm @google/gemini-cli",
    "Homebrew's formula installs Google's npm package",
  ),
  row(
    "brv",
    ["node @byterover/cli"],
    "npm byterover-cli",
    "ByteRover publishes its command under this name; the declared one does not exist",
  ),
  row(
    "bw",
    ["npm @bitwarden/cli", "brew bitwarden-cli", "choco bitwarden-cli"],
    "npm @bitwarden/cli",
    "all three are Bitwarden's client",
  ),
  npm("beestat", "beestat-cli", "the author of the skill publishes it under this name"),
  row(
    "cast",
    ["shell"],
    "npm @foundry-rs/cast",
    "the entry installs Foundry, which publishes its tools on npm too, for both processors",
  ),
  notOnNpm("anylist", [], "anylist-cli"),
  notOnNpm("clawflows", ["node clawflows"], "clawflows"),
  notOnNpm("confluence", ["node confluence-cli"], "confluence-cli"),
  notOnNpm("office-quotes", ["node office-quotes-cli"], "office-quotes-cli"),
  notOnNpm("ppls", ["node @nickchristensen/ppls"], "@nickchristensen/ppls"),
  notOnNpm("railil", ["node railil"], "railil"),
  notOnNpm("resend", [], "@mjrussell/resend-cli"),
  notOnNpm("telegram", [], "supertelegram"),
  notOnNpm("todoist", [], "todoist-ts-cli"),
  notOnNpm("trimet", [], "trimet-cli"),

  // Python tools
  row("uv", [], "python uv", "Astral's own package; bookworm has none"),
  row("uv", ["brew uv"], "python uv", "Homebrew's formula is Astral's uv"),
  row("nano-pdf", ["uv nano-pdf"], "python nano-pdf", "the entry names it"),
  row(
    "whisper",
    ["brew openai-whisper"],
    "python openai-whisper",
    "Homebrew's formula installs OpenAI's Python package",
  ),
  row("whisper", ["shell (unsaid)"], "python openai-whisper", "the entry runs pip for OpenAI's package"),
  row(
    "hass-cli",
    ["brew homeassistant-cli"],
    "python homeassistant-cli",
    "Homebrew's formula installs this Python package",
  ),
  row("ggshield", [], "python ggshield", "GitGuardian's own package"),
  row("fitbit-cli", [], "python fitbit-cli", "its options are those that the skill explains"),
  row("yt-dlp", [], "python yt-dlp", "web sites change monthly: Debian's of 2023 no longer works with most"),
  row(
    "yt-dlp",
    ["brew yt-dlp", "shell (unsaid)"],
    "python yt-dlp",
    "Homebrew's formula follows the same releases as the Python package",
  ),
  row("yt-dlp", ["pip yt-dlp"], "python yt-dlp", "the entry names it"),

  // Go modules and release files
  ...[
    ["blu", "github.com/steipete/blucli/cmd/blu"],
    ["eightctl", "github.com/steipete/eightctl/cmd/eightctl"],
    ["ordercli", "github.com/steipete/ordercli/cmd/ordercli"],
    ["sonos", "github.com/steipete/sonoscli/cmd/sonos"],
  ].map(([bin = "", path = ""]) =>
    row(bin, [`go ${path}@latest`], `go ${path}`, "the entry names the author's command"),
  ),
  row(
    "plaid-cli",
    ["go github.com/jverdi/plaid-cli@0.0.2"],
    "go github.com/jverdi/plaid-cli",
    "the author's own module; its tag has no v in front",
  ),
  row(
    "gifgrep",
    ["brew steipete/tap/gifgrep", "go github.com/steipete/gifgrep/cmd/gifgrep@latest"],
    "go github.com/steipete/gifgrep/cmd/gifgrep",
    "both entries are one program; Go's is the one for Linux",
  ),
  row(
    "ordercli",
    ["brew steipete/tap/ordercli", "go github.com/steipete/ordercli/cmd/ordercli@latest"],
    "go github.com/steipete/ordercli/cmd/ordercli",
    "both entries are one program; Go's is the one for Linux",
  ),
  row(
    "rr",
    ["brew johntheyoung/tap/roadrunner", "go github.com/johntheyoung/roadrunner/cmd/rr@latest"],
    "go github.com/johntheyoung/roadrunner/cmd/rr",
    "both entries are Roadrunner; Debian's rr is a debugger",
  ),
  row(
    "wacli",
    ["brew steipete/tap/wacli", "go github.com/steipete/wacli/cmd/wacli@latest"],
    "go github.com/openclaw/wacli/cmd/wacli",
    "the project moved, and since v0.10.0 its module says so: by the old path the newest can no longer be installed",
  ),
  row(
    "songsee",
    ["brew steipete/tap/songsee"],
    "go github.com/steipete/songsee/cmd/songsee",
    "the formula builds this command; no release files for Linux",
  ),
  release("camsnap", ["brew steipete/tap/camsnap"], "github.com/steipete/camsnap"),
  release("goplaces", [], "github.com/openclaw/goplaces"),
  release("goplaces", ["brew steipete/tap/goplaces"], "github.com/openclaw/goplaces"),
  release("himalaya", ["brew himalaya"], "github.com/pimalaya/himalaya"),
  release("mcd-cn", ["brew ryanchen01/tap/mcd-cn"], "github.com/ryanchen01/mcd-cn"),
  release("obsidian-cli", ["brew yakitrak/yakitrak/obsidian-cli"], "github.com/Yakitrak/obsidian-cli"),
  release("openhue", ["brew openhue/cli/openhue-cli"], "github.com/openhue/openhue-cli"),
  release("picoleaf", ["brew paulrosania/command-home/picoleaf", "shell"], "github.com/tessro/picoleaf"),
  release("sag", ["brew steipete/tap/sag"], "github.com/steipete/sag"),
  release("spogo", ["brew steipete/tap/spogo"], "github.com/openclaw/spogo"),
  release("solana", [], "github.com/anza-xyz/agave"),
  release("solana", ["shell"], "github.com/anza-xyz/agave"),
  {
    ...release("tl", [], "github.com/treeline-money/treeline"),
    homepage: "https://treeline.money",
    because:
      "Teal's compiler has the same name, but the skill's homepage is Treeline's, whose author publishes this file",
  },
  row(
    "trein",
    [
      "node trein",
      "download https://github.com/joelkuijper/trein/releases/latest/download/trein-darwin-arm64 (darwin)",
      "download https://github.com/joelkuijper/trein/releases/latest/download/trein-darwin-x64 (darwin)",
      "download https://github.com/joelkuijper/trein/releases/latest/download/trein-linux-x64 (linux)",
    ],
    "download https://github.com/joelkuijper/trein/releases/latest/download/trein-linux-x64",
    "the author's file for Linux on amd64; the npm package is not in the registry",
  ),

  // Crates and gems
  row(
    "rbw",
    [],
    "cargo rbw",
    "the author's crate, which brings the agent too; its release files are for amd64 only",
  ),
  row("spl-token", [], "cargo spl-token-cli", "Solana's own crate for tokens"),
  row(
    "spotify_player",
    ["brew spotify_player"],
    "cargo spotify_player",
    "the author's crate; the release files want a newer C library than bookworm's",
  ),
  row(
    "starlink",
    ["cargo"],
    "cargo-git github.com/danfedick/starlink-cli",
    "the entry names a git repository, and no crate is published",
  ),
  row("twurl", ["gem twurl"], "gem twurl", "the entry names a Ruby gem"),

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

function row(bin: string, install: readonly string[], right: string, because: string): HandChecked {
  return { bin, install, right, because };
}

function debian(bins: string, because: string): HandChecked[] {
  return bins.split(" ").map((bin) => row(bin, [], `apt ${bin}`, because));
}

function debianAs(bin: string, name: string, because: string): HandChecked {
  return row(bin, [], `apt ${name}`, because);
}

function npm(bin: string, name: string, because: string): HandChecked {
  return row(bin, [], `npm ${name}`, because);
}

/** By its project: which of the release files is the one for the platform is the resolver's to know. */
function release(bin: string, install: readonly string[], project: string): HandChecked {
  return row(bin, install, `download https://${project}/`, "the author's release file for Linux");
}

function notOnNpm(bin: string, install: readonly string[], name: string): HandChecked {
  return nothing(bin, install, `its author's instructions name ${name} on npm`, `${name}: ${asked}`);
}

function nothing(bin: string, install: readonly string[], because: string, evidence: string): HandChecked {
  return { bin, install, right: null, because, evidence };
}
