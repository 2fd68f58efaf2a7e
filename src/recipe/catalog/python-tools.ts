import { type CatalogRow, noneRow, pythonRow } from "./catalog-row.ts";

const appleSilicon = "MLX, which it stands on, is made for Apple's processors";

/** Tools that come from a Python package index and not from Debian, and names that only look like such tools. */
export const pythonTools: readonly CatalogRow[] = [
  pythonRow("uv", "uv uvx", "Astral's own package", { namedAs: { cargo: ["uv"] } }),
  pythonRow("nano-pdf", "nano-pdf", "its author's package"),
  pythonRow("openai-whisper", "whisper", "OpenAI's own package; it brings PyTorch, several gigabytes", {
    namedAs: { brew: ["openai-whisper"] },
  }),
  pythonRow("homeassistant-cli", "hass-cli", "Home Assistant's own package", {
    namedAs: { brew: ["homeassistant-cli"] },
  }),
  pythonRow("ggshield", "ggshield", "GitGuardian's own package", {
    namedAs: { brew: ["ggshield", "gitguardian/tap/ggshield"] },
  }),
  pythonRow("fitbit-cli", "fitbit-cli", "the package whose options the command's users know"),
  pythonRow("yt-dlp", "yt-dlp", "its maintainers' package: sites change faster than Debian's releases", {
    namedAs: { brew: ["yt-dlp"] },
    otherwise: { kind: "apt", package: "yt-dlp" },
  }),
  pythonRow("piper-tts", "piper", "speech; Debian's piper sets up mice", { namedAs: { apt: ["piper"] } }),
  pythonRow("aider-chat", "aider", "its author's package", { namedAs: { brew: ["aider"] } }),
  pythonRow("edge-tts", "edge-tts edge-playback", "its author's package"),
  pythonRow("semgrep", "semgrep", "Semgrep's own package"),
  pythonRow("markitdown", "markitdown", "Microsoft's own package"),
  pythonRow("spotdl", "spotdl", "its maintainers' package"),
  pythonRow("ruff", "ruff", "Astral's own package"),
  pythonRow("llm", "llm", "Simon Willison's own package"),
  noneRow("mlx_whisper parakeet-mlx", appleSilicon, {
    hint: 'Use whisper in its place, or declare os: ["darwin"]',
    namedAs: { python: ["mlx-whisper", "parakeet-mlx"] },
  }),
  noneRow("yfinance", "yfinance is a Python library; it has no command", {
    hint: "Take yfinance out of requires.bins: what the skill's script imports is not a command",
    namedAs: { python: ["yfinance"] },
  }),
];
