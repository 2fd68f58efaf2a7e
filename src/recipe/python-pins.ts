/** What is known of a package of a Python index. */
export interface PythonPin {
  /** Exact; absent where no version is known to run on Debian's Python. */
  readonly version?: string;
  /** Commands that it gives, sorted. */
  readonly bins: readonly string[];
}

/**
 * The Python tools that the catalog names, by canonical name, as the index listed them in November 2026. To renew one:
 * `pip index versions NAME`.
 */
export const pythonPins: ReadonlyMap<string, PythonPin> = new Map<string, PythonPin>([
  ["aider-chat", { bins: ["aider"] }],
  ["aws-sam-cli", { bins: ["sam"] }],
  ["b2", { bins: ["b2"] }],
  ["browser-use", { bins: ["browser-use"] }],
  ["checkov", { bins: ["checkov"] }],
  ["datasette", { bins: ["datasette"] }],
  ["dbt-core", { bins: ["dbt"] }],
  ["docling", { bins: ["docling"] }],
  ["dvc", { bins: ["dvc"] }],
  ["edge-tts", { bins: ["edge-playback", "edge-tts"] }],
  ["esphome", { bins: ["esphome"] }],
  ["esptool", { bins: ["esptool", "esptool.py"] }],
  ["fava", { bins: ["fava"] }],
  ["fitbit-cli", { bins: ["fitbit-cli"] }],
  ["gdown", { bins: ["gdown"] }],
  ["ggshield", { bins: ["ggshield"] }],
  ["hatch", { bins: ["hatch"] }],
  ["homeassistant-cli", { bins: ["hass-cli"] }],
  ["huggingface-hub", { bins: ["hf"] }],
  ["instaloader", { bins: ["instaloader"] }],
  ["kaggle", { bins: ["kaggle"] }],
  ["linode-cli", { bins: ["linode-cli"] }],
  ["llm", { bins: ["llm"] }],
  ["marimo", { bins: ["marimo"] }],
  ["markitdown", { bins: ["markitdown"] }],
  ["modal", { bins: ["modal"] }],
  ["nano-pdf", { version: "0.2.1", bins: ["nano-pdf"] }],
  ["oci-cli", { bins: ["oci"] }],
  ["openai-whisper", { version: "20250625", bins: ["whisper"] }],
  ["piper-tts", { bins: ["piper"] }],
  ["platformio", { bins: ["pio", "platformio"] }],
  ["ruff", { version: "0.17.5", bins: ["ruff"] }],
  ["semgrep", { bins: ["semgrep"] }],
  ["shell-gpt", { bins: ["sgpt"] }],
  ["snowflake-cli", { bins: ["snow"] }],
  ["spotdl", { bins: ["spotdl"] }],
  ["streamlit", { bins: ["streamlit"] }],
  ["uv", { version: "0.13.8", bins: ["uv", "uvx"] }],
  ["wandb", { bins: ["wandb"] }],
  ["yt-dlp", { version: "2026.10.26", bins: ["yt-dlp"] }],
]);
