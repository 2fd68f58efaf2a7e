import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { closeFolder, openFolder } from "../../host/open-folder.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { createFileIn, type Owner, replaceFileIn } from "../../host/write-in-folder.ts";
import type { Home } from "../home/home-request.ts";
import { withFolderBelow } from "../home/with-folder-below.ts";
import { isLoopback } from "./diagnose-gateway.ts";

export interface GatewayLinkRequest {
  /** As `prepareHome` gave it: the sandbox's own. */
  readonly home: Pick<Home, "dir" | "path">;
  /** Who runs inside; null: whoever this process runs as. */
  readonly owner: Owner | null;
  /** Where a client inside reaches the gateway: `ws://host.docker.internal:18789`. */
  readonly url: string;
  /** Of the gateway, `gateway.auth.token`; never printed. */
  readonly token: string;
  /** Whether a configuration that is there already is replaced; default false. */
  readonly replace?: boolean;
}

export interface GatewayLink {
  /** Of the client's configuration, inside. The client finds it there by itself: it is in HOME. */
  readonly configPath: string;
  /** Of the client's state, inside. */
  readonly stateDir: string;
  readonly url: string;
}

const folderName = ".openclaw";
const fileName = "openclaw.json";

/**
 * Gives a sandbox a configuration of the gateway's client, in the home of its own: in an agent's workspace other sessions
 * would read the token, and in an argument every process. It holds an address and a token and nothing of the host's own
 * configuration, which has every provider's keys and makes a client that reads it a gateway.
 *
 * Throws `INPUT_INVALID` for an address that leads a sandbox to itself, `GATEWAY_LINK_EXISTS` where a configuration is there
 * and `replace` is not set, `STATE_FAILED` where the home has something else in its place.
 */
export function linkGateway({ home, owner, url, token, replace = false }: GatewayLinkRequest): GatewayLink {
  const checked = checkUrl(url);
  // The client's own words: remote mode is the client's, whatever the gateway itself runs in.
  const config = { gateway: { mode: "remote", remote: { url: checked, token } } };
  const text = `${JSON.stringify(config, null, 2)}\n`;
  const configPath = `${home.path}/${folderName}/${fileName}`;
  const opened = openFolder(home.dir);
  if (!opened.ok) throw stateFailure("open the home", home.dir, null);
  try {
    withFolderBelow(opened.folder, [folderName], { mode: 0o700, owner }, (folder) => {
      const attributes = { mode: 0o600, owner };
      if (replace) replaceFileIn(folder, fileName, text, attributes);
      else if (!createFileIn(folder, fileName, text, attributes)) throw linkExists(configPath);
    });
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("write the client's configuration in", home.dir, error);
  } finally {
    closeFolder(opened.folder);
  }
  return { configPath, stateDir: `${home.path}/${folderName}`, url: checked };
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const why =
    url === null || (url.protocol !== "ws:" && url.protocol !== "wss:")
      ? "is no WebSocket address"
      : url.username !== "" || url.password !== "" || url.search !== ""
        ? "holds more than an address, and an address is shown in logs"
        : isLoopback(url.hostname)
          ? "leads a sandbox to itself"
          : null;
  if (url !== null && why === null) return url.href.replace(/\/$/, "");
  throw new SkillcrateError("INPUT_INVALID", `The gateway's address ${quoteValue(hideQuery(text))} ${why}.`, {
    hint: "Name the host as a sandbox sees it: --url ws://host.docker.internal:18789",
  });
}

/** What stands before `@` and after `?` may be a secret. */
const hideQuery = (text: string): string => text.replace(/\/\/[^/@]*@/, "//…@").replace(/\?.*$/s, "?…");

function linkExists(path: string): SkillcrateError {
  return new SkillcrateError(
    "GATEWAY_LINK_EXISTS",
    `The sandbox has a client configuration already: ${path}.`,
    {
      hint: "Replace it with --replace, or leave it: skillcrate gateway check says whether it works.",
    },
  );
}

/** What an agent can do with such a link, for whoever is about to make one. */
export const linkGrants: readonly string[] = [
  "With this token the agent is an operator of the gateway: it can read every session, change the configuration, approve devices, and run tools that are not in a sandbox.",
  "Tools give it what it needs without a token: cron, message, sessions_*, web_search.",
];
