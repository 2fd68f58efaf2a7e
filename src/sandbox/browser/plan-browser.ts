import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import type { CheckedBind } from "../config/check-binds.ts";
import type { ContainerPlan } from "../container/container-plan.ts";
import type { ContainerSettings } from "../container/container-request.ts";
import { planContainer } from "../container/plan-container.ts";
import { readSeccompProfile } from "../container/read-seccomp-profile.ts";
import type { ContainerParts } from "../ensure/container-parts.ts";
import { containerSettings } from "../ensure/container-settings.ts";
import { insidePaths } from "../sandbox-mount.ts";
import { downloadsName } from "./browser-folders.ts";

/** `mounts`: see {@link browserMounts}. */
export interface BrowserParts extends ContainerParts {
  /** Whether Chromium may run without its own sandbox where it cannot have one. */
  readonly unsandboxed: boolean;
}

/**
 * Plans a browser's container: closed as a sandbox's is, with what Chromium needs to keep its own sandbox. Without a
 * network: what drives it comes, and what it loads goes, through sockets in mounted folders.
 */
export function planBrowser(parts: BrowserParts): ContainerPlan {
  const { config, session, owner, product, facts, image, folder, user, mounts, binds, unsandboxed } = parts;
  return planContainer({
    role: "browser",
    scope: session.scope,
    agentId: session.agentId,
    ownerId: owner,
    scopeDir: folder.dir,
    ownNetwork: hasOwnNetwork(config),
    image: { reference: config.browser.image.value, id: image.id, env: image.env },
    user,
    mounts,
    tmpfs: [
      { target: browserPaths.secrets, sizeBytes: mebibyte, mode: 0o700, ...user },
      { target: "/tmp", sizeBytes: 256 * mebibyte, mode: 0o1777, uid: 0, gid: 0 },
    ],
    env: { ...browserEnv(config), ...(unsandboxed ? { [unsandboxedVariable]: "1" } : {}) },
    command: [entrypoint],
    seccompProfile: readSeccompProfile("browser"),
    settings: browserSettings(config, binds),
    engine: { product, ...facts },
  });
}

/** By this name somebody lets Chromium run where it cannot have its own sandbox: here, and inside. */
export const unsandboxedVariable = "OPENCLAW_BROWSER_UNSANDBOXED";

/** Whether a container was made like that. `inspected`: the engine's answer. */
export function isMadeUnsandboxed(inspected: unknown): boolean {
  const env = ownValue(asObject(ownValue(asObject(inspected), "Config")), "Env");
  return Array.isArray(env) && env.includes(`${unsandboxedVariable}=1`);
}

/** Inside. */
export const browserPaths = {
  doors: "/browser/doors",
  web: "/browser/web",
  profile: "/browser/profile",
  secrets: "/browser/secrets",
} as const;

/** Whether the web comes in through our proxy. */
export function hasWebProxy({ browser }: SandboxConfig): boolean {
  return (browser.network.value ?? "none") === "none";
}

/** Whether it asks for a bridge, and names none of those that are there: then it gets one that nobody else is in. */
function hasOwnNetwork({ browser }: SandboxConfig): boolean {
  return ["bridge", "default"].includes(browser.network.value ?? "none");
}

const entrypoint = "/usr/local/bin/sandbox-browser";
const mebibyte = 2 ** 20;

function browserSettings(config: SandboxConfig, binds: readonly CheckedBind[]): ContainerSettings {
  const { browser } = config;
  return {
    ...containerSettings(config, binds),
    containerPrefix: browser.containerPrefix.value,
    workdir: insidePaths.workspace,
    readOnlyRoot: true,
    network: browser.network.value ?? "none",
    capDrop: ["ALL"],
    // Chromium has a process for each site, and ten threads in each.
    pidsLimit: 512,
    memoryBytes: 2048 * mebibyte,
    memorySwapBytes: 2048 * mebibyte,
    cpus: 2,
    ulimits: {},
    shmSizeBytes: 512 * mebibyte,
    gpus: null,
    setup: null,
  };
}

/** No secrets: they come as a file, after the start. */
function browserEnv(config: SandboxConfig): Readonly<Record<string, string>> {
  const { cdpPort, vncPort, noVncPort, headless, enableNoVnc, cdpSourceRange } = config.browser;
  const sources = hasWebProxy(config) ? null : cdpSourceRange.value;
  return {
    OPENCLAW_BROWSER_HEADLESS: headless.value ? "1" : "0",
    OPENCLAW_BROWSER_ENABLE_NOVNC: enableNoVnc.value ? "1" : "0",
    OPENCLAW_BROWSER_CDP_PORT: String(cdpPort.value),
    OPENCLAW_BROWSER_VNC_PORT: String(vncPort.value),
    OPENCLAW_BROWSER_NOVNC_PORT: String(noVncPort.value),
    SKILLCRATE_BROWSER_DOORS: browserPaths.doors,
    SKILLCRATE_BROWSER_DOWNLOADS: `${insidePaths.workspace}/${downloadsName}`,
    ...(hasWebProxy(config) ? { SKILLCRATE_BROWSER_WEB: `${browserPaths.web}/web.sock` } : {}),
    ...(sources === null
      ? {}
      : {
          SKILLCRATE_BROWSER_LISTEN: sources.includes(":") ? "::" : "0.0.0.0",
          SKILLCRATE_BROWSER_CDP_SOURCES: sources,
        }),
  };
}
