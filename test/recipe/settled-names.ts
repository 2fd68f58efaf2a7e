/**
 * Where commands come from whose source no list can confirm: several Debian packages have a file of that name or only
 * an alternative makes it, npm or Python have one of that name beside Debian's, the registry lacks its package, it is
 * built from source or downloaded, or nothing here provides it. Each was settled by hand, from what the programs' authors say, and is told
 * a second time here: who changes a catalog row changes this, too.
 */
const table = `
  apt postgresql-client-15: psql pg_dump pg_restore
  apt mariadb-client: mariadb mysql
  apt make: make
  apt pkgconf: pkgconf
  apt universal-ctags: ctags
  apt gdb: gdb
  apt python3: python3
  apt ruby: gem
  apt php-cli: php
  apt lua5.4: lua
  apt luajit: luajit
  apt default-jre-headless: java
  apt default-jdk-headless: javac jar
  apt maven: mvn
  apt docker.io: docker
  none: gcc g++ cc c++ clang go gofmt cargo rustc magick systemctl journalctl mlx_whisper parakeet-mlx yfinance
     osascript open pbcopy pbpaste defaults launchctl mdfind sips plutil system_profiler caffeinate
     screencapture afplay xcrun xcodebuild swift simctl idb_companion say shortcuts memo remindctl grizzly
     things imsg peekaboo codexmonitor m1ddc blueutil mas terminal-notifier brew starlink clippy twurl
     powershell dokku telegram activecampaign gcloud tailscale ollama codexbar whisper-cli slopesniper-mcp slopesniper-api winamp.exe
     conda mamba micromamba huggingface-cli openclaw clawdbot moltbot google-chrome google-chrome-stable
     cursor-agent droid amp ngrok rustup
  apt pdftk-java: pdftk
  apt gnuplot-nox: gnuplot
  apt fd-find: fd
  apt bat: bat
  apt rename: rename
  apt p7zip-full: 7zr
  apt lzip: lzip
  apt borgbackup: borg
  apt imagemagick: convert identify mogrify composite montage compare
  apt mpg123: mpg123
  apt espeak: espeak
  apt inetutils-ftp: ftp
  apt inetutils-telnet: telnet
  apt netcat-openbsd: nc
  apt iputils-ping: ping
  apt iputils-arping: arping
  apt traceroute: traceroute
  apt mtr-tiny: mtr
  apt apache2-utils: htpasswd
  apt mailutils: mail
  apt profanity: profanity
  apt vim: vim
  apt vim-tiny: vi
  apt emacs-nox: emacs
  apt parallel: parallel
  apt figlet: figlet
  apt sudo: sudo
  apt taskwarrior: task
  apt yq: yq
  apt cron: crontab
  npm @bitwarden/cli: bw
  npm @foundry-rs/forge: forge
  npm @mariozechner/pi-coding-agent: pi
  npm @steipete/bird: bird
  npm @angular/cli: ng
  npm @google/clasp: clasp
  npm clawdhub: clawdhub
  npm esbuild: esbuild
  npm eslint: eslint
  npm http-server: http-server
  npm sass: sass
  npm terser: terser
  npm typescript: tsc
  npm wscat: wscat
  npm yarn: yarn yarnpkg
  python yt-dlp: yt-dlp
  npm anylist-cli: anylist
  npm clawflows: clawflows
  npm confluence-cli: confluence
  npm office-quotes-cli: office-quotes
  npm @nickchristensen/ppls: ppls
  npm railil: railil
  npm @mjrussell/resend-cli: resend
  npm todoist-ts-cli: todoist
  npm trimet-cli: trimet
  download https://github.com/steipete/camsnap/: camsnap
  download https://github.com/openclaw/goplaces/: goplaces
  download https://github.com/openclaw/gogcli/: gog
  download https://github.com/openclaw/spogo/: spogo
  download https://github.com/openclaw/discrawl/: discrawl
  download https://github.com/steipete/sag/: sag
  download https://github.com/Yakitrak/obsidian-cli/: obsidian-cli
  download https://github.com/openhue/openhue-cli/: openhue
  download https://github.com/ryanchen01/mcd-cn/: mcd-cn
  download https://github.com/tessro/picoleaf/: picoleaf
  download https://github.com/pimalaya/himalaya/: himalaya
  download https://github.com/anza-xyz/agave/: solana solana-keygen
  download https://github.com/treeline-money/treeline/: tl
  download https://github.com/joelkuijper/trein/: trein
  download https://cache.agilebits.com/: op
  download https://github.com/duckdb/duckdb/: duckdb
  download https://github.com/charmbracelet/glow/: glow
  download https://github.com/supabase/cli/: supabase
  download https://github.com/ankitpokhrel/jira-cli/: jira
  download https://releases.hashicorp.com/: terraform
  download https://github.com/superfly/flyctl/: flyctl fly
  download https://github.com/PowerShell/PowerShell/: pwsh
  go github.com/steipete/blucli/cmd/blu: blu
  go github.com/steipete/eightctl/cmd/eightctl: eightctl
  go github.com/steipete/gifgrep/cmd/gifgrep: gifgrep
  go github.com/steipete/ordercli/cmd/ordercli: ordercli
  go github.com/steipete/songsee/cmd/songsee: songsee
  go github.com/steipete/sonoscli/cmd/sonos: sonos
  go github.com/openclaw/wacli/cmd/wacli: wacli
  go github.com/johntheyoung/roadrunner/cmd/rr: rr
  go github.com/jverdi/plaid-cli: plaid-cli
  go github.com/Hyaxia/blogwatcher/cmd/blogwatcher: blogwatcher
  go github.com/go-task/task/v3/cmd/task: task
  go github.com/mikefarah/yq/v4: yq
  go github.com/jesseduffield/lazygit: lazygit
  go github.com/charmbracelet/gum: gum
  go github.com/tomwright/dasel/v2/cmd/dasel: dasel
  go github.com/digitalocean/doctl/cmd/doctl: doctl
  go helm.sh/helm/v3/cmd/helm: helm
  go github.com/derailed/k9s: k9s
  cargo rbw: rbw rbw-agent
  cargo spl-token-cli: spl-token
  cargo spotify_player: spotify_player
  cargo git-delta: delta
  cargo eza: eza
  cargo du-dust: dust
  cargo tokei: tokei
  cargo just: just
  cargo starship: starship
  cargo xh: xh
  cargo watchexec-cli: watchexec
  download https://github.com/cloudflare/cloudflared/: cloudflared
  download https://github.com/opentofu/opentofu/: tofu
  download https://github.com/denoland/deno/: deno
  download https://github.com/stripe/stripe-cli/: stripe
  download https://github.com/aquasecurity/trivy/: trivy
  download https://github.com/tsl0922/ttyd/: ttyd
  go github.com/nektos/act: act
  go gitlab.com/gitlab-org/cli/cmd/glab: glab
  go github.com/getsops/sops/v3/cmd/sops: sops
  go github.com/zricethezav/gitleaks/v8: gitleaks
  go sigs.k8s.io/kind: kind
  go sigs.k8s.io/kustomize/kustomize/v5: kustomize
  go github.com/stern/stern: stern
  go github.com/google/go-containerregistry/cmd/crane: crane
  go oras.land/oras/cmd/oras: oras
  go github.com/wagoodman/dive: dive
  go oss.terrastruct.com/d2: d2
  go github.com/fullstorydev/grpcurl/cmd/grpcurl: grpcurl
  go github.com/rs/curlie: curlie
  go github.com/nats-io/natscli/nats: nats
  go github.com/fiatjaf/nak: nak
  go github.com/xdevplatform/xurl: xurl
  cargo procs: procs
  cargo bottom: btm
  cargo ouch: ouch
  cargo zellij: zellij
  cargo nu: nu
  cargo typst-cli: typst
  cargo ast-grep: ast-grep
  cargo jless: jless
  cargo xsv: xsv
  cargo websocat: websocat
  npm jest: jest
  npm rollup: rollup
  npm ts-node: ts-node
  npm vite: vite
  npm zx: zx
  python b2: b2
  python instaloader: instaloader
  download https://github.com/argoproj/argo-cd/: argocd
  download https://github.com/99designs/aws-vault/: aws-vault
  download https://github.com/sigstore/cosign/: cosign
  download https://github.com/eksctl-io/eksctl/: eksctl
  download https://github.com/fluxcd/flux2/: flux
  download https://github.com/anchore/grype/: grype
  download https://github.com/anchore/syft/: syft
  download https://github.com/k3d-io/k3d/: k3d
  download https://github.com/kubernetes/minikube/: minikube
  download https://github.com/gruntwork-io/terragrunt/: terragrunt
  download https://github.com/terraform-linters/tflint/: tflint
  download https://github.com/trufflesecurity/trufflehog/: trufflehog
  download https://github.com/tsenart/vegeta/: vegeta
  download https://github.com/golangci/golangci-lint/: golangci-lint
  download https://github.com/grafana/k6/: k6
  download https://github.com/kopia/kopia/: kopia
  download https://github.com/hadolint/hadolint/: hadolint
  download https://github.com/arduino/arduino-cli/: arduino-cli
  download https://github.com/schollz/croc/: croc
  download https://github.com/getzola/zola/: zola
  download https://github.com/Orange-OpenSource/hurl/: hurl hurlfmt
  download https://github.com/AsamK/signal-cli/: signal-cli
  download https://github.com/smallstep/cli/: step
  download https://get.pulumi.com/: pulumi
  download https://releases.hashicorp.com/: vault consul nomad packer
  cargo mdbook: mdbook
  cargo jaq: jaq
  cargo htmlq: htmlq
  cargo navi: navi
  cargo gitui: gitui
  go github.com/rhysd/actionlint/cmd/actionlint: actionlint
  go github.com/peak/s5cmd/v2: s5cmd
  go github.com/charmbracelet/mods: mods
  go github.com/charmbracelet/freeze: freeze
  go github.com/maaslalani/slides: slides
  python piper-tts: piper
`;

/** `command from package` as `settledKey` writes it, for each line. */
export const settledNames: ReadonlySet<string> = new Set(
  table
    .trim()
    .split(/\n {2}(?=\S)/)
    .flatMap((row) => {
      const [, source = "", bins = ""] = /^(.+?): +([^:]+)$/s.exec(row.trim()) ?? [];
      return bins.split(/\s+/).map((bin) => `${bin} from ${source}`);
    }),
);
