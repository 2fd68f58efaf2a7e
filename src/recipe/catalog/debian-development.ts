import { aptRow, type CatalogRow, noneRow, useCommon } from "./catalog-row.ts";

/** Debian packages for developers: version control, checks, languages, containers. */
export const debianDevelopment: readonly CatalogRow[] = [
  aptRow("git", "git", "Debian's build of git"),
  aptRow("git-lfs", "git-lfs", "large files in git"),
  aptRow("gh", "gh", "Debian's build of GitHub's command line", {
    publishedAs: { go: "github.com/cli/cli/v2/cmd/gh" },
  }),
  aptRow("hub", "hub", "the older GitHub command line"),
  aptRow("tig", "tig", "git history in the terminal"),
  aptRow("git-extras", "git-extras git-summary", "more git commands"),
  aptRow("subversion", "svn svnadmin", "Subversion"),
  aptRow("mercurial", "hg", "Mercurial"),
  aptRow("fossil", "fossil", "Fossil"),
  aptRow("make", "make", "GNU make"),
  aptRow("cmake", "cmake", "CMake"),
  aptRow("ninja-build", "ninja", "the Ninja build system", { namedAs: { brew: ["ninja"], apt: ["ninja"] } }),
  aptRow("meson", "meson", "the Meson build system"),
  aptRow("pkgconf", "pkg-config pkgconf", "finds libraries", { namedAs: { apt: ["pkg-config"] } }),
  aptRow("patch", "patch", "applies differences"),
  aptRow("colordiff", "colordiff", "differences in colours"),
  aptRow("wdiff", "wdiff", "differences by words"),
  aptRow("shellcheck", "shellcheck", "checks shell scripts"),
  aptRow("shfmt", "shfmt", "formats shell scripts", { publishedAs: { go: "mvdan.cc/sh/v3/cmd/shfmt" } }),
  aptRow("bats", "bats", "tests in Bash", { namedAs: { brew: ["bats-core"] } }),
  aptRow("yamllint", "yamllint", "checks YAML", { publishedAs: { python: "yamllint" } }),
  aptRow("cloc", "cloc", "counts lines of code"),
  aptRow("sloccount", "sloccount", "counts lines of code"),
  aptRow("universal-ctags", "ctags", "indexes source code", {
    namedAs: { apt: ["ctags", "exuberant-ctags"] },
  }),
  aptRow("indent", "indent", "formats C", { namedAs: { brew: ["gnu-indent"] } }),
  aptRow("clang-format", "clang-format", "formats C and C++"),
  aptRow("cppcheck", "cppcheck", "checks C and C++"),
  aptRow("gdb", "gdb", "the GNU debugger"),
  aptRow("strace", "strace", "traces system calls"),
  aptRow("valgrind", "valgrind", "finds memory errors"),
  aptRow("hyperfine", "hyperfine", "measures commands", { publishedAs: { cargo: "hyperfine" } }),
  aptRow("protobuf-compiler", "protoc", "the protocol buffer compiler", { namedAs: { brew: ["protobuf"] } }),
  aptRow("python3", "python3", "Debian's Python", {
    namedAs: { brew: ["python", "python@3", "python@3.11", "python@3.12", "python@3.13"], apt: ["python"] },
  }),
  aptRow("python-is-python3", "python", "the name python for Debian's Python 3", {
    namedAs: { brew: ["python", "python@3.11", "python@3.12", "python@3.13"], apt: ["python", "python3"] },
  }),
  aptRow("python3-pip", "pip pip3", "pip for Debian's Python", {
    namedAs: { brew: ["python"], apt: ["pip", "python-pip"] },
  }),
  aptRow("pipx", "pipx", "Python tools in environments of their own", { publishedAs: { python: "pipx" } }),
  aptRow("python3-virtualenv", "virtualenv", "Python environments", {
    namedAs: { apt: ["virtualenv"] },
    publishedAs: { python: "virtualenv" },
  }),
  aptRow("python3-poetry", "poetry", "Python projects", {
    namedAs: { apt: ["poetry"] },
    publishedAs: { python: "poetry" },
  }),
  aptRow("ipython3", "ipython3 ipython", "an interactive Python, which Debian ships as ipython3", {
    links: { ipython: "/usr/bin/ipython3" },
    namedAs: { brew: ["ipython"], apt: ["ipython"] },
    publishedAs: { python: "ipython" },
  }),
  aptRow("python3-pytest", "pytest", "Python tests", {
    namedAs: { apt: ["pytest"] },
    publishedAs: { python: "pytest" },
  }),
  aptRow("black", "black", "formats Python", { publishedAs: { python: "black" } }),
  aptRow("isort", "isort", "sorts Python imports", { publishedAs: { python: "isort" } }),
  aptRow("flake8", "flake8", "checks Python", { publishedAs: { python: "flake8" } }),
  aptRow("pylint", "pylint", "checks Python", { publishedAs: { python: "pylint" } }),
  aptRow("mypy", "mypy", "checks Python types", { publishedAs: { python: "mypy" } }),
  aptRow("tox", "tox", "runs Python tests in environments", { publishedAs: { python: "tox" } }),
  aptRow("pre-commit", "pre-commit", "checks before each commit", { publishedAs: { python: "pre-commit" } }),
  aptRow("cookiecutter", "cookiecutter", "projects from templates", {
    publishedAs: { python: "cookiecutter" },
  }),
  aptRow("jupyter-nbconvert", "jupyter-nbconvert", "notebooks to other formats", {
    namedAs: { brew: ["nbconvert"] },
  }),
  aptRow("python3-httpx", "httpx", "Python's HTTP client", {
    confusedWith: "ProjectDiscovery's httpx, a Go program that probes web servers",
  }),
  aptRow("gunicorn", "gunicorn", "serves Python on the web"),
  aptRow("uvicorn", "uvicorn", "serves asynchronous Python on the web"),
  aptRow("python3-scrapy", "scrapy", "crawls the web"),
  aptRow("elixir", "elixir elixirc iex mix", "Elixir"),
  aptRow("leiningen", "lein", "Clojure projects"),
  aptRow("ruby", "ruby irb erb gem", "Debian's Ruby"),
  aptRow("ruby-bundler", "bundle bundler", "Ruby dependencies", {
    namedAs: { brew: ["ruby"], apt: ["bundler"] },
  }),
  aptRow("rake", "rake", "make for Ruby", { namedAs: { brew: ["ruby"] } }),
  aptRow("php-cli", "php", "Debian's PHP without a web server", { namedAs: { apt: ["php", "php8.2-cli"] } }),
  aptRow("composer", "composer", "PHP dependencies"),
  aptRow("lua5.4", "lua", "Debian's Lua", { namedAs: { apt: ["lua"] } }),
  aptRow("luajit", "luajit", "a fast Lua"),
  aptRow("tcl", "tclsh", "Tcl", { namedAs: { brew: ["tcl-tk"] } }),
  aptRow("default-jre-headless", "java", "Debian's Java runtime without a display", {
    namedAs: {
      brew: ["openjdk", "openjdk@17", "java", "temurin"],
      apt: [
        "default-jre",
        "openjdk-17-jre",
        "openjdk-17-jre-headless",
        "openjdk-17-jdk",
        "default-jdk",
        "java",
      ],
    },
  }),
  aptRow("default-jdk-headless", "javac jar", "Debian's Java development kit without a display", {
    namedAs: { brew: ["openjdk", "openjdk@17", "java", "temurin"], apt: ["default-jdk", "openjdk-17-jdk"] },
  }),
  aptRow("maven", "mvn", "Java projects"),
  aptRow("ansible-core", "ansible ansible-playbook", "Ansible's engine and commands", {
    namedAs: { apt: ["ansible"] },
    publishedAs: { python: "ansible-core" },
  }),
  aptRow("ansible-lint", "ansible-lint", "checks Ansible playbooks", {
    publishedAs: { python: "ansible-lint" },
  }),
  aptRow("docker.io", "docker", "Debian's Docker; its package docker is a dock for window managers", {
    namedAs: { brew: ["docker", "docker-desktop"], apt: ["docker", "docker-ce", "docker-ce-cli"] },
  }),
  aptRow("docker-compose", "docker-compose", "Compose as a program of its own"),
  aptRow("podman", "podman", "containers without a daemon"),
  aptRow("buildah", "buildah", "builds container images"),
  aptRow("skopeo", "skopeo", "copies container images"),
  aptRow("kubernetes-client", "kubectl", "Debian's build of the Kubernetes client", {
    namedAs: { brew: ["kubernetes-cli", "kubectl"], apt: ["kubectl"] },
  }),
  aptRow("awscli", "aws", "the AWS command line", { publishedAs: { python: "awscli" } }),
  aptRow("azure-cli", "az", "the Azure command line", { publishedAs: { python: "azure-cli" } }),
  aptRow("sassc", "sassc", "Sass to CSS"),
  noneRow("gcc g++ cc c++ clang", "a compiler: skills images hold none", {
    hint: useCommon,
    namedAs: { brew: ["gcc", "llvm"], apt: ["gcc", "g++", "clang", "build-essential"] },
  }),
  noneRow("go gofmt", "a compiler: skills images hold none", {
    hint: useCommon,
    namedAs: { brew: ["go", "golang"], apt: ["golang", "golang-go", "go", "gccgo-go"] },
  }),
  noneRow("cargo rustc rustup", "a compiler: skills images hold none", {
    hint: useCommon,
    namedAs: { brew: ["rust", "rustup", "rustup-init"], apt: ["cargo", "rustc", "rustup"] },
  }),
];
