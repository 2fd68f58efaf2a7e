import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plannedHash } from "../../../src/cli/planned-hash.ts";
import { configDocumentOf } from "../../../src/config/config-document.ts";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { thisProcess } from "../../../src/host/process-identity.ts";
import { formatExplanation } from "../../../src/report/format-explanation.ts";
import { createStyle } from "../../../src/report/style.ts";
import { writeBrowserRecord } from "../../../src/sandbox/browser/browser-record.ts";
import { prepareBrowser } from "../../../src/sandbox/browser/prepare-browser.ts";
import { loadSandboxConfig } from "../../../src/sandbox/config/load-sandbox-config.ts";
import { createContainerUses } from "../../../src/sandbox/container/container-use.ts";
import { ownerId } from "../../../src/sandbox/container/owner-id.ts";
import { explainSandbox } from "../../../src/sandbox/explain/explain-sandbox.ts";
import { createHostPaths } from "../../../src/sandbox/host-paths/create-host-paths.ts";
import { recreateSandboxes } from "../../../src/sandbox/life/recreate-sandboxes.ts";
import { createMemoryEngine } from "../../support/memory-engine.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const sessionKey = "agent:main:telegram:dm:alice";
const { signal } = new AbortController();

/** A gateway on an engine in memory, whose session can have a browser. */
function browserGateway() {
  const homeDir = tempFolder();
  const stateDir = join(homeDir, ".openclaw");
  const workspace = join(stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  const memory = createMemoryEngine();
  const { engine } = memory;
  const owner = ownerId(stateDir);
  /** With these settings of the browser. */
  const withSettings = (settings: object) => {
    const browser = { enabled: true, image: "debian:test", ...settings };
    const config = { agents: { defaults: { workspace, sandbox: { mode: "all", browser } } } };
    const file = join(stateDir, "openclaw.json");
    const document = configDocumentOf(config, { file, stateDir, homeDir });
    const resolved = loadSandboxConfig(document, "main");
    const session = resolveSession({ config, sandboxOf: () => resolved.config, sessionKey });
    const gateway = { engine, owner, workspaceRoot: resolved.config.workspaceRoot.value };
    return { document, resolved, session, gateway };
  };
  const make = async (settings: object, unsandboxed = false) => {
    const { resolved, session } = withSettings(settings);
    const { plan, places } = await prepareBrowser(
      { session, config: resolved.config },
      {
        ...{ engine, owner, stateDir, homeDir, builds: new Map(), doors: new Map(), held: new Set() },
        unsandboxed,
        hostPaths: createHostPaths({ engine, containerId: null }),
        facts: () => engine.containers.facts(),
        uses: createContainerUses(),
      },
    );
    const id = await engine.sandboxes.create(plan.name, plan.body);
    await engine.sandboxes.start(id);
    return { id, plan, places };
  };
  const explain = (settings: object) => {
    const { document, resolved, session, gateway } = withSettings(settings);
    const sources = {
      ...{ config: document.valueAt([]), stateDir, homeDir },
      ...{ workspaceDir: workspace, bundledDir: null },
    };
    const secrets = { stored: new Map<string, string>(), gatewayEnv: {}, rules: [] };
    const skills = { ground: sources, names: null };
    return explainSandbox({ document, session, resolved, gateway, skills, hostBins: [], secrets, signal });
  };
  return { memory, withSettings, make, explain };
}

describe("recreate --mismatched", () => {
  test.each([
    ["without a network", {}],
    ["with a network of its own", { network: "bridge" }],
    ["in a network that is named", { network: "agents" }],
    ["that was started without Chromium's own sandbox", {}, true],
  ])(
    "leaves a browser %s, and takes one whose settings have changed",
    async (_, settings, unsandboxed = false) => {
      const { withSettings, make } = browserGateway();
      const { plan } = await make(settings, unsandboxed);
      const recreate = (changed: object) => {
        const { document, gateway } = withSettings(changed);
        const hash = plannedHash(gateway, document, signal);
        const request = { ...gateway, selection: { kind: "all" } as const, mismatched: true };
        return recreateSandboxes({ ...request, plannedHash: hash });
      };
      expect(await recreate(settings)).toEqual({ removed: [], kept: [] });
      expect(await recreate({ ...settings, vncPort: 5999 })).toMatchObject({
        removed: [{ name: plan.name, mismatch: "plan" }],
      });
    },
  );
});

describe("explain", () => {
  test("shows a browser's container, its doors, and in what it is not what would be made now", async () => {
    const { make, explain } = browserGateway();
    const { id, plan, places } = await make({});
    const same = await explain({});
    expect(same.browser.container).toMatchObject({ id, state: "running", network: "none", differences: [] });
    expect(same.browser.image).toMatchObject({ reference: "debian:test", id: plan.image.id });
    expect(same.browser.doors).toBeNull();
    expect(same.findings.filter(({ message }) => /browser/.test(message))).toEqual([]);

    const secrets = { cdpToken: "canary-1", vncPassword: "canary-2", linkSecret: "canary-3" };
    const doors = { keeper: thisProcess(), cdpPort: 41_001, vncPort: 41_002, viewerPort: 41_003 };
    writeBrowserRecord(places.recordsDir, { containerId: id, runningSince: "now", secrets, doors });
    const changed = await explain({ network: "bridge" });
    expect(changed.browser.doors).toEqual({
      ...{ keeperPid: process.pid, cdpPort: 41_001, vncPort: 41_002, viewerPort: 41_003 },
    });
    expect(changed.browser.container?.differences).toContainEqual({
      ...{ path: "HostConfig.NetworkMode", planned: plan.name, real: "none" },
    });
    expect(changed.browser.container?.differences?.map(({ path }) => path)).toContain("Mounts./browser/web");
    const [found] = changed.findings.filter(({ message }) => /The browser is not/.test(message));
    expect(found?.hint).toContain(`skillcrate sandbox recreate --session ${sessionKey} --browser`);
    const text = formatExplanation(changed, { cwd: "/", tool: null }, createStyle({}, {}));
    expect(text).toContain(`${plan.name} is running`);
    expect(text).toContain("control 41001, VNC 41002, viewer 41003");
    expect(`${text}${JSON.stringify(changed)}`).not.toContain("canary");
    // Another container's record says nothing of this one.
    writeBrowserRecord(places.recordsDir, { containerId: "x", runningSince: "now", secrets, doors });
    expect((await explain({})).browser.doors).toBeNull();
  });

  test("tells of an image that is not there, where the browser is on", async () => {
    const { memory, explain } = browserGateway();
    memory.tags.delete("debian:test");
    const codes = async (enabled: boolean) => {
      const { browser, findings } = await explain({ enabled });
      expect(browser).toMatchObject({ container: null, image: { id: null } });
      return findings.filter(({ hint }) => hint.includes("setup --only browser")).map(({ code }) => code);
    };
    expect(await codes(true)).toEqual(["EXPLAIN_IMAGE_MISSING"]);
    expect(await codes(false)).toEqual([]);
  });
});
