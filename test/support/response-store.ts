import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Headers that are kept, and all that a client is told: the body is stored as it was decoded. */
const keptHeaders = ["content-type", "etag", "last-modified"] as const;

export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's file, where it was worth keeping. */
  readonly file: string | null;
  /** The body of an answer that is not kept: anything but 200. */
  readonly body: Buffer;
}

export interface StoreRequest {
  readonly url: string;
  /** The `accept` of the request where the answer depends on it, else empty. */
  readonly accept: string;
  /** What this URL names never changes, so a stored copy needs no question. */
  readonly immutable: boolean;
}

export interface ResponseStore {
  /** Identical requests at the same time share one fetch. Rejects where the other side cannot be reached. */
  get(request: StoreRequest): Promise<StoredResponse>;
  /** How many answers came over the network with a body. */
  fetchedCount(): number;
}

const longestKeptDays = 30;
const fetchTimeoutMs = 300_000;

/**
 * Answers of HTTP servers on disk. What can change is asked for once in a run, with the copy's date and tag; after
 * that the run sees one state of the world. Several processes may share a folder.
 */
export async function openResponseStore(folder: string): Promise<ResponseStore> {
  await mkdir(folder, { recursive: true });
  await removeOldEntries(folder);
  const answered = new Map<string, Promise<StoredResponse>>();
  let fetched = 0;

  async function answer(key: string, request: StoreRequest): Promise<StoredResponse> {
    const stored = await readEntry(folder, key);
    if (stored !== null && request.immutable) return stored;
    const response = await fetchResponse(request, stored);
    if (response.status === 304 && stored !== null) return stored;
    fetched += 1;
    return response.status === 200 ? writeEntry(folder, key, response) : passOn(response);
  }

  return {
    get(request) {
      const key = createHash("sha256")
        .update(JSON.stringify([request.url, request.accept]))
        .digest("hex");
      const known = answered.get(key);
      if (known !== undefined) return known;
      const promise = answer(key, request);
      answered.set(key, promise);
      // A failure, or an answer such as 404, is asked for again the next time.
      promise.then(
        (response) => response.status === 200 || answered.delete(key),
        () => answered.delete(key),
      );
      return promise;
    },
    fetchedCount: () => fetched,
  };
}

async function fetchResponse(request: StoreRequest, stored: StoredResponse | null): Promise<Response> {
  const headers: Record<string, string> = {};
  if (request.accept !== "") headers["accept"] = request.accept;
  // A compressed package list must arrive as the file it is.
  if (request.accept === "") headers["accept-encoding"] = "identity";
  const etag = stored?.headers["etag"];
  const modified = stored?.headers["last-modified"];
  if (etag !== undefined) headers["if-none-match"] = etag;
  if (modified !== undefined) headers["if-modified-since"] = modified;
  return fetch(request.url, { headers, signal: AbortSignal.timeout(fetchTimeoutMs) });
}

async function passOn(response: Response): Promise<StoredResponse> {
  return {
    status: response.status,
    headers: keepHeaders(response),
    file: null,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function keepHeaders(response: Response): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = response.headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return kept;
}

// The body first, then the headers: an entry whose headers are there is whole.
async function writeEntry(folder: string, key: string, response: Response): Promise<StoredResponse> {
  const headers = keepHeaders(response);
  const file = join(folder, `${key}.body`);
  const part = `${file}.${randomUUID()}`;
  try {
    await pipeline(
      response.body === null ? Readable.from([]) : Readable.fromWeb(response.body),
      createWriteStream(part),
    );
    await rename(part, file);
    await writeFile(`${part}.json`, JSON.stringify(headers));
    await rename(`${part}.json`, join(folder, `${key}.json`));
  } catch (error) {
    await Promise.all([rm(part, { force: true }), rm(`${part}.json`, { force: true })]);
    throw error;
  }
  return { status: 200, headers, file, body: Buffer.alloc(0) };
}

async function readEntry(folder: string, key: string): Promise<StoredResponse | null> {
  try {
    const headers = JSON.parse(await readFile(join(folder, `${key}.json`), "utf8"));
    const file = join(folder, `${key}.body`);
    await stat(file);
    return { status: 200, headers, file, body: Buffer.alloc(0) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function removeOldEntries(folder: string): Promise<void> {
  const oldestKept = Date.now() - longestKeptDays * 24 * 60 * 60 * 1000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => null);
    if (facts !== null && facts.mtimeMs < oldestKept) await rm(path, { force: true });
  }
}
