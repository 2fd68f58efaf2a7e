import { type CatalogRow, declareDarwin, noneRow } from "./catalog-row.ts";

/** Programs that Linux could have and that nothing here provides, and programs that nobody publishes. */
export const unbuiltTools: readonly CatalogRow[] = [
  noneRow("starlink", "starlink-cli is published as a git repository only, which no version pins"),
  noneRow("clippy", "this Microsoft 365 client is published as a git repository; Rust's clippy is a linter", {
    namedAs: { cargo: ["clippy"] },
  }),
  noneRow("twurl", "twurl is a Ruby gem, which this version does not build", {
    namedAs: { brew: ["twurl"] },
  }),
  noneRow("powershell", "a name of Windows; PowerShell's command on Linux is pwsh", {
    hint: "Write pwsh in requires.bins if the skill runs on Linux",
  }),
  noneRow("dokku", "Dokku is a server that owns its machine: it needs a host, not a sandbox", {
    hint: "Let such a skill run on the host",
  }),
  noneRow(
    "telegram",
    "supertelegram runs on Bun and comes by npm; Debian's telegram-desktop is a chat program",
    {
      hint: "Name it: node supertelegram@VERSION in install, with bun in requires.bins",
      namedAs: { apt: ["telegram-desktop"] },
    },
  ),
  noneRow("activecampaign", "nobody publishes this command; the npm package of that name is a library", {
    namedAs: { npm: ["activecampaign"] },
  }),
  noneRow("gcloud", "Google Cloud's CLI is an installation that updates itself, from its vendor", {
    namedAs: { brew: ["google-cloud-sdk", "gcloud-cli"] },
  }),
  noneRow(
    "tailscale",
    "Tailscale comes from its vendor's own package repository, and wants the host's network",
  ),
  noneRow("ollama", "Ollama is a server with models of gigabytes: run it beside the sandbox", {
    hint: "Let the skill talk to a server of yours, by its address",
  }),
  noneRow(
    "openclaw clawdbot moltbot",
    "the gateway's own command: a session in a sandbox has its gateway's tools in its place",
    {
      hint: "Take it out of requires.bins, and name the tool: cron, message, sessions_*, web_fetch",
      namedAs: { npm: ["openclaw", "clawdbot", "moltbot"], brew: ["openclaw-cli"] },
    },
  ),
  noneRow("google-chrome google-chrome-stable", "Debian has Chromium in place of Chrome", {
    hint: "Write chromium in requires.bins",
  }),
  noneRow("cursor-agent droid amp", "its vendor's script installs it, which no version pins"),
  noneRow("ngrok", "its vendor's address always leads to the newest file, which no version pins", {
    hint: "Use cloudflared, or put ngrok into an image of your own and build on that with --base-image",
  }),
  noneRow("codexbar", "a menu bar app for macOS; on Linux only its command line is published", {
    hint: declareDarwin,
    namedAs: { brew: ["steipete/tap/codexbar"] },
  }),
  noneRow("whisper-cli", "whisper.cpp publishes no program for Linux, and models come apart from it", {
    hint: "Use whisper, which comes from OpenAI's Python package",
    namedAs: { brew: ["whisper-cpp"] },
  }),
  noneRow("slopesniper-mcp slopesniper-api", "published as a git repository only, which no version pins"),
  noneRow("winamp.exe", "a Windows program", { hint: 'Declare os: ["win32"] in SKILL.md' }),
];
