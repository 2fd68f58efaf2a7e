import { get } from "node:http";
import { parseJson } from "../../host/parse-json.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/** What a browser says of itself at its door. */
export type BrowserAnswer =
  | { readonly ok: true; readonly product: string; readonly wsEndpoint: string }
  | { readonly ok: false };

/** Asks at a browser's door, with its token. Whatever does not answer as a browser is none. */
export function askBrowser(cdpUrl: string, cdpToken: string, timeoutMs: number): Promise<BrowserAnswer> {
  return new Promise((resolve) => {
    const fail = () => resolve({ ok: false });
    const signal = AbortSignal.timeout(timeoutMs);
    // The token in the path: then it is in the addresses of the answer too.
    const request = get(`${cdpUrl}/${cdpToken}/json/version`, { agent: false, signal }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > maxAnswerCharacters) response.destroy();
      });
      response.on("error", fail);
      response.on("close", fail);
      response.on("end", () => resolve(response.statusCode === 200 ? readVersion(text) : { ok: false }));
    });
    request.on("error", fail);
  });
}

const maxAnswerCharacters = 100_000;

function readVersion(text: string): BrowserAnswer {
  const answer = asObject(parseJson(text));
  const [product, wsEndpoint] = [ownValue(answer, "Browser"), ownValue(answer, "webSocketDebuggerUrl")];
  return typeof product === "string" && typeof wsEndpoint === "string"
    ? { ok: true, product, wsEndpoint }
    : { ok: false };
}
