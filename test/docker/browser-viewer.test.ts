import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { openPage } from "../../src/sandbox/browser/browser-pages.ts";
import type { Browser } from "../../src/sandbox/browser/browser-request.ts";
import { type CdpConnection, withCdp } from "../../src/sandbox/browser/with-cdp.ts";
import { asObject } from "../../src/skill/own-value.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { type BrowserWorld, browserWorld } from "../support/browser-world.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let watched: BrowserWorld;
let person: BrowserWorld;

beforeAll(async () => {
  const engine = await connectTestEngine();
  const image = await obtainBrowserImage();
  watched = browserWorld(engine, image, { headless: false });
  person = browserWorld(engine, image, { headless: true });
}, 300_000);

afterAll(async () => {
  await watched?.remove();
  await person?.remove();
});

/** What a script says in a page; null while the page goes from one address to another. */
async function evaluate(cdp: CdpConnection, session: string, expression: string): Promise<unknown> {
  try {
    const answer = await cdp.send("Runtime.evaluate", { expression, returnByValue: true }, session);
    return asObject(answer["result"])?.["value"] ?? null;
  } catch (error) {
    if (error instanceof SkillcrateError && error.code === "BROWSER_ANSWER_INVALID") return null;
    throw error;
  }
}

async function until<Value>(ask: () => Promise<Value>, fits: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    await delay(200);
  }
}

/** Opens an address in a browser, and hands its page to a task. */
async function inPage<Result>(
  browser: Browser,
  url: string,
  task: (cdp: CdpConnection, session: string) => Promise<Result>,
): Promise<Result> {
  return withCdp(await browser.wsEndpoint(), undefined, async (cdp) => {
    const { targetId } = await cdp.send("Target.createTarget", { url });
    const { sessionId } = await cdp.send("Target.attachToTarget", { targetId, flatten: true });
    return task(cdp, String(sessionId));
  });
}

/** Red, green and blue in the middle of the screen that noVNC shows; null: it shows none yet. */
const middle = `(() => {
  const canvas = document.querySelector("#noVNC_container canvas");
  if (canvas === null || canvas.width < 100) return null;
  const { data } = canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
  return [...data].slice(0, 3).join();
})()`;

const green = "0,128,0";
const red = "255,0,0";
const page = `<body style="background:green"><script>
  onclick = () => { document.body.style.background = "red"; };
</script>`;

describe("a person", () => {
  test("sees an agent's page in a browser of their own, and clicks in it", async () => {
    const agents = await watched.open().ensureBrowser(watched.request("agent"));
    await openPage(await agents.wsEndpoint(), `data:text/html,${encodeURIComponent(page)}`);
    const link = (await agents.viewerLink()) ?? "";
    // Their browser is one of ours too: the only way out of it is to this very viewer.
    const allow = [new URL(link).host];
    const own = await person.open().ensureBrowser(person.request("person", { allow }));
    await inPage(own, link, async (cdp, session) => {
      const ask = (expression: string) => evaluate(cdp, session, expression);
      // Before, it shows a screen on which the page is not yet.
      await until(
        () => ask(middle),
        (value) => value === green,
      );
      expect(await ask("location.pathname")).toBe("/vnc.html");
      // No script of the page reads the cookie, and nothing on the way has learned the link.
      expect(await ask("[document.cookie, document.referrer, history.length].join('|')")).toBe("||1");
      const box = "document.querySelector('#noVNC_container canvas').getBoundingClientRect()";
      const point = {
        x: Number(await ask(`${box}.left + ${box}.width / 2`)),
        y: Number(await ask(`${box}.top + ${box}.height / 2`)),
      };
      for (const type of ["mouseMoved", "mousePressed", "mouseReleased"]) {
        await cdp.send(
          "Input.dispatchMouseEvent",
          { type, ...point, button: "left", clickCount: 1 },
          session,
        );
      }
      await until(
        () => ask(middle),
        (value) => value === red,
      );
    });
    await inPage(own, link, async (cdp, session) => {
      const said = await until(
        () => evaluate(cdp, session, "document.body.innerText"),
        (text) => text !== null && text !== "",
      );
      expect(said).toContain("was used before");
    });
  }, 120_000);
});
