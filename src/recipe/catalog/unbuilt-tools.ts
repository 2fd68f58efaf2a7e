import { type CatalogRow, noneRow } from "./catalog-row.ts";

/** Programs whose authors publish them in ways that this version does not build: Go, Rust, Ruby, release files. */
export const unbuiltTools: readonly CatalogRow[] = [
  // Go
  go("blu", "github.com/steipete/blucli/cmd/blu", "steipete/tap/blucli"),
  go("camsnap", "github.com/steipete/camsnap/cmd/camsnap", "steipete/tap/camsnap"),
  go("eightctl", "github.com/steipete/eightctl/cmd/eightctl", "steipete/tap/eightctl"),
  go("gifgrep", "github.com/steipete/gifgrep/cmd/gifgrep", "steipete/tap/gifgrep"),
  go("gog", "github.com/steipete/gogcli/cmd/gog", "steipete/tap/gogcli"),
  go("goplaces", "github.com/steipete/goplaces/cmd/goplaces", "steipete/tap/goplaces"),
  go("ordercli", "github.com/steipete/ordercli/cmd/ordercli", "steipete/tap/ordercli"),
  go("sag", "github.com/steipete/sag/cmd/sag", "steipete/tap/sag"),
  go("songsee", "github.com/steipete/songsee/cmd/songsee", "steipete/tap/songsee"),
  go("sonos", "github.com/steipete/sonoscli/cmd/sonos", "steipete/tap/sonoscli"),
  go("spogo", "github.com/steipete/spogo/cmd/spogo", "steipete/tap/spogo", "spogo"),
  go("wacli", "github.com/steipete/wacli/cmd/wacli", "steipete/tap/wacli"),
  go("obsidian-cli", "github.com/yakitrak/obsidian-cli", "yakitrak/yakitrak/obsidian-cli"),
  go("openhue", "github.com/openhue/openhue-cli", "openhue/cli/openhue-cli"),
  go("picoleaf", "github.com/tessro/picoleaf", "paulrosania/command-home/picoleaf"),
  go("plaid-cli", "github.com/jverdi/plaid-cli"),
  noneRow("rr", "Roadrunner's rr is a Go program; Debian's rr is a debugger of another project", {
    namedAs: {
      brew: ["johntheyoung/tap/roadrunner"],
      go: ["github.com/johntheyoung/roadrunner/cmd/rr"],
      apt: ["rr"],
    },
  }),
  noneRow("task", "Task (go-task) is a Go program, which this version does not build", {
    onlyWhenNamed: true,
    namedAs: { brew: ["go-task", "go-task/tap/go-task"], go: ["github.com/go-task/task/v3/cmd/task"] },
  }),
  noneRow("yq", "mikefarah/yq is a Go program, which this version does not build", {
    onlyWhenNamed: true,
    hint: "Debian's yq takes jq's language: write apt yq in install if that is meant",
    namedAs: { brew: ["yq"], go: ["github.com/mikefarah/yq/v4", "github.com/mikefarah/yq"] },
  }),
  go("lazygit", "github.com/jesseduffield/lazygit"),
  go("glow", "github.com/charmbracelet/glow", "glow"),
  go("gum", "github.com/charmbracelet/gum", "gum"),
  go("dasel", "github.com/tomwright/dasel/v2/cmd/dasel", "dasel"),
  go("doctl", "github.com/digitalocean/doctl/cmd/doctl", "doctl"),
  go("flyctl fly", "github.com/superfly/flyctl", "flyctl"),
  go("terraform", "github.com/hashicorp/terraform", "hashicorp/tap/terraform"),
  go("helm", "helm.sh/helm/v3/cmd/helm", "helm"),
  go("k9s", "github.com/derailed/k9s", "derailed/k9s/k9s"),

  // Rust
  crate("himalaya", "himalaya"),
  crate("spotify_player", "spotify_player"),
  crate("rbw", "rbw"),
  crate("spl-token", "spl-token-cli"),
  crate("delta", "git-delta", "git-delta"),
  crate("eza", "eza"),
  crate("dust", "du-dust", "dust"),
  crate("tokei", "tokei"),
  crate("just", "just"),
  crate("starship", "starship"),
  crate("xh", "xh"),
  crate("watchexec", "watchexec-cli", "watchexec"),
  noneRow("starlink", "starlink-cli is a Rust program that its author publishes as a git repository only"),

  // Ruby
  noneRow("twurl", "twurl is a Ruby gem, which this version does not build", {
    namedAs: { brew: ["twurl"] },
  }),

  // Release files, installers and source repositories
  noneRow(
    "op",
    "1Password's CLI comes from its vendor's own download; the op that Debian had manages privileges",
    {
      namedAs: { brew: ["1password-cli"], apt: ["op", "1password-cli"] },
    },
  ),
  noneRow("cast forge anvil chisel", "Foundry publishes release files only", {
    namedAs: { brew: ["foundry"] },
  }),
  noneRow("solana solana-keygen", "the Solana tools are published as release files only", {
    namedAs: { brew: ["solana"] },
  }),
  noneRow(
    "powershell pwsh",
    "PowerShell is published as release files only; powershell is its name on Windows",
    {
      namedAs: { brew: ["powershell"] },
    },
  ),
  noneRow("tl", "Treeline's CLI comes from its vendor's installer"),
  noneRow("dokku", "Dokku is a server that owns its machine: it needs a host, not a sandbox", {
    hint: "Let such a skill run on the host",
  }),
  noneRow("clippy", "this Microsoft 365 client is published as a git repository; Rust's clippy is a linter", {
    namedAs: { cargo: ["clippy"] },
  }),
  noneRow("telegram", "supertelegram is not in Debian or npm; Debian's telegram-desktop is a chat program", {
    namedAs: { apt: ["telegram-desktop"] },
  }),
  noneRow("activecampaign", "nobody publishes this command; the npm package of that name is a library", {
    namedAs: { npm: ["activecampaign"] },
  }),
  noneRow("gcloud", "Google Cloud's CLI comes from its vendor's own download", {
    namedAs: { brew: ["google-cloud-sdk", "gcloud-cli"] },
  }),
  noneRow("duckdb", "DuckDB's shell is published as release files only"),
  noneRow("tailscale", "Tailscale comes from its vendor's own package repository"),
  noneRow("ollama", "Ollama is published as release files only"),
  noneRow("mcd-cn", "its author publishes it through a Homebrew tap", {
    namedAs: { brew: ["ryanchen01/tap/mcd-cn"] },
  }),
  noneRow("winamp.exe", "a Windows program", { hint: 'Declare os: ["win32"] in SKILL.md' }),
];

function go(bins: string, module: string, ...formulas: readonly string[]): CatalogRow {
  return noneRow(bins, `its author publishes a Go module (${module}), which this version does not build`, {
    namedAs: { go: [module], brew: formulas },
  });
}

function crate(bins: string, name: string, ...formulas: readonly string[]): CatalogRow {
  return noneRow(bins, `its author publishes a crate (${name}), which this version does not build`, {
    namedAs: { cargo: [name], brew: formulas },
  });
}
