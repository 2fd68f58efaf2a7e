import { homeRemoveOptions, notEmpty } from "./command-options.ts";
import { flag, list, text } from "./option.ts";
import { sandboxRunOptions } from "./sandbox-options.ts";

const { session, agent } = sandboxRunOptions;

const web = {
  webAllow: list(
    "--web-allow <entries>",
    "what of the web it may reach: example.com, *.example.com, 10.0.0.0/8, 127.0.0.1:8080, * (default: browser-web.json5 of the state folder, else every public address)",
    null,
    notEmpty,
  ),
  webDeny: list("--web-deny <entries>", "what it may not reach, whatever is allowed", null, notEmpty),
};

const secrets = {
  showSecrets: flag("--show-secrets", "print its token, its password and a link to its screen"),
};

export const browserServeOptions = {
  freshProfile: flag("--fresh-profile", "without the cookies and settings of its last start"),
  ...web,
  ...{ session, agent },
};

export const browserStartOptions = { ...browserServeOptions, ...secrets };

export const browserStatusOptions = { ...secrets, session, agent };

export const browserStopOptions = { force: homeRemoveOptions.force, session, agent };

export const browserOpenOptions = browserServeOptions;

export const browserScreenshotOptions = {
  page: text("--page <id>", "of which page, by its id in status (default: the latest)", notEmpty),
  whole: flag("--whole", "the whole page, and not only what is seen of it"),
  ...{ session, agent },
};
