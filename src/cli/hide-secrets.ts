import { createRedactor, type Redactor } from "../sandbox/secrets/create-redactor.ts";
import type { TextSink } from "./create-story.ts";

/** Secrets that this process has seen, and that nothing of it may print. */
export interface HiddenSecrets {
  /** From now on these are replaced by `[redacted]` in everything that is printed. */
  hide(values: Iterable<string>): void;
  redact(text: string): string;
  /** The same for every text in a value that is plain JSON; its keys stay. */
  redactJson(value: unknown): unknown;
}

export function createHiddenSecrets(): HiddenSecrets {
  const values = new Set<string>();
  let redactor: Redactor | null = null;
  const redact = (text: string) => redactor?.redact(text) ?? text;
  const redactJson = (value: unknown): unknown => {
    if (redactor === null) return value;
    if (typeof value === "string") return redact(value);
    if (Array.isArray(value)) return value.map(redactJson);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, redactJson(held)]));
  };
  return {
    hide(more) {
      for (const value of more) values.add(value);
      redactor = createRedactor(values);
    },
    redact,
    redactJson,
  };
}

/** A stream that prints no hidden secret. */
export function hidingSink(sink: TextSink, { redact }: HiddenSecrets): TextSink {
  return Object.create(sink, { write: { value: (text: string) => sink.write(redact(text)) } });
}
