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
  ["edge-tts", { bins: ["edge-playback", "edge-tts"] }],
  ["fitbit-cli", { bins: ["fitbit-cli"] }],
  ["ggshield", { bins: ["ggshield"] }],
  ["homeassistant-cli", { bins: ["hass-cli"] }],
  ["llm", { bins: ["llm"] }],
  ["markitdown", { bins: ["markitdown"] }],
  ["nano-pdf", { version: "0.2.1", bins: ["nano-pdf"] }],
  ["openai-whisper", { version: "20250625", bins: ["whisper"] }],
  ["piper-tts", { bins: ["piper"] }],
  ["ruff", { version: "0.17.5", bins: ["ruff"] }],
  ["semgrep", { bins: ["semgrep"] }],
  ["spotdl", { bins: ["spotdl"] }],
  ["uv", { version: "0.13.8", bins: ["uv", "uvx"] }],
  ["yt-dlp", { version: "2026.10.26", bins: ["yt-dlp"] }],
]);
