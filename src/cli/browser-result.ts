import { escapeText } from "../diagnostic/quote-value.ts";
import type { Style } from "../report/style.ts";
import type { Browser } from "../sandbox/browser/browser-request.ts";

/** What a command tells of a browser; null in the place of what was not asked for. */
export interface BrowserResult {
  readonly name: string;
  readonly id: string;
  readonly state: Browser["state"];
  readonly headless: boolean;
  readonly cdpUrl: string;
  readonly vncPort: number | null;
  readonly cdpToken: string | null;
  readonly wsEndpoint: string | null;
  readonly vncPassword: string | null;
  /** Good once, and for a minute. */
  readonly viewerLink: string | null;
}

export async function browserResult(browser: Browser, showSecrets: boolean): Promise<BrowserResult> {
  const { name, containerId: id, state, headless, cdpUrl, vnc } = browser;
  return {
    ...{ name, id, state, headless, cdpUrl },
    vncPort: vnc?.port ?? null,
    cdpToken: showSecrets ? browser.cdpToken : null,
    wsEndpoint: showSecrets ? await browser.wsEndpoint() : null,
    vncPassword: showSecrets ? (vnc?.password ?? null) : null,
    viewerLink: showSecrets ? await browser.viewerLink() : null,
  };
}

export function formatBrowser(result: BrowserResult, style: Style): string {
  const { name, state, cdpUrl, cdpToken, wsEndpoint, vncPort, vncPassword, viewerLink } = result;
  return [
    `${style.green("✓")} ${escapeText(name)} ${state}`,
    `  control  ${cdpUrl}${cdpToken === null ? "" : `, token ${cdpToken}`}`,
    ...(wsEndpoint === null ? [] : [`           ${escapeText(wsEndpoint)}`]),
    ...(vncPort === null
      ? []
      : [`  screen   127.0.0.1:${vncPort}${vncPassword === null ? "" : `, password ${vncPassword}`}`]),
    ...(viewerLink === null ? [] : [`  watch    ${viewerLink}`]),
    ...(cdpToken === null ? [style.dim("  (token, password and a link to watch: --show-secrets)")] : []),
  ].join("\n");
}
