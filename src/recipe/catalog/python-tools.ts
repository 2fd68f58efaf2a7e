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
  pythonRow(
    "instaloader",
    "instaloader",
    "its authors' package: sites change faster than Debian's releases",
    {
      otherwise: { kind: "apt", package: "instaloader" },
    },
  ),
  pythonRow("datasette", "datasette", "Simon Willison's own package"),
  pythonRow("dbt-core", "dbt", "dbt Labs' own package; adapters for databases come beside it"),
  pythonRow("dvc", "dvc", "its authors' own package"),
  pythonRow("docling", "docling", "its authors' own package; it brings PyTorch, several gigabytes"),
  pythonRow("esphome", "esphome", "its project's own package"),
  pythonRow("esptool", "esptool esptool.py", "Espressif's own package"),
  pythonRow("fava", "fava", "its authors' own package"),
  pythonRow("gdown", "gdown", "its author's package"),
  pythonRow("hatch", "hatch", "its project's own package"),
  pythonRow("huggingface-hub", "hf", "Hugging Face's own package", {
    namedAs: { brew: ["huggingface-cli"] },
  }),
  pythonRow("kaggle", "kaggle", "Kaggle's own package"),
  pythonRow("linode-cli", "linode-cli", "Linode's own package"),
  pythonRow("marimo", "marimo", "its authors' own package"),
  pythonRow("modal", "modal", "Modal's own package"),
  pythonRow("oci-cli", "oci", "Oracle's own package"),
  pythonRow("platformio", "pio platformio", "PlatformIO's own package"),
  pythonRow("snowflake-cli", "snow", "Snowflake's own package"),
  pythonRow("streamlit", "streamlit", "Streamlit's own package"),
  pythonRow("aws-sam-cli", "sam", "Amazon's own package"),
  pythonRow("b2", "b2", "Backblaze's own package; the b2 in Debian's Boost builds programs", {
    namedAs: { brew: ["b2-tools"], apt: ["b2"] },
    versionArgs: { b2: ["version"] },
  }),
  pythonRow("checkov", "checkov", "its authors' own package"),
  pythonRow("browser-use", "browser-use", "its authors' package; its browser comes apart from it"),
  pythonRow("shell-gpt", "sgpt", "its author's package", { namedAs: { brew: ["shell-gpt"] } }),
  pythonRow("wandb", "wandb", "Weights & Biases' own package"),
  noneRow(
    "conda mamba micromamba",
    "conda keeps an installation of its own, which a sandbox's image cannot hold",
    {
      hint: "Name the Python packages themselves, in install entries of kind uv or in a requirements.txt",
      namedAs: { brew: ["miniconda", "anaconda", "miniforge", "micromamba"] },
    },
  ),
  noneRow("huggingface-cli", "the command is called hf now, and its package gives no other", {
    hint: "Write hf in requires.bins",
  }),
  noneRow("mlx_whisper parakeet-mlx", appleSilicon, {
    hint: 'Use whisper in its place, or declare os: ["darwin"]',
    namedAs: { python: ["mlx-whisper", "parakeet-mlx"] },
  }),
  noneRow("yfinance", "yfinance is a Python library; it has no command", {
    hint: "Take yfinance out of requires.bins: what the skill's script imports is not a command",
    namedAs: { python: ["yfinance"] },
  }),
];
