/** What the authors of Debian's programs publish them as elsewhere, told a second time: see `CatalogRow.publishedAs`. */
const table = `
  python: awscli azure-cli ansible-core ansible-lint black borgbackup cookiecutter csvkit duplicity flake8 gallery-dl gcalcli
    glances httpie img2pdf ipython isort jc khal khard litecli magic-wormhole mycli mypy ocrmypdf pgcli pipx poetry
    pre-commit pylint pytest s3cmd sqlfluff sqlite-utils streamlink tox vdirsyncer virtualenv visidata weasyprint
    yamllint yq
  cargo: bat exa fd-find himalaya hyperfine ripgrep tealdeer zoxide
  go: filippo.io/age/cmd/age filippo.io/mkcert github.com/caddyserver/caddy/v2/cmd/caddy github.com/cli/cli/v2/cmd/gh
    github.com/gohugoio/hugo github.com/junegunn/fzf github.com/muesli/duf github.com/rclone/rclone
    github.com/restic/restic/cmd/restic github.com/tomnomnom/gron mvdan.cc/sh/v3/cmd/shfmt
`;

/** As `python black`. */
export const publishedNames: ReadonlySet<string> = new Set(
  table
    .split(/\n {2}(?! )/)
    .flatMap((line) => {
      const [kind = "", names = ""] = line.trim().split(": ");
      return names.split(/\s+/).map((name) => `${kind} ${name}`);
    })
    .filter((name) => name.trim() !== ""),
);
