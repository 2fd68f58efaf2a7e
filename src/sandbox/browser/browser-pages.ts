import { setTimeout as delay } from "node:timers/promises";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { type CdpConnection, withCdp } from "./with-cdp.ts";

/** A page that is open in a browser. Foreign text, all of it. */
export interface BrowserPage {
  readonly id: string;
  readonly url: string;
  readonly title: string;
}

/** The pages of a browser, the latest first. `endpoint`: of the whole browser, see `Browser.wsEndpoint`. */
export async function listPages(endpoint: string, signal?: AbortSignal): Promise<readonly BrowserPage[]> {
  return withCdp(endpoint, signal, readPages);
}

/** Opens a page, and waits until it is there, or `loadMs` are over. Gives it as it is then. */
export async function openPage(endpoint: string, url: string, signal?: AbortSignal): Promise<BrowserPage> {
  return withCdp(endpoint, signal, async (cdp) => {
    const id = textOf(await cdp.send("Target.createTarget", { url }), "targetId");
    const session = await attach(cdp, id);
    const endMs = performance.now() + loadMs;
    while (performance.now() < endMs && !(await isLoaded(cdp, session))) {
      throwIfCancelled(signal);
      await delay(lookMs);
    }
    const pages = await readPages(cdp);
    return pages.find((page) => page.id === id) ?? { id, url, title: "" };
  });
}

/** A picture of a page as PNG; by default of the latest one, what is on the screen of it. */
export async function takeScreenshot(
  endpoint: string,
  { pageId = null, whole = false }: { readonly pageId?: string | null; readonly whole?: boolean } = {},
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return withCdp(endpoint, signal, async (cdp) => {
    const [latest] = await readPages(cdp);
    const id = pageId ?? latest?.id;
    if (id === undefined) throw noPage();
    const session = await attach(cdp, id);
    const params = { format: "png", captureBeyondViewport: whole };
    const data = textOf(await cdp.send("Page.captureScreenshot", params, session), "data");
    return Buffer.from(data, "base64");
  });
}

const loadMs = 30_000;
const lookMs = 50;

async function attach(cdp: CdpConnection, targetId: string): Promise<string> {
  return textOf(await cdp.send("Target.attachToTarget", { targetId, flatten: true }), "sessionId");
}

/** A new page is `about:blank`, and complete, until it goes to its address. */
async function isLoaded(cdp: CdpConnection, session: string): Promise<boolean> {
  const expression = "document.readyState === 'complete' && performance.timing.loadEventEnd > 0";
  try {
    const answer = await cdp.send("Runtime.evaluate", { expression, returnByValue: true }, session);
    return ownValue(asObject(answer["result"]), "value") === true;
  } catch (error) {
    // A page that goes on to another address takes the question with it.
    if (error instanceof SkillcrateError && error.code === "BROWSER_ANSWER_INVALID") return false;
    throw error;
  }
}

async function readPages(cdp: CdpConnection): Promise<readonly BrowserPage[]> {
  const { targetInfos } = await cdp.send("Target.getTargets");
  return (Array.isArray(targetInfos) ? targetInfos : [])
    .map((info) => asObject(info) ?? {})
    .filter((info) => info["type"] === "page")
    .map((info) => ({
      id: String(info["targetId"]),
      url: String(info["url"] ?? ""),
      title: String(info["title"] ?? ""),
    }));
}

function textOf(answer: Readonly<Record<string, unknown>>, key: string): string {
  const value = answer[key];
  if (typeof value === "string") return value;
  throw new SkillcrateError("BROWSER_ANSWER_INVALID", `The browser's answer has no ${key}.`, {
    hint: "Is its image the browser's? skillcrate setup --only browser",
  });
}

function noPage(): SkillcrateError {
  return new SkillcrateError("BROWSER_ANSWER_INVALID", "No page is open in the browser.", {
    hint: "Open one: skillcrate sandbox browser open URL",
  });
}
