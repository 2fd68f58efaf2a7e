// Made by scripts/refresh-npm-pins.mjs on 2026-11-22: run it again instead of editing this.

import type { NpmPin } from "./npm-pin.ts";

export const npmPins: ReadonlyMap<string, NpmPin> = new Map<string, NpmPin>([
  ["@angular/cli", { version: "22.2.7", bins: ["ng"], treeMb: 78, node: "^22.22.3 || ^24.15.0 || >=26.0.0" }],
  [
    "@anthropic-ai/claude-code",
    {
      version: "2.1.330",
      bins: ["claude"],
      treeMb: 364,
      node: ">=22.0.0",
      platformPackages: {
        "linux/amd64": "@anthropic-ai/claude-code-linux-x64",
        "linux/arm64": "@anthropic-ai/claude-code-linux-arm64",
      },
      files: { claude: "claude" },
    },
  ],
  ["@biomejs/biome", { version: "2.6.8", bins: ["biome"], treeMb: 97, node: ">=14.21.3" }],
  ["@bitwarden/cli", { version: "2026.9.0", bins: ["bw"], treeMb: 89, node: ">=22" }],
  ["@devcontainers/cli", { version: "0.89.0", bins: ["devcontainer"], treeMb: 2, node: ">=20.0.0" }],
  [
    "@foundry-rs/anvil",
    {
      version: "1.7.1",
      bins: ["anvil"],
      treeMb: 43,
      platformPackages: {
        "linux/amd64": "@foundry-rs/anvil-linux-amd64",
        "linux/arm64": "@foundry-rs/anvil-linux-arm64",
      },
      files: { anvil: "bin/anvil" },
    },
  ],
  [
    "@foundry-rs/cast",
    {
      version: "1.7.1",
      bins: ["cast"],
      treeMb: 60,
      platformPackages: {
        "linux/amd64": "@foundry-rs/cast-linux-amd64",
        "linux/arm64": "@foundry-rs/cast-linux-arm64",
      },
      files: { cast: "bin/cast" },
    },
  ],
  [
    "@foundry-rs/chisel",
    {
      version: "1.7.1",
      bins: ["chisel"],
      treeMb: 40,
      platformPackages: {
        "linux/amd64": "@foundry-rs/chisel-linux-amd64",
        "linux/arm64": "@foundry-rs/chisel-linux-arm64",
      },
      files: { chisel: "bin/chisel" },
    },
  ],
  [
    "@foundry-rs/forge",
    {
      version: "1.7.1",
      bins: ["forge"],
      treeMb: 81,
      platformPackages: {
        "linux/amd64": "@foundry-rs/forge-linux-amd64",
        "linux/arm64": "@foundry-rs/forge-linux-arm64",
      },
      files: { forge: "bin/forge" },
    },
  ],
  ["@google/clasp", { version: "3.4.1", bins: ["clasp"], treeMb: 277, node: " >=20.0.0" }],
  ["@google/gemini-cli", { version: "0.61.0", bins: ["gemini"], treeMb: 100, node: ">=20" }],
  ["@mariozechner/pi-coding-agent", { version: "0.73.1", bins: ["pi"], treeMb: 204, node: ">=20.6.0" }],
  ["@marp-team/marp-cli", { version: "4.5.1", bins: ["marp"], treeMb: 136, node: ">=18" }],
  ["@mermaid-js/mermaid-cli", { version: "12.2.0", bins: ["mmdc"], treeMb: 455, node: ">=22.13.0" }],
  ["@openai/codex", { version: "0.169.0", bins: ["codex"], treeMb: 404, node: ">=16" }],
  ["@salesforce/cli", { version: "2.150.6", bins: ["sf", "sfdx"], treeMb: 296, node: ">=22.0.0" }],
  [
    "@sentry/cli",
    {
      version: "3.8.0",
      bins: ["sentry-cli"],
      treeMb: 23,
      node: ">= 18",
      platformPackages: { "linux/amd64": "@sentry/cli-linux-x64", "linux/arm64": "@sentry/cli-linux-arm64" },
      files: { "sentry-cli": "bin/sentry-cli" },
    },
  ],
  [
    "@shopify/cli",
    { version: "4.8.2", bins: ["shopify"], treeMb: 52, node: ">=22.12.0", os: ["darwin", "linux", "win32"] },
  ],
  ["@steipete/bird", { version: "0.8.0", bins: ["bird"], treeMb: 3, node: ">=22" }],
  ["@steipete/oracle", { version: "0.21.2", bins: ["oracle", "oracle-mcp"], treeMb: 189, node: ">=24" }],
  [
    "@steipete/summarize",
    { version: "0.11.1", bins: ["summarize", "summarizer"], treeMb: 252, node: ">=22" },
  ],
  ["bash-language-server", { version: "5.8.1", bins: ["bash-language-server"], treeMb: 27, node: ">=20" }],
  ["beestat-cli", { version: "0.1.0", bins: ["beestat"], treeMb: 1, node: ">=18" }],
  [
    "bun",
    {
      version: "1.4.5",
      bins: ["bun", "bunx"],
      treeMb: 103,
      os: ["darwin", "linux", "android", "freebsd", "win32"],
      platformPackages: { "linux/amd64": "@oven/bun-linux-x64", "linux/arm64": "@oven/bun-linux-aarch64" },
      files: { bun: "bin/bun", bunx: "bin/bun" },
    },
  ],
  ["byterover-cli", { version: "3.14.0", bins: ["brv"], treeMb: 643, node: ">=20.0.0" }],
  [
    "clawdhub",
    {
      version: "0.3.0",
      bins: ["clawdhub"],
      treeMb: 9,
      node: ">=20",
      with: [{ package: "undici", version: "8.12.4" }],
    },
  ],
  ["clawhub", { version: "0.23.3", bins: ["clawdhub", "clawhub"], treeMb: 15, node: ">=22" }],
  ["esbuild", { version: "0.28.2", bins: ["esbuild"], treeMb: 12, node: ">=18" }],
  ["eslint", { version: "10.15.0", bins: ["eslint"], treeMb: 16, node: "^20.19.0 || ^22.13.0 || >=24" }],
  [
    "firebase-tools",
    { version: "15.34.2", bins: ["firebase"], treeMb: 242, node: ">=20.0.0 || >=22.0.0 || >=24.0.0" },
  ],
  ["heroku", { version: "11.10.0", bins: ["heroku"], treeMb: 394, node: ">=20" }],
  [
    "html-minifier-terser",
    { version: "7.2.0", bins: ["html-minifier-terser"], treeMb: 12, node: "^14.13.1 || >=16.0.0" },
  ],
  ["http-server", { version: "14.1.1", bins: ["http-server"], treeMb: 6, node: ">=12" }],
  ["json-server", { version: "0.17.4", bins: ["json-server"], treeMb: 13, node: ">=12" }],
  ["markdownlint-cli", { version: "0.50.0", bins: ["markdownlint"], treeMb: 18, node: ">=22" }],
  ["markdownlint-cli2", { version: "0.24.1", bins: ["markdownlint-cli2"], treeMb: 18, node: ">=22" }],
  ["mcporter", { version: "0.12.3", bins: ["mcporter"], treeMb: 74, node: ">=24" }],
  ["neonctl", { version: "5.0.1", bins: ["neon", "neonctl"], treeMb: 66, node: ">=20.19.0" }],
  ["netlify-cli", { version: "27.10.2", bins: ["netlify", "ntl"], treeMb: 353, node: ">=22.13.0" }],
  ["newman", { version: "6.2.2", bins: ["newman"], treeMb: 66, node: ">=16" }],
  ["nodemon", { version: "3.1.14", bins: ["nodemon"], treeMb: 3, node: ">=10" }],
  [
    "npm-check-updates",
    {
      version: "23.1.1",
      bins: ["ncu", "npm-check-updates"],
      treeMb: 6,
      node: "^22.22.2 || ^24.15.0 || >=26.0.0",
    },
  ],
  [
    "opencode-ai",
    {
      version: "1.18.33",
      bins: ["opencode"],
      treeMb: 177,
      os: ["darwin", "linux", "win32"],
      platformPackages: { "linux/amd64": "opencode-linux-x64-baseline" },
      files: { opencode: "bin/opencode" },
    },
  ],
  [
    "pm2",
    { version: "7.0.4", bins: ["pm2", "pm2-dev", "pm2-docker", "pm2-runtime"], treeMb: 25, node: ">=18.0.0" },
  ],
  ["pnpm", { version: "12.21.0", bins: ["pn", "pnpm", "pnpx", "pnx"], treeMb: 68, node: ">=18" }],
  ["prettier", { version: "3.10.1", bins: ["prettier"], treeMb: 12, node: ">=14" }],
  ["pyright", { version: "1.1.414", bins: ["pyright", "pyright-langserver"], treeMb: 38, node: ">=14.0.0" }],
  ["repomix", { version: "1.18.1", bins: ["repomix"], treeMb: 109, node: ">=22.0.0" }],
  ["sass", { version: "1.108.2", bins: ["sass"], treeMb: 9, node: ">=20.19.0" }],
  ["serve", { version: "14.2.7", bins: ["serve"], treeMb: 7, node: ">= 14" }],
  [
    "stylelint",
    { version: "18.0.0", bins: ["stylelint"], treeMb: 11, node: "^22.22.2 || ^24.15.0 || >=26.0.0" },
  ],
  ["svgo", { version: "4.1.0", bins: ["svgo"], treeMb: 12, node: ">=16" }],
  ["terser", { version: "5.51.2", bins: ["terser"], treeMb: 5, node: ">=10" }],
  ["tsx", { version: "4.23.15", bins: ["tsx"], treeMb: 12, node: ">=18.0.0" }],
  ["typescript", { version: "7.0.2", bins: ["tsc"], treeMb: 31, node: ">=16.20.0" }],
  [
    "vibetunnel",
    {
      version: "1.0.0-beta.15.1",
      bins: ["vibetunnel"],
      treeMb: 165,
      node: ">=20.0.0",
      os: ["darwin", "linux"],
    },
  ],
  [
    "wrangler",
    { version: "4.164.0", bins: ["cf-wrangler", "wrangler", "wrangler2"], treeMb: 228, node: ">=22.12.0" },
  ],
  ["wscat", { version: "6.1.0", bins: ["wscat"], treeMb: 1, node: ">=18" }],
  ["yarn", { version: "1.22.22", bins: ["yarn", "yarnpkg"], treeMb: 6, node: ">=4.0.0" }],
]);

/** Packages that skills name and that the registry did not have on that day. */
export const npmMissing: ReadonlySet<string> = new Set([
  "@mjrussell/resend-cli",
  "@nickchristensen/ppls",
  "anylist-cli",
  "bird-dm",
  "clawflows",
  "confluence-cli",
  "office-quotes-cli",
  "openclaws-bot",
  "railil",
  "todoist-ts-cli",
  "trein",
  "trimet-cli",
]);

/** When the registry was asked, ISO 8601. */
export const npmPinsDate = "2026-11-22";
