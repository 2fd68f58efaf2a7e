import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ContainerPlan } from "../container/container-plan.ts";
import type { EnsuredContainer } from "../container/ensure-request.ts";
import type { ScopeFolder } from "../scope-folder.ts";
import { askBrowser } from "./ask-browser.ts";
import type { Browser, BrowserGround } from "./browser-request.ts";
import type { BrowserRun } from "./start-run.ts";

export interface DescribedBrowser extends BrowserRun {
  readonly container: EnsuredContainer;
  readonly plan: Pick<ContainerPlan, "name">;
  readonly folder: ScopeFolder;
  readonly headless: boolean;
}

/** A browser as its users have it. What is secret in it can be read, and is not listed. */
export function describeBrowser(described: DescribedBrowser, { held }: Pick<BrowserGround, "held">): Browser {
  const { container, plan, folder, headless, secrets, doors } = described;
  const { cdpToken, vncPassword } = secrets;
  const { cdpUrl, vncPort } = doors;
  const release = () => {
    held.delete(release);
    container.release();
  };
  held.add(release);
  const shown = {
    name: plan.name,
    containerId: container.id,
    state: container.action,
    outdated: container.outdated,
    headless,
    folder,
    cdpUrl,
    wsEndpoint: async () => {
      const answer = await askBrowser(cdpUrl, cdpToken, answerMs);
      if (answer.ok) return answer.wsEndpoint;
      throw notAnswering(plan.name);
    },
    connections: doors.connections,
    viewerLink: async () => (await doors.createViewerLink?.())?.url ?? null,
    release,
    [Symbol.asyncDispose]: async () => release(),
  };
  return withHidden(shown, {
    cdpToken,
    vnc:
      vncPort === null || vncPassword === null
        ? null
        : withHidden({ port: vncPort }, { password: vncPassword }),
  });
}

const answerMs = 5000;

/** Neither `inspect` nor `JSON.stringify` shows the hidden ones. */
function withHidden<Shown extends object, Hidden extends object>(
  shown: Shown,
  hidden: Hidden,
): Shown & Hidden {
  const descriptors = Object.entries(hidden).map(([key, value]) => [key, { value, enumerable: false }]);
  return Object.defineProperties(shown, Object.fromEntries(descriptors)) as Shown & Hidden;
}

function notAnswering(name: string): SkillcrateError {
  return new SkillcrateError("BROWSER_ENDED", `The browser ${quoteValue(name)} does not answer any more.`, {
    hint: "Ask for it again: it is started anew. What it printed: skillcrate sandbox browser status",
  });
}
