import { type CatalogRow, cargoRow, goRow } from "./catalog-row.ts";

/** Programs whose authors publish Go modules or crates: they are built from source. */
export const sourceTools: readonly CatalogRow[] = [
  // Go
  goRow("github.com/steipete/blucli/cmd/blu", "blu", "BluOS players; its author's own module", {
    version: "v0.1.5",
    namedAs: { brew: ["steipete/tap/blucli"] },
  }),
  goRow(
    "github.com/steipete/eightctl/cmd/eightctl",
    "eightctl",
    "Eight Sleep pods; its author's own module",
    {
      version: "v0.0.0-20260713021800-e05b8da853b9",
      namedAs: { brew: ["steipete/tap/eightctl"] },
      versionArgs: { eightctl: ["version"] },
    },
  ),
  goRow("github.com/steipete/gifgrep/cmd/gifgrep", "gifgrep", "GIF search; its author's own module", {
    version: "v0.3.0",
    namedAs: { brew: ["steipete/tap/gifgrep"] },
  }),
  goRow("github.com/steipete/ordercli/cmd/ordercli", "ordercli", "food orders; its author's own module", {
    version: "v0.1.0",
    namedAs: { brew: ["steipete/tap/ordercli"] },
    versionArgs: { ordercli: ["--help"] },
  }),
  goRow("github.com/steipete/songsee/cmd/songsee", "songsee", "pictures of sound; its author's own module", {
    version: "v0.1.0",
    namedAs: { brew: ["steipete/tap/songsee"] },
  }),
  goRow("github.com/steipete/sonoscli/cmd/sonos", "sonos", "Sonos speakers; its author's own module", {
    version: "v0.3.4",
    namedAs: { brew: ["steipete/tap/sonoscli"] },
  }),
  goRow(
    "github.com/openclaw/wacli/cmd/wacli",
    "wacli",
    "WhatsApp; the module moved here, and says so since v0.10",
    {
      version: "v0.12.0",
      namedAs: {
        brew: ["steipete/tap/wacli", "openclaw/tap/wacli"],
        go: ["github.com/steipete/wacli/cmd/wacli"],
      },
    },
  ),
  goRow("github.com/johntheyoung/roadrunner/cmd/rr", "rr", "Beeper's chats; Debian's rr is a debugger", {
    version: "v0.9.0",
    namedAs: { brew: ["johntheyoung/tap/roadrunner"], apt: ["rr"] },
    versionArgs: { rr: ["version"] },
  }),
  goRow("github.com/jverdi/plaid-cli", "plaid-cli", "Plaid's accounts; its author's own module"),
  goRow("github.com/Hyaxia/blogwatcher/cmd/blogwatcher", "blogwatcher", "blogs; its author's own module", {
    version: "v0.0.3",
  }),
  goRow("github.com/go-task/task/v3/cmd/task", "task", "Task, which runs Taskfile.yml", {
    version: "v3.39.2",
    onlyWhenNamed: true,
    namedAs: { brew: ["go-task", "go-task/tap/go-task"] },
    homepages: ["taskfile.dev", "github.com/go-task/task"],
  }),
  goRow("github.com/mikefarah/yq/v4", "yq", "mikefarah's yq, with a language of its own", {
    version: "v4.44.3",
    onlyWhenNamed: true,
    namedAs: { brew: ["yq"], go: ["github.com/mikefarah/yq"] },
    homepages: ["mikefarah.gitbook.io/yq", "github.com/mikefarah/yq"],
  }),
  goRow("github.com/jesseduffield/lazygit", "lazygit", "git in the terminal", {
    version: "v0.44.1",
    namedAs: { brew: ["jesseduffield/lazygit/lazygit"] },
  }),
  goRow("github.com/charmbracelet/gum", "gum", "dialogs for shell scripts", {
    version: "v0.14.5",
    namedAs: { brew: ["charmbracelet/tap/gum"] },
  }),
  goRow("github.com/tomwright/dasel/v2/cmd/dasel", "dasel", "selects from JSON, YAML, TOML and XML", {
    version: "v2.8.1",
  }),
  goRow("github.com/digitalocean/doctl/cmd/doctl", "doctl", "DigitalOcean's own module", {
    version: "v1.115.0",
    versionArgs: { doctl: ["version"] },
  }),
  goRow("helm.sh/helm/v3/cmd/helm", "helm", "Kubernetes charts; the project's own module", {
    version: "v3.16.2",
    namedAs: { brew: ["helm", "kubernetes-helm"] },
    versionArgs: { helm: ["version"] },
  }),
  goRow("github.com/derailed/k9s", "k9s", "Kubernetes in the terminal", {
    version: "v0.32.5",
    namedAs: { brew: ["derailed/k9s/k9s"] },
    versionArgs: { k9s: ["version"] },
  }),
  goRow("github.com/nektos/act", "act", "GitHub's workflows; the act of Debian's artemis compares genomes", {
    version: "v0.2.69",
  }),
  goRow("gitlab.com/gitlab-org/cli/cmd/glab", "glab", "GitLab's own module", { version: "v1.47.0" }),
  goRow("github.com/getsops/sops/v3/cmd/sops", "sops", "encrypted settings", { version: "v3.9.1" }),
  goRow("github.com/zricethezav/gitleaks/v8", "gitleaks", "finds secrets in repositories", {
    version: "v8.21.2",
    versionArgs: { gitleaks: ["version"] },
  }),
  goRow("sigs.k8s.io/kind", "kind", "Kubernetes in containers", { version: "v0.25.0" }),
  goRow("sigs.k8s.io/kustomize/kustomize/v5", "kustomize", "Kubernetes manifests", {
    version: "v5.5.0",
    versionArgs: { kustomize: ["version"] },
  }),
  goRow("github.com/stern/stern", "stern", "logs of Kubernetes pods", { version: "v1.31.0" }),
  goRow("github.com/google/go-containerregistry/cmd/crane", "crane", "container registries", {
    version: "v0.20.2",
    versionArgs: { crane: ["version"] },
  }),
  goRow("oras.land/oras/cmd/oras", "oras", "artifacts in container registries", {
    version: "v1.2.0",
    versionArgs: { oras: ["version"] },
  }),
  goRow("github.com/wagoodman/dive", "dive", "looks into layers of images", { version: "v0.12.0" }),
  goRow("oss.terrastruct.com/d2", "d2", "diagrams from text", { version: "v0.6.7" }),
  goRow("github.com/fullstorydev/grpcurl/cmd/grpcurl", "grpcurl", "curl for gRPC", { version: "v1.9.1" }),
  goRow("github.com/rs/curlie", "curlie", "curl with httpie's manners", {
    version: "v1.7.2",
    versionArgs: { curlie: ["version"] },
  }),
  goRow("github.com/nats-io/natscli/nats", "nats", "the NATS client", {
    version: "v0.1.5",
    namedAs: { brew: ["nats-io/nats-tools/nats"] },
  }),
  goRow("github.com/xdevplatform/xurl", "xurl", "X's own module for its API", {
    namedAs: { brew: ["xdevplatform/tap/xurl"], npm: ["@xdevplatform/xurl"] },
    versionArgs: { xurl: ["version"] },
  }),
  goRow("github.com/fiatjaf/nak", "nak", "Nostr; its author's own module"),

  goRow("github.com/rhysd/actionlint/cmd/actionlint", "actionlint", "checks GitHub's workflows", {
    version: "v1.7.4",
  }),
  goRow("github.com/peak/s5cmd/v2", "s5cmd", "S3 storage; its project's own module", {
    version: "v2.2.2",
    namedAs: { brew: ["peak/tap/s5cmd"] },
    versionArgs: { s5cmd: ["version"] },
  }),
  goRow("github.com/charmbracelet/mods", "mods", "language models in pipes", {
    version: "v1.7.0",
    namedAs: { brew: ["charmbracelet/tap/mods"] },
  }),
  goRow("github.com/charmbracelet/freeze", "freeze", "pictures of code", {
    version: "v0.1.6",
    namedAs: { brew: ["charmbracelet/tap/freeze"] },
  }),
  goRow("github.com/maaslalani/slides", "slides", "slides in the terminal", { version: "v0.9.0" }),

  // Rust
  cargoRow("rbw", "rbw rbw-agent", "Bitwarden without a browser; its author's own crate", {
    version: "1.15.0",
    debian: ["pinentry-tty"],
  }),
  cargoRow("spl-token-cli", "spl-token", "Solana's own crate for tokens", {
    version: "5.6.1",
    debian: ["libudev1"],
  }),
  cargoRow("spotify_player", "spotify_player", "Spotify in the terminal; its author's own crate", {
    version: "0.20.4",
    debian: ["libasound2", "libdbus-1-3"],
  }),
  cargoRow("git-delta", "delta", "differences in colours", { version: "0.18.2" }),
  cargoRow("eza", "eza", "a modern ls", { version: "0.20.0" }),
  cargoRow("du-dust", "dust", "a modern du", { version: "1.1.1" }),
  cargoRow("tokei", "tokei", "counts lines of code", { version: "12.1.2" }),
  cargoRow("just", "just", "runs recipes of a justfile", { version: "1.36.0" }),
  cargoRow("starship", "starship", "a prompt for any shell", { version: "1.21.1" }),
  cargoRow("xh", "xh", "HTTP requests", { version: "0.23.0" }),
  cargoRow("watchexec-cli", "watchexec", "runs a command when files change", {
    version: "2.2.0",
    namedAs: { brew: ["watchexec"] },
  }),
  cargoRow("procs", "procs", "a modern ps", { version: "0.14.8" }),
  cargoRow("bottom", "btm", "a system monitor", { version: "0.10.2" }),
  cargoRow("ouch", "ouch", "any archive", { version: "0.5.1" }),
  cargoRow("zellij", "zellij", "a terminal multiplexer", { version: "0.41.1" }),
  cargoRow("nu", "nu", "Nushell", { version: "0.99.1", namedAs: { brew: ["nushell"] } }),
  cargoRow("typst-cli", "typst", "documents from markup", { version: "0.12.0" }),
  cargoRow("ast-grep", "ast-grep", "searches syntax trees", { version: "0.30.0" }),
  cargoRow("mdbook", "mdbook", "books from Markdown; its project's own crate", { version: "0.4.40" }),
  cargoRow("jaq", "jaq", "jq's language again; its author's own crate", { version: "1.6.0" }),
  cargoRow("htmlq", "htmlq", "CSS selectors for HTML; its author's own crate", { version: "0.4.0" }),
  cargoRow("navi", "navi", "cheat sheets; its author's own crate", { version: "2.23.0" }),
  cargoRow("gitui", "gitui", "git in the terminal; its author's own crate", { version: "0.26.3" }),
  cargoRow("jless", "jless", "reads JSON in the terminal", { version: "0.9.0" }),
  cargoRow("xsv", "xsv", "CSV tools", { version: "0.13.0" }),
  cargoRow("websocat", "websocat", "WebSockets in the terminal", { version: "1.14.0" }),
];
