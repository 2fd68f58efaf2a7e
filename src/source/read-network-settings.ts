import { resolve } from "node:path";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import type { OverlayNetwork } from "../recipe/overlay.ts";
import { extractCertificates } from "./extract-certificates.ts";
import { hasCredentials, redactUrl } from "./redact-url.ts";

/** What the caller names; each wins over the environment. An empty string turns off what the others say. */
export interface NetworkOptions {
  readonly aptMirror?: string;
  readonly snapshot?: string;
  readonly npmRegistry?: string;
  readonly pythonIndex?: string;
  readonly goProxy?: string;
  /** As Go's `GOSUMDB`. */
  readonly goSumDb?: string;
  readonly cargoRegistry?: string;
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  /** A file of CA certificates, PEM. */
  readonly ca?: string;
  readonly keepCa?: boolean;
  readonly keepMirror?: boolean;
}

export interface ReadNetworkSettingsResult {
  readonly settings: NetworkSettings;
  /** An `error` means that something the caller named is not used: nothing should be built with the rest. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The settings of a company's network: the caller's options, else the environment's variables of `indexVariables` and
 * `SKILLCRATE_GO_SUMDB` (arguments of a process are no secret, its environment is), `http_proxy`, `https_proxy` and `no_proxy` (lower case first, as curl has it) and the certificates of
 * `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE` together. The system's own bundle counts too: companies install their CA there.
 * Mirrors and indexes that neither names are the overlay's. Passwords in URLs are never shown.
 */
export async function readNetworkSettings(
  options: NetworkOptions,
  env: Readonly<Record<string, string | undefined>>,
  overlay: Partial<OverlayNetwork> = {},
): Promise<ReadNetworkSettingsResult> {
  const diagnostics: Diagnostic[] = [];
  const index = (name: string, key: IndexName): string | null => {
    const value = options[key] ?? env[indexVariables[key]] ?? overlay[key] ?? undefined;
    return checkUrl({ label: name, value, severity: "error" }, diagnostics);
  };
  const proxy = (name: string, value: string | undefined, variable: string): string | null =>
    value === undefined
      ? checkUrl({ ...fromEnv(variable, env), severity: "warning", bareHost: true }, diagnostics)
      : checkUrl({ label: name, value, severity: "error", bareHost: true }, diagnostics);
  const settings: NetworkSettings = {
    aptMirror: index("the apt mirror", "aptMirror"),
    snapshot: index("the archive of Debian snapshots", "snapshot"),
    npmRegistry: index("the npm registry", "npmRegistry"),
    pythonIndex: index("the Python index", "pythonIndex"),
    goProxy: index("the Go module proxy", "goProxy"),
    // Rendering judges it: nothing is built with a text that go would read otherwise.
    goSumDb: (options.goSumDb ?? env["SKILLCRATE_GO_SUMDB"])?.trim() || null,
    cargoRegistry: index("the crate registry", "cargoRegistry"),
    httpProxy: proxy("the HTTP proxy", options.httpProxy, "http_proxy"),
    httpsProxy: proxy("the HTTPS proxy", options.httpsProxy, "https_proxy"),
    noProxy: readNoProxy(options.noProxy, env, diagnostics),
    caPem: readCa(options.ca, env, diagnostics),
    keepCa: options.keepCa ?? false,
    keepMirror: options.keepMirror ?? false,
  };
  return { settings: withoutKeptCredentials(settings, diagnostics), diagnostics };
}

const indexVariables = {
  aptMirror: "SKILLCRATE_APT_MIRROR",
  snapshot: "SKILLCRATE_SNAPSHOT",
  npmRegistry: "SKILLCRATE_NPM_REGISTRY",
  pythonIndex: "SKILLCRATE_PYTHON_INDEX",
  goProxy: "SKILLCRATE_GO_PROXY",
  cargoRegistry: "SKILLCRATE_CARGO_REGISTRY",
} as const;
type IndexName = keyof typeof indexVariables;

interface Written {
  /** Where it was written, for messages: an option's meaning or a variable's name. */
  readonly label: string;
  readonly value: string | undefined;
}

/** Lower case first; an empty value is not set. */
function fromEnv(variable: string, env: Readonly<Record<string, string | undefined>>): Written {
  const upper = variable.toUpperCase();
  const label = (env[variable] ?? "") === "" ? upper : variable;
  return { label, value: env[label] };
}

interface UrlCheck extends Written {
  readonly severity: "error" | "warning";
  /** `host:port` is enough, as proxy variables are often written. */
  readonly bareHost?: boolean;
}

function checkUrl(
  { label, value, severity, bareHost = false }: UrlCheck,
  diagnostics: Diagnostic[],
): string | null {
  const text = value?.trim() ?? "";
  if (text === "") return null;
  const url = bareHost && !text.includes("://") ? `http://${text}` : text;
  if (plainUrl.test(url) && isHttpUrl(url)) return url;
  diagnostics.push({
    code: "NETWORK_URL_INVALID",
    severity,
    message: `The address ${quoteValue(redactUrl(text))} of ${label} is not a plain http or https URL and is not used.`,
    hint: "Write http://host:port/path or https://…, with anything unusual percent-encoded.",
  });
  return null;
}

// RFC 3986 without the apostrophe: nothing here ends a quoted string, a line or a word in any file that it is put into.
const plainUrl = /^https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&()*+,;=%]+$/i;

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && hostname !== "";
}

