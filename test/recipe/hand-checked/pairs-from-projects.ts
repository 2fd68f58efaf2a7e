import { type HandChecked, release, row } from "./hand-checked-pair.ts";

/** Pairs whose commands come from their projects: modules, crates, release files. */
export const pairsFromProjects: readonly HandChecked[] = [
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
];
