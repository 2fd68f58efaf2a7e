import { join } from "node:path";
import { parseJson } from "../../host/parse-json.ts";
import type { ProcessIdentity } from "../../host/process-identity.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { writeFileAtomically } from "../../host/write-file-atomically.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/** What opens the doors of one run of a browser. */
export interface BrowserSecrets {
  readonly cdpToken: string;
  /** Null: it has no screen. */
  readonly vncPassword: string | null;
  /** What whoever knows it gets links to the screen with, from the process that keeps the doors. */
  readonly linkSecret: string;
}

/** Doors on 127.0.0.1, and the process that keeps them open. */
export interface RecordedDoors {
  readonly keeper: ProcessIdentity;
  readonly cdpPort: number;
  readonly vncPort: number | null;
  readonly viewerPort: number | null;
}

/** `browser/records/browser.json`, 0600: what a second process needs of a browser that a first one has started. */
export interface BrowserRecord {
  readonly containerId: string;
  /** In the engine's words, of the run that has taken the secrets; null: none has yet. */
  readonly runningSince: string | null;
  readonly secrets: BrowserSecrets;
  readonly doors: RecordedDoors | null;
}

/** Null: there is none, or it is damaged; then the browser is started anew. */
export function readBrowserRecord(recordsDir: string): BrowserRecord | null {
  const read = readRegularFile(recordPath(recordsDir), maxRecordBytes);
  const record = read.ok ? asObject(parseJson(read.bytes.toString("utf8"))) : null;
  if (ownValue(record, "format") !== format) return null;
  const containerId = textOf(record, "containerId");
  const secrets = readSecrets(asObject(ownValue(record, "secrets")));
  if (containerId === null || secrets === null) return null;
  const doors = readDoors(asObject(ownValue(record, "doors")));
  return { containerId, runningSince: textOf(record, "runningSince"), secrets, doors };
}

/** The caller holds the browser's lock. */
export function writeBrowserRecord(recordsDir: string, record: BrowserRecord): void {
  writeFileAtomically(recordPath(recordsDir), `${JSON.stringify({ format, ...record }, null, 2)}\n`);
}

const format = "skillcrate/browser@1";
const maxRecordBytes = 100_000;

function recordPath(recordsDir: string): string {
  return join(recordsDir, "browser.json");
}

type Fields = Readonly<Record<string, unknown>> | null;

function readSecrets(fields: Fields): BrowserSecrets | null {
  const [cdpToken, linkSecret] = [textOf(fields, "cdpToken"), textOf(fields, "linkSecret")];
  if (cdpToken === null || linkSecret === null) return null;
  return { cdpToken, linkSecret, vncPassword: textOf(fields, "vncPassword") };
}

function readDoors(fields: Fields): RecordedDoors | null {
  const keeper = asObject(ownValue(fields, "keeper"));
  const [space, startTicks] = [textOf(keeper, "space"), textOf(keeper, "startTicks")];
  const [pid, cdpPort] = [numberOf(keeper, "pid"), numberOf(fields, "cdpPort")];
  if (space === null || startTicks === null || pid === null || cdpPort === null) return null;
  return {
    keeper: { space, startTicks, pid },
    cdpPort,
    vncPort: numberOf(fields, "vncPort"),
    viewerPort: numberOf(fields, "viewerPort"),
  };
}

function textOf(fields: Fields, key: string): string | null {
  const value = ownValue(fields, key);
  return typeof value === "string" ? value : null;
}

function numberOf(fields: Fields, key: string): number | null {
  const value = ownValue(fields, key);
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;
}