function readNoProxy(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  diagnostics: Diagnostic[],
): string | null {
  const { label, value } =
    option === undefined ? fromEnv("no_proxy", env) : { label: "no-proxy", value: option };
  const hosts = (value ?? "").split(/[\s,]+/).filter((host) => host !== "");
  if (hosts.length === 0) return null;
  const odd = hosts.find((host) => !/^[A-Za-z0-9.*_:/[\]-]+$/.test(host));
  if (odd === undefined) return hosts.join(",");
  diagnostics.push({
    code: "NETWORK_NO_PROXY_INVALID",
    severity: option === undefined ? "warning" : "error",
    message: `${quoteValue(redactUrl(odd))} in ${label} is no host name, address or network; the list is not used.`,
    hint: "Write names and addresses with commas between them: localhost,.corp,10.0.0.0/8",
  });
  return null;
}

/** More than any bundle of certificates has. */
const maxCaBytes = 8_000_000;

function readCa(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  diagnostics: Diagnostic[],
): string | null {
  const files: readonly Written[] =
    option === undefined
      ? ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"].map((label) => ({ label, value: env[label] }))
      : [{ label: "the CA file", value: option }];
  const severity = option === undefined ? "warning" : "error";
  const certificates = new Set<string>();
  const done = new Set<string>();
  for (const { label, value } of files) {
    if (value === undefined || value === "" || done.has(resolve(value))) continue;
    done.add(resolve(value));
    for (const certificate of readCertificates(label, value, severity, diagnostics))
      certificates.add(certificate);
  }
  return certificates.size === 0 ? null : [...certificates].join("");
}

function readCertificates(
  label: string,
  path: string,
  severity: "error" | "warning",
  diagnostics: Diagnostic[],
): readonly string[] {
  const report = (code: DiagnosticCode, clause: string, hint: string): void => {
    const message = `${quoteValue(path)} (${label}) ${clause}.`;
    diagnostics.push({ code, severity, message, hint, place: { file: resolve(path), line: 1, column: 1 } });
  };
  const read = readRegularFile(path, maxCaBytes, { followLinks: true });
  if (!read.ok) {
    const hint = "Name a PEM file that this user can read.";
    report("NETWORK_CA_UNREADABLE", `is not used: ${describeFileProblem(read.problem)}`, hint);
    return [];
  }
  const { certificates, broken } = extractCertificates(read.bytes.toString("latin1"));
  const hint = "It should hold blocks that begin with -----BEGIN CERTIFICATE-----.";
  if (broken > 0)
    report("NETWORK_CA_EMPTY", `holds ${broken} damaged certificates, which are left out`, hint);
  else if (certificates.length === 0) report("NETWORK_CA_EMPTY", "holds no certificate", hint);
  return certificates;
}

function withoutKeptCredentials(settings: NetworkSettings, diagnostics: Diagnostic[]): NetworkSettings {
  const { aptMirror, keepMirror } = settings;
  if (aptMirror === null || !keepMirror || !hasCredentials(aptMirror)) return settings;
  diagnostics.push({
    code: "NETWORK_CREDENTIALS_KEPT",
    severity: "error",
    message: `The apt mirror ${quoteValue(redactUrl(aptMirror))} has credentials and would stay in the image.`,
    hint: "Leave the mirror out of the image, or name one that needs no password.",
  });
  return { ...settings, keepMirror: false };
}
