import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { fetchProgram } from "../../src/dockerfile/download/fetch-program.ts";
import { archiveKindOf } from "../../src/recipe/archive-kind.ts";
import { type DownloadHost, startDownloadHost } from "./start-download-host.ts";
import { tempFolder } from "./temp-folder.ts";

export interface FetchRequest {
  readonly url: string;
  /** Default: none is declared. */
  readonly sha256?: string;
  /** Default: as the address's ending tells. */
  readonly kind?: string;
  readonly strip?: number;
  /** `tool=` or `tool=path`; default `tool=`. */
  readonly commands?: readonly string[];
  /** Default: the host's proxy and its authority. */
  readonly env?: Readonly<Record<string, string>>;
  /** Statements before the program. */
  readonly before?: string;
}

export interface FetchResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder of the tree, which is there if the program succeeded. */
  readonly output: string;
  /** Everything in the folder around it, relative, sorted. */
  readonly left: readonly string[];
  readonly record: () => unknown;
}

/** Runs the program of a download's stage on this machine, as a user may run it: with Python alone. */
export async function runFetch(host: DownloadHost, request: FetchRequest): Promise<FetchResult> {
  const folder = tempFolder();
  const output = join(folder, "tree-1");
  const { url, sha256 = "-", strip = 0, commands = ["tool="], before = "" } = request;
  const kind =
    request.kind ?? archiveKindOf(basename(URL.canParse(url) ? new URL(url).pathname : url)) ?? "-";
  const args = [
    "fetch-download",
    url,
    sha256,
    kind,
    String(strip),
    output,
    join(folder, "record"),
    ...commands,
  ];
  const proxy = `http://127.0.0.1:${host.port}`;
  const env = { SSL_CERT_FILE: host.caFile, ...(request.env ?? { https_proxy: proxy }) };
  const { exitCode, stdout, stderr } = await execa(
    "python3",
    ["-Ic", noWaiting + before + fetchProgram, ...args],
    {
      env,
      extendEnv: false,
      reject: false,
    },
  );
  return {
    exitCode,
    stdout,
    stderr,
    output,
    left: readdirSync(folder, { recursive: true }).map(String).sort(),
    record: () => JSON.parse(readFileSync(join(folder, "record"), "utf8")),
  };
}

/** Between attempts. */
const noWaiting = "import time\ntime.sleep = lambda _: None\n";

/** A host that gives the files of a folder, and 404 for others. */
export function serveFolder(folder: string): Promise<DownloadHost> {
  return startDownloadHost((request, response) => {
    const name = basename(new URL(request.url ?? "/", "https://x").pathname);
    if (!readdirSync(folder).includes(name)) response.writeHead(404).end();
    else response.end(readFileSync(join(folder, name)));
  });
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
