/** What `init` writes: every section with its meaning and an example that has no effect until it is uncommented. */
export const overlayTemplate = `{
  /* Editors complete and check this file by its schema. */
  $schema: "./node_modules/skillcrate/schema/skillcrate.schema.json",

  /*
   * Corrections of single skills, by the name in their SKILL.md or by a pattern such as "notes-*".
   * What stands here comes before what the skill itself says.
   */
  skills: {
    // "pdf-tools": {
    //   /* What the skill needs besides what it declares: commands, and libraries as programs import them. */
    //   requires: {
    //     bins: ["qpdf"],
    //     anyBins: ["pdftotext", "mutool"],
    //     python: ["pypdf", { import: "docx", package: "python-docx", version: ">=1.1" }],
    //     node: ["pdf-lib"],
    //   },
    //   /* Where its commands come from. */
    //   install: [{ kind: "apt", package: "poppler-utils", bins: ["pdftotext"] }],
    //   /* What it declares, or seems to use, and does not need. */
    //   ignore: { bins: ["brew"], python: ["AppKit"] },
    // },
  },

  /* Where a command comes from, whichever skill requires it. Versions are exact. */
  bins: {
    // prettier: { kind: "npm", package: "prettier@3.6.2" },
    // httpie: { kind: "uv", package: "httpie==3.2.4", bins: ["http", "https"] },
    // gopls: { kind: "go", module: "golang.org/x/tools/gopls@v0.20.0" },
    // hexyl: { kind: "cargo", crate: "hexyl@0.16.0" },
    // mytool: [
    //   /* One entry for each processor. Without sha256 the lock records what the first build got. */
    //   { kind: "download", arch: "amd64", url: "https://downloads.example.com/mytool-x64.tar.gz", files: { mytool: "bin/mytool" } },
    //   { kind: "download", arch: "arm64", url: "https://downloads.example.com/mytool-arm64.tar.gz", files: { mytool: "bin/mytool" } },
    // ],
  },

  /* Where programs may come from at all: apt, npm, python, go, cargo, download, brew. Without "allow": all but brew. */
  ecosystems: {
    // allow: ["apt", "npm", "python"],
    // deny: ["download"],
  },

  /* Packages whose own scripts may run while they are installed; all others' never do. */
  scripts: {
    // npm: ["better-sqlite3"],
  },

  /* Mirrors and indexes. Options of the command line and SKILLCRATE_… variables come before them. */
  network: {
    // aptMirror: "http://mirror.corp.example/debian",
    // npmRegistry: "https://npm.corp.example/",
    // pythonIndex: "https://python.corp.example/simple/",
    // goProxy: "https://go.corp.example/",
    // cargoRegistry: "https://crates.corp.example/index/",
    // snapshot: "https://snapshot.corp.example/archive/debian/",
  },

  /* Images that "skillcrate build" makes where it is given no paths. */
  images: {
    // office: { skills: ["pdf-*", "docx", "!pdf-old"], base: "base", from: "skills" },
    // coding: { skills: ["*"], base: "common", from: "../team-skills" },
  },
}
`;
