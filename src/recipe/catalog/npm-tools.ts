import { type CatalogRow, npmRow } from "./catalog-row.ts";

/** The Node runtime and tools that the npm registry carries. Their versions and commands are in npm-pins.ts. */
export const npmTools: readonly CatalogRow[] = [
  {
    bins: ["node", "npm", "npx"],
    answer: { kind: "node" },
    why: "the current Node.js; Debian's nodejs is older, and ax25-node also ships a program called node",
    namedAs: {
      brew: ["node", "node@20", "node@22", "node@24", "nodejs", "npm"],
      apt: ["nodejs", "node", "npm"],
      npm: ["node", "npm", "npx"],
    },
  },
  npmRow("pnpm", "pnpm pnpx", "pnpm's own package", { namedAs: { brew: ["pnpm"] } }),
  npmRow("yarn", "yarn yarnpkg", "Yarn 1; the yarn in Debian's cmdtest is a test tool", {
    namedAs: { brew: ["yarn"], apt: ["yarn", "yarnpkg", "cmdtest"] },
  }),
  npmRow("bun", "bun bunx", "Bun's own package", { namedAs: { brew: ["bun", "oven-sh/bun/bun"] } }),

  // Agents and what goes with them
  npmRow("@anthropic-ai/claude-code", "claude", "Anthropic's own package", {
    namedAs: { brew: ["claude-code"] },
  }),
  npmRow("@openai/codex", "codex", "OpenAI's own package", { namedAs: { brew: ["codex"] } }),
  npmRow("@google/gemini-cli", "gemini", "Google's own package", { namedAs: { brew: ["gemini-cli"] } }),
  npmRow("opencode-ai", "opencode", "opencode's own package", {
    namedAs: { brew: ["opencode", "sst/tap/opencode", "anomalyco/tap/opencode"] },
  }),
  npmRow("@mariozechner/pi-coding-agent", "pi", "the coding agent; Debian's pi computes digits of π", {
    namedAs: { brew: ["pi-coding-agent"] },
  }),
  npmRow("mcporter", "mcporter", "MCPorter's own package", { namedAs: { brew: ["steipete/tap/mcporter"] } }),
  npmRow("clawhub", "clawhub", "the registry client's own package", { versionArgs: { clawhub: ["-V"] } }),
  npmRow("clawdhub", "clawdhub", "the registry client under its former name", {
    versionArgs: { clawdhub: ["-V"] },
  }),
  npmRow("@steipete/bird", "bird", "the X client; Debian's bird is a routing daemon", {
    namedAs: { brew: ["steipete/tap/bird"] },
  }),
  npmRow("@steipete/oracle", "oracle", "oracle's own package", {
    namedAs: { brew: ["steipete/tap/oracle"] },
  }),
  npmRow("@steipete/summarize", "summarize", "summarize's own package", {
    namedAs: { brew: ["steipete/tap/summarize"] },
  }),
  npmRow("agent-browser", "agent-browser", "Vercel's package; it drives a browser that comes apart from it"),
  npmRow("@qwen-code/qwen-code", "qwen", "Alibaba's own package", { namedAs: { brew: ["qwen-code"] } }),
  npmRow("vibetunnel", "vibetunnel", "the server's own package", {
    versionArgs: { vibetunnel: ["version"] },
  }),
  npmRow("byterover-cli", "brv", "ByteRover's package; @byterover/cli does not exist", {
    namedAs: { npm: ["@byterover/cli"] },
  }),

  // Services
  npmRow("@bitwarden/cli", "bw", "Bitwarden's own package; the bw in Debian's bundlewrap manages servers", {
    namedAs: { brew: ["bitwarden-cli"] },
  }),
  npmRow("@salesforce/cli", "sf sfdx", "Salesforce's own package", { namedAs: { brew: ["sf", "sfdx"] } }),
  npmRow("@foundry-rs/cast", "cast", "Foundry's own package", { namedAs: { brew: ["foundry"] } }),
  npmRow("@foundry-rs/forge", "forge", "Foundry's own package", { namedAs: { brew: ["foundry"] } }),
  npmRow("@foundry-rs/anvil", "anvil", "Foundry's own package", { namedAs: { brew: ["foundry"] } }),
  npmRow("@foundry-rs/chisel", "chisel", "Foundry's own package; chisel is also a tunnel's name", {
    namedAs: { brew: ["foundry"] },
    confusedWith: "the TCP tunnel of that name, a Go program",
  }),
  npmRow("neonctl", "neonctl neon", "Neon's own package", { namedAs: { brew: ["neonctl"] } }),
  npmRow("wrangler", "wrangler", "Cloudflare's own package", {
    namedAs: { brew: ["cloudflare-wrangler", "wrangler"] },
  }),
  npmRow("netlify-cli", "netlify ntl", "Netlify's own package"),
  npmRow("firebase-tools", "firebase", "Google's own package", { namedAs: { brew: ["firebase-cli"] } }),
  npmRow("heroku", "heroku", "Heroku's own package", { namedAs: { brew: ["heroku/brew/heroku"] } }),
  npmRow("@shopify/cli", "shopify", "Shopify's own package", {
    namedAs: { brew: ["shopify-cli", "shopify/shopify/shopify-cli"] },
  }),
  npmRow("@google/clasp", "clasp", "Google's own package for Apps Script"),
  npmRow("@sentry/cli", "sentry-cli", "Sentry's own package", {
    namedAs: { brew: ["getsentry/tools/sentry-cli"] },
  }),
  npmRow("vercel", "vercel vc", "Vercel's own package", { namedAs: { brew: ["vercel-cli"] } }),
  npmRow("eas-cli", "eas", "Expo's own package"),
  npmRow("aws-cdk", "cdk", "Amazon's own package"),
  npmRow("mongosh", "mongosh", "MongoDB's own package"),
  npmRow("firecrawl-cli", "firecrawl", "Firecrawl's own package"),
  npmRow("beestat-cli", "beestat", "the author's own package"),
  npmRow("anylist-cli", "anylist", "named by its author's instructions"),
  npmRow("clawflows", "clawflows", "named by its author's instructions"),
  npmRow("confluence-cli", "confluence", "named by its author's instructions"),
  npmRow("office-quotes-cli", "office-quotes", "named by its author's instructions"),
  npmRow("@nickchristensen/ppls", "ppls", "named by its author's instructions"),
  npmRow("railil", "railil", "named by its author's instructions"),
  npmRow("@mjrussell/resend-cli", "resend", "named by its author's instructions"),
  npmRow("todoist-ts-cli", "todoist", "named by its author's instructions"),
  npmRow("trimet-cli", "trimet", "named by its author's instructions"),

  // For developers and writers
  npmRow("typescript", "tsc", "TypeScript's own package", {
    namedAs: { brew: ["typescript"], apt: ["node-typescript"] },
  }),
  npmRow("tsx", "tsx", "tsx's own package"),
  npmRow("prettier", "prettier", "Prettier's own package"),
  npmRow("eslint", "eslint", "ESLint's own package"),
  npmRow("@biomejs/biome", "biome", "Biome's own package", { namedAs: { brew: ["biome"] } }),
  npmRow("stylelint", "stylelint", "Stylelint's own package"),
  npmRow("@angular/cli", "ng", "Angular's own package", { namedAs: { brew: ["angular-cli"] } }),
  npmRow("@devcontainers/cli", "devcontainer", "its specification's own package"),
  npmRow("@marp-team/marp-cli", "marp", "slides from Markdown; its maintainers' package"),
  npmRow("@mermaid-js/mermaid-cli", "mmdc", "diagrams from text; it wants a browser to draw with"),
  npmRow("bash-language-server", "bash-language-server", "its maintainers' package"),
  npmRow("markdownlint-cli2", "markdownlint-cli2", "its maintainers' package"),
  npmRow("@playwright/cli", "playwright-cli", "Microsoft's own package; its browser comes apart from it"),
  npmRow("@redocly/cli", "redocly", "Redocly's own package", { namedAs: { brew: ["redocly-cli"] } }),
  npmRow("concurrently", "concurrently", "its maintainers' package"),
  npmRow("create-next-app", "create-next-app", "Vercel's own package"),
  npmRow("defuddle", "defuddle", "articles out of web pages; its author's package"),
  npmRow("degit", "degit", "its author's package"),
  npmRow("fx", "fx", "its author's package; Homebrew builds the same program from Go"),
  npmRow("hardhat", "hardhat", "its authors' own package"),
  npmRow("jest", "jest", "Jest's own package; Debian's is older"),
  npmRow("lighthouse", "lighthouse", "Google's own package; it wants a browser to look with"),
  npmRow("md-to-pdf", "md-to-pdf", "Markdown to PDF; it wants a browser to print with"),
  npmRow("oxlint", "oxlint", "its authors' own package"),
  npmRow("playwright", "playwright", "Microsoft's own package; its browsers come apart from it"),
  npmRow("rollup", "rollup", "Rollup's own package; Debian's is older"),
  npmRow("ts-node", "ts-node", "its maintainers' package; Debian's is older"),
  npmRow("turbo", "turbo", "Vercel's own package", { namedAs: { brew: ["turborepo"] } }),
  npmRow("vite", "vite", "Vite's own package; Debian's is older"),
  npmRow("vitest", "vitest", "Vitest's own package"),
  npmRow("zx", "zx", "shell scripts in JavaScript; the zx in Debian is another program"),
  npmRow("newman", "newman", "Postman's own package"),
  npmRow("pyright", "pyright pyright-langserver", "Microsoft's own package"),
  npmRow("markdownlint-cli", "markdownlint", "its maintainers' package"),
  npmRow("svgo", "svgo", "SVGO's own package"),
  npmRow("html-minifier-terser", "html-minifier-terser", "its maintainers' package"),
  npmRow("terser", "terser", "Terser's own package"),
  npmRow("esbuild", "esbuild", "esbuild's own package"),
  npmRow("sass", "sass", "Dart Sass as JavaScript", {
    namedAs: { brew: ["sass/sass/sass"], apt: ["ruby-sass"] },
  }),
  npmRow("serve", "serve", "Vercel's static server"),
  npmRow("http-server", "http-server", "its maintainers' package"),
  npmRow("json-server", "json-server", "its author's package"),
  npmRow("npm-check-updates", "ncu npm-check-updates", "its maintainers' package"),
  npmRow("nodemon", "nodemon", "nodemon's own package"),
  npmRow("pm2", "pm2", "PM2's own package"),
  npmRow("repomix", "repomix", "Repomix's own package"),
  npmRow("wscat", "wscat", "its maintainers' package", { namedAs: { apt: ["node-ws"] } }),
];
