import { describe, expect, test } from "vitest";
import { configDocumentOf } from "../../../src/config/config-document.ts";
import { resolveSandboxConfig } from "../../../src/config/resolve-sandbox-config.ts";
import { auditBrowser } from "../../../src/sandbox/audit/audit-browser.ts";
import { auditContainer } from "../../../src/sandbox/audit/audit-container.ts";
import { planBrowser } from "../../../src/sandbox/browser/plan-browser.ts";
import { asInspected } from "../../../src/sandbox/container/as-inspected.ts";
import { checkContainerPlan } from "../../../src/sandbox/container/check-container-plan.ts";
import { compareContainer } from "../../../src/sandbox/container/compare-container.ts";
import { readSeccompProfile } from "../../../src/sandbox/container/read-seccomp-profile.ts";
import { allowancesOf } from "../../support/sandbox-world.ts";

const ground = { file: "/state/openclaw.json", stateDir: "/state", homeDir: "/home/op" };

/** The plan of a browser, with these settings of the sandbox. */
function plan(sandbox: object = {}, unsandboxed = false) {
  const document = configDocumentOf({ agents: { defaults: { sandbox } } }, ground);
  const dir = "/state/sandboxes/agent-main";
  return planBrowser({
    config: resolveSandboxConfig(document, "main").config,
    session: { scope: { kind: "session", key: "agent:main:main" }, agentId: "main" },
    owner: "0123456789abcdef",
    product: "docker",
    facts: { cpus: 4, hasInit: true, countsSwap: true, defaultRuntime: "runc", appArmor: false },
    image: { id: `sha256:${"ab".repeat(32)}`, env: ["PATH=/usr/bin"] },
    folder: { dir },
    user: { uid: 1000, gid: 1000 },
    mounts: [{ source: `${dir}/browser/doors`, target: "/browser/doors", readOnly: false }],
    binds: [],
    unsandboxed,
  });
}

describe("a browser's container", () => {
  test("is closed as a sandbox's is, with what Chromium needs for a sandbox of its own", () => {
    const { body, name, setup } = plan();
    expect(name).toMatch(/^openclaw-sbx-browser-/);
    expect(setup).toBeNull();
    expect(body.Labels["dev.skillcrate.role"]).toBe("browser");
    expect(body.Entrypoint).toEqual(["/usr/local/bin/sandbox-browser"]);
    expect(body.HostConfig).toMatchObject({
      ...{ NetworkMode: "none", ReadonlyRootfs: true, CapDrop: ["ALL"], CapAdd: [], PidsLimit: 512 },
      ...{ Memory: 2 * 2 ** 30, MemorySwap: 2 * 2 ** 30, ShmSize: 2 ** 29, NanoCpus: 2e9 },
      SecurityOpt: ["no-new-privileges", `seccomp=${readSeccompProfile("browser").json}`],
    });
    expect(body.HostConfig.Tmpfs["/browser/secrets"]).toBe(
      "rw,exec,nosuid,nodev,size=1048576,mode=700,uid=1000,gid=1000",
    );
    expect(body.HostConfig.Tmpfs["/tmp"]).toContain(`size=${256 * 2 ** 20}`);
  });

  test("passes the last check, compares with itself, and no benchmark finds anything in it", () => {
    const planned = plan();
    expect(checkContainerPlan(planned, allowancesOf(planned))).toEqual([]);
    const inspected = asInspected(planned);
    expect(compareContainer(planned, inspected)).toEqual([]);
    expect(auditContainer(planned.name, inspected, { appArmor: false })).toEqual([]);
  });

  test("is not loosened by what loosens the sandbox", () => {
    const docker = { readOnlyRoot: false, capDrop: ["MKNOD"], pidsLimit: "unlimited", memory: "unlimited" };
    expect(plan({ docker }).body.HostConfig).toEqual(plan().body.HostConfig);
  });

  test("has its web from the proxy unless it has a network; CDP is on that only for whom cdpSourceRange names", () => {
    const env = (browser: object) => plan({ browser }).body.Env.join("\n");
    expect(env({})).toContain("SKILLCRATE_BROWSER_WEB=/browser/web/web.sock");
    expect(env({ cdpSourceRange: "172.21.0.1/32" })).not.toContain("LISTEN");
    const bridged = env({ network: "agents", cdpSourceRange: "172.21.0.1/32" });
    expect(bridged).not.toContain("SKILLCRATE_BROWSER_WEB");
    expect(bridged).toContain("SKILLCRATE_BROWSER_CDP_SOURCES=172.21.0.1/32");
    expect(bridged).toContain("SKILLCRATE_BROWSER_LISTEN=0.0.0.0");
    expect(env({ network: "agents", cdpSourceRange: "fd00::/64" })).toContain("SKILLCRATE_BROWSER_LISTEN=::");
    expect(env({ network: "agents" })).not.toContain("LISTEN");
  });

  test("keeps Chromium's own sandbox unless somebody lets it go by name, and audit says so", () => {
    const audit = (planned: ReturnType<typeof plan>) => auditBrowser(planned.name, asInspected(planned));
    expect(plan().body.Env.join("\n")).not.toContain("UNSANDBOXED");
    expect(audit(plan())).toEqual([]);
    const open = plan({}, true);
    expect(open.body.Env).toContain("OPENCLAW_BROWSER_UNSANDBOXED=1");
    expect(audit(open)).toMatchObject([{ check: "BROWSER_UNSANDBOXED", severity: "high" }]);
    expect(audit(open)[0]?.fix).toContain("OPENCLAW_BROWSER_UNSANDBOXED");
  });

  test.each(["bridge", "default"])(
    "has a network of its own for %s, and joins one that is named",
    (network) => {
      const own = plan({ browser: { network } });
      expect(own.network?.name).toBe(own.name);
      expect(own.body.HostConfig.NetworkMode).toBe(own.name);
      expect(own.body.Env.join("\n")).not.toContain("SKILLCRATE_BROWSER_WEB");
      expect(checkContainerPlan(own, allowancesOf(own))).toEqual([]);
      // What the benchmark says of the engine's own bridge holds for no other.
      expect(auditContainer(own.name, asInspected(own), { appArmor: false })).toEqual([]);
      const named = plan({ browser: { network: "agents" } });
      expect([named.network, named.body.HostConfig.NetworkMode]).toEqual([null, "agents"]);
      expect(plan().network).toBeNull();
    },
  );
});
