import { decideBrowserTarget } from "../../config/browser/decide-browser-target.ts";
import type { BrowserConfig } from "../../config/sandbox-config.ts";
import { escapeText } from "../../diagnostic/quote-value.ts";
import type { Explanation } from "./explanation.ts";

/** Whose browsers the agent of a session may control, by the settings alone. */
export function explainBrowser(browser: BrowserConfig, sandboxed: boolean): Explanation["browser"] {
  const targets = (["sandbox", "host"] as const).map((target) =>
    decideBrowserTarget({ browser, sandboxed, target }),
  );
  return { targets, custom: describeCustom(browser, sandboxed) };
}

function describeCustom(browser: BrowserConfig, sandboxed: boolean): string {
  if (!sandboxed) return "every address: the session is not sandboxed.";
  const { allowedControlUrls, allowedControlHosts, allowedControlPorts } = browser;
  const set = [allowedControlUrls, allowedControlHosts, allowedControlPorts].filter(
    ({ value }) => value.length > 0,
  );
  if (set.length === 0) {
    const key = escapeText(allowedControlUrls.origin.key);
    return `no address: no list says which. For one: add it to ${key}`;
  }
  const keys = set.map(({ origin }) => escapeText(origin.key)).join(", ");
  return `addresses that ${keys} ${set.length === 1 ? "has" : "all have"}.`;
}
