import type { BuildFollower } from "../report/build-follower.ts";
import { followBuildsAsJson } from "../report/follow-builds-as-json.ts";
import { followBuildsLive } from "../report/follow-builds-live.ts";
import { followBuildsPlainly } from "../report/follow-builds-plainly.ts";
import { formatDiagnostic, type Reported } from "../report/format-diagnostic.ts";
import { type FailureReport, formatFailure } from "../report/format-failure.ts";
import { createStyle } from "../report/style.ts";
import type { Story } from "./command.ts";
import { readSourceLine } from "./read-source-line.ts";

/** A stream as commands write to it. */
export interface TextSink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** What the command line says about its output, read before commands are even told apart. */
export interface OutputMode {
  /** One JSON document on stdout. */
  readonly json: boolean;
  /** Build events as NDJSON: on stdout, or on stderr where the document has stdout. */
  readonly events: boolean;
}

interface StorySettings extends OutputMode {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** The story of one command, on stderr; without diagnostics where a document has them, silent where NDJSON has stderr. */
export function createStory(settings: StorySettings): Story {
  const { stderr, env, cwd } = settings;
  const style = createStyle(stderr, env);
  const silent = settings.json && settings.events;
  const shown = new Set<string>();
  const line = (text: string) => {
    if (!silent) stderr.write(`${text}\n`);
  };
  return {
    style,
    line,
    diagnostics(diagnostics) {
      // The document has them.
      if (settings.json) return;
      for (const diagnostic of diagnostics) {
        const identity = JSON.stringify(diagnostic);
        if (shown.has(identity)) continue;
        shown.add(identity);
        line(
          isFailure(diagnostic)
            ? formatFailure(diagnostic, style, cwd, readSourceLine)
            : formatDiagnostic(diagnostic, style, cwd),
        );
      }
    },
    followBuilds: () => followBuilds(settings),
  };
}

function isFailure(diagnostic: Reported): diagnostic is FailureReport {
  return "log" in diagnostic && "places" in diagnostic;
}

function followBuilds({ json, events, stdout, stderr, env }: StorySettings): BuildFollower {
  if (events) {
    const sink = json ? stderr : stdout;
    return followBuildsAsJson((text) => sink.write(text));
  }
  const settings = {
    style: createStyle(stderr, env),
    write: (text: string) => stderr.write(text),
    nowMs: () => performance.now(),
  };
  const canRedraw = stderr.isTTY === true && env["TERM"] !== "dumb";
  return canRedraw
    ? followBuildsLive({ ...settings, rows: () => stderr.rows ?? 24 })
    : followBuildsPlainly(settings);
}
