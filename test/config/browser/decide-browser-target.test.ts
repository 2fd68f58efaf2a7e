import { describe, expect, test } from "vitest";
import { decideBrowserTarget } from "../../../src/config/browser/decide-browser-target.ts";
import { configDocumentOf } from "../../../src/config/config-document.ts";
import { resolveSandboxConfig } from "../../../src/config/resolve-sandbox-config.ts";

const key = "agents.defaults.sandbox.browser";

/** What is decided of a target, with these settings of `sandbox.browser`. */
function decide(settings: object, target: "sandbox" | "host" | "custom", url?: string, sandboxed = true) {
  const config = { agents: { defaults: { sandbox: { browser: settings } } } };
  const ground = { file: "/state/openclaw.json", stateDir: "/state", homeDir: "/home/op" };
  const { browser } = resolveSandboxConfig(configDocumentOf(config, ground), "main").config;
  return decideBrowserTarget({ browser, sandboxed, target, ...(url === undefined ? {} : { url }) });
}

describe("the sandbox's own browser", () => {
  test("is there where it is enabled, and the key is told where it is not", () => {
    expect(decide({ enabled: true }, "sandbox")).toMatchObject({ allowed: true, blockedBy: [] });
    expect(decide({}, "sandbox")).toMatchObject({
      allowed: false,
      blockedBy: [{ key: `${key}.enabled` }],
      change: [`set ${key}.enabled to true`],
    });
  });

  test("is none of a session without a sandbox", () => {
    expect(decide({ enabled: true }, "sandbox", undefined, false)).toMatchObject({
      allowed: false,
      change: [],
    });
  });
});

describe("the host's browser", () => {
  test("only where that is allowed by name", () => {
    expect(decide({ allowHostControl: true }, "host").allowed).toBe(true);
    expect(decide({}, "host")).toMatchObject({
      allowed: false,
      blockedBy: [{ key: `${key}.allowHostControl` }],
      change: [`set ${key}.allowHostControl to true`],
    });
  });

  test("a session without a sandbox is confined by nothing here", () => {
    expect(decide({}, "host", undefined, false).allowed).toBe(true);
    expect(decide({}, "custom", "http://10.0.0.7:9222", false).allowed).toBe(true);
  });
});

describe("a browser at an address", () => {
  test("is refused where no list says which", () => {
    expect(decide({}, "custom", "http://browser.internal:9222")).toMatchObject({
      allowed: false,
      why: "No list says which browsers may be controlled, so none may.",
      change: [`add "http://browser.internal:9222/" to ${key}.allowedControlUrls`],
    });
  });

  test.each([
    ["allowedControlUrls", ["http://browser.internal:9222"], "http://BROWSER.internal:9222/", true],
    ["allowedControlUrls", ["http://browser.internal:9222"], "http://browser.internal:9222/other", false],
    ["allowedControlUrls", ["http://browser.internal"], "http://browser.internal:80/", true],
    ["allowedControlUrls", ["http://browser.internal"], "https://browser.internal/", false],
    ["allowedControlHosts", ["browser.internal"], "ws://browser.internal:1/x", true],
    ["allowedControlHosts", ["browser.internal"], "ws://browser.internal.evil.example/", false],
    ["allowedControlHosts", ["browser.internal"], "ws://evil.example/?browser.internal", false],
    ["allowedControlHosts", ["127.0.0.1"], "http://2130706433:9222/", true],
    ["allowedControlHosts", ["::1"], "http://[0:0::1]:9222/", true],
    ["allowedControlPorts", [443], "https://anything.example/", true],
    ["allowedControlPorts", [443], "https://anything.example:8443/", false],
  ])("%s: %j and %s: %s", (name, entries, url, allowed) => {
    const decision = decide({ [name]: entries }, "custom", url);
    expect(decision.allowed).toBe(allowed);
    expect(decision.blockedBy.map((gate) => gate.key)).toEqual(allowed ? [] : [`${key}.${name}`]);
  });

  test("has to be in each list that has entries; what is missing is told for each", () => {
    const lists = { allowedControlHosts: ["a.example"], allowedControlPorts: [9222] };
    expect(decide(lists, "custom", "http://a.example:9222/").allowed).toBe(true);
    expect(decide(lists, "custom", "http://b.example:9223/")).toMatchObject({
      allowed: false,
      change: [`add "b.example" to ${key}.allowedControlHosts`, `add 9223 to ${key}.allowedControlPorts`],
    });
  });

  test.each(["", "browser.internal:9222", "file:///etc/passwd", "http://user:pw@a.example/", "http://"])(
    "%j is none, and no setting helps",
    (url) => {
      expect(decide({ allowedControlHosts: ["a.example"] }, "custom", url)).toMatchObject({
        allowed: false,
        blockedBy: [],
        change: [],
      });
    },
  );
});
