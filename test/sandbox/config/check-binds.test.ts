import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ConfigDocument, configDocumentOf } from "../../../src/config/config-document.ts";
import { bindGround, resolveSandboxConfig } from "../../../src/config/resolve-sandbox-config.ts";
import { checkBinds } from "../../../src/sandbox/config/check-binds.ts";
import { loadSandboxConfig } from "../../../src/sandbox/config/load-sandbox-config.ts";
import { canMount } from "../../support/can-mount.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** A home with a gateway's state in it, and the agent's workspace. */
function world() {
  const dir = realpathSync(tempFolder());
  const homeDir = join(dir, "people", "me");
  const stateDir = join(homeDir, ".openclaw");
  const workspace = join(stateDir, "workspace");
  mkdirSync(join(stateDir, "sandboxes"), { recursive: true });
  mkdirSync(join(workspace, "data"), { recursive: true });
  const folder = (...names: string[]) => {
    const path = join(dir, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const document = (binds: readonly string[], docker: object = {}): ConfigDocument =>
    configDocumentOf(
      { agents: { defaults: { sandbox: { scope: "shared", docker: { binds, ...docker } } } } },
      { file: join(stateDir, "openclaw.json"), stateDir, homeDir },
    );
  const load = (source: string, docker: object = {}) =>
    loadSandboxConfig(document([`${source}:/data:ro`], docker), "main").diagnostics.filter(
      ({ severity }) => severity === "error",
    );
  return { dir, homeDir, stateDir, workspace, folder, document, load };
}

const external = { dangerouslyAllowExternalBindSources: true };

describe("a source is judged by where it leads", () => {
  test("what is mounted has no link in it", () => {
    const { workspace, document } = world();
    symlinkSync("data", join(workspace, "one"));
    symlinkSync(join(workspace, "one"), join(workspace, "two"));
    const read = document([`${workspace}/two:/data`]);
    const { config } = resolveSandboxConfig(read, "main");
    expect(checkBinds(config.docker.binds, config, bindGround(config, read))).toEqual({
      binds: [{ source: join(workspace, "data"), target: "/data", readOnly: false }],
      diagnostics: [],
    });
  });

  test.each([
    ["/", /whole file system/],
    ["/etc", /\/etc is the host's own/],
    ["../../../../../../../../../../../../etc/passwd", /\/etc is the host's own/],
    ["/proc/self/root/etc", /\/etc is the host's own/],
    ["/proc/self/root/srv", /\/proc is the host's own/],
    ["/var", /\/var\/(run|lib)/],
  ])("a link to %s", (target, why) => {
    const { workspace, load } = world();
    symlinkSync(target, join(workspace, "link"));
    expect(load(join(workspace, "link"), external)).toMatchObject([{ code: "CONFIG_BIND_REFUSED" }]);
    expect(load(join(workspace, "link"), external)[0]?.message).toMatch(why);
    symlinkSync("link", join(workspace, "second"));
    expect(load(join(workspace, "second"), external)).toHaveLength(1);
  });

  test("a link half way, out of the workspace", () => {
    const { workspace, folder, load } = world();
    const outside = folder("elsewhere", "data");
    symlinkSync(folder("elsewhere"), join(workspace, "link"));
    const [refusal] = load(join(workspace, "link", "data"));
    expect(refusal).toMatchObject({ code: "CONFIG_BIND_REFUSED" });
    expect(refusal?.message).toContain(`it leads to "${outside}"`);
    expect(load(join(workspace, "link", "data"), external)).toEqual([]);
  });

  test("a login folder, a home, the gateway's state, other sandboxes", () => {
    const { dir, homeDir, stateDir, workspace, folder, load } = world();
    mkdirSync(join(homeDir, ".ssh"));
    symlinkSync(join(homeDir, ".ssh"), join(workspace, "keys"));
    symlinkSync(homeDir, join(workspace, "home"));
    symlinkSync(dir, join(workspace, "above"));
    symlinkSync(stateDir, join(workspace, "state"));
    symlinkSync(join(stateDir, "sandboxes"), join(workspace, "sandboxes"));
    mkdirSync(join(folder("people", "other"), ".gnupg"), { recursive: true });
    symlinkSync(join(dir, "people", "other"), join(workspace, "other"));
    for (const name of ["keys", "home", "above", "state", "sandboxes", "other"]) {
      expect(load(join(workspace, name), external), name).toMatchObject([{ code: "CONFIG_BIND_REFUSED" }]);
    }
  });

  test("a socket, a pipe, and the folder of an engine's socket", async () => {
    const { workspace, load } = world();
    const server = createServer().listen(join(workspace, "data", "docker.sock"));
    await once(server, "listening");
    try {
      symlinkSync("data/docker.sock", join(workspace, "harmless"));
      for (const name of ["harmless", "data"]) {
        expect(load(join(workspace, name)), name).toMatchObject([{ code: "CONFIG_BIND_REFUSED" }]);
      }
    } finally {
      server.close();
    }
  });

  test("links in a circle, links to nothing, nothing at all", () => {
    const { workspace, load } = world();
    symlinkSync("b", join(workspace, "a"));
    symlinkSync("a", join(workspace, "b"));
    symlinkSync("nothing", join(workspace, "c"));
    expect(load(join(workspace, "a"))).toMatchObject([{ code: "CONFIG_BIND_REFUSED" }]);
    expect(load(join(workspace, "c"))).toMatchObject([{ code: "CONFIG_BIND_MISSING" }]);
    expect(load(join(workspace, "d"))).toMatchObject([{ code: "CONFIG_BIND_MISSING" }]);
  });

  test("a file of the workspace may be mounted", () => {
    const { workspace, load } = world();
    writeFileSync(join(workspace, "notes.md"), "");
    expect(load(join(workspace, "notes.md"))).toEqual([]);
  });

  test("a workspace that is a link itself", () => {
    const { stateDir, folder, load } = world();
    const real = folder("disk", "work");
    mkdirSync(join(real, "data"));
    symlinkSync(real, join(stateDir, "workspace-linked"));
    const sources = [join(stateDir, "workspace-linked", "data")];
    const document = configDocumentOf(
      {
        agents: {
          defaults: {
            workspace: join(stateDir, "workspace-linked"),
            sandbox: { docker: { binds: sources.map((source) => `${source}:/data:ro`) } },
          },
        },
      },
      { file: join(stateDir, "openclaw.json"), stateDir, homeDir: join(stateDir, "..") },
    );
    expect(loadSandboxConfig(document, "main").diagnostics).toEqual([]);
    expect(load(join(real, "data"))).toHaveLength(1);
  });
});

if (!canMount) console.info("Left out: other mounts of the same folder; they need root and a mount.");

describe.runIf(canMount)("another mount of the same folder", () => {
  /** A folder of the workspace that is this place of the host, too. */
  function alias(place: string, at: string): string {
    mkdirSync(at);
    execFileSync("mount", ["--bind", place, at]);
    onTestFinished(() => void execFileSync("umount", [at]));
    return at;
  }

  test.each([
    ["of what is never mounted", "/etc", ""],
    ["and what lies in it", "/etc", "passwd"],
    ["of what holds it", "/var", ""],
  ])("%s", (_, place, below) => {
    const { workspace, load } = world();
    const source = alias(place, join(workspace, "alias"));
    expect(load(join(source, below))).toMatchObject([{ code: "CONFIG_BIND_REFUSED" }]);
  });

  test("of the gateway's state", () => {
    const { workspace, stateDir, load } = world();
    expect(load(alias(stateDir, join(workspace, "alias")))).toMatchObject([{ code: "CONFIG_BIND_REFUSED" }]);
  });
});

test("what is refused by its spelling is told once", () => {
  const { load } = world();
  expect(load("/etc")).toHaveLength(1);
  expect(load("/srv")).toHaveLength(1);
});

test("a home that cannot be where docker.env wants it is told with the settings", () => {
  const { document } = world();
  const env = { HOME: "/root", XDG_CONFIG_HOME: "/workspace/home/.config" };
  expect(loadSandboxConfig(document([], { env }), "main").diagnostics).toMatchObject([
    { code: "HOME_PATH_REFUSED", severity: "warning" },
  ]);
});
