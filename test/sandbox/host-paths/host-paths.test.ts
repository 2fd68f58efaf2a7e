import { describe, expect, it } from "vitest";
import type { ContainerDetails } from "../../../src/engine/sandbox/sandbox-port.ts";
import { bindsOnEngine } from "../../../src/sandbox/ensure/binds-on-engine.ts";
import { createHostPaths } from "../../../src/sandbox/host-paths/create-host-paths.ts";
import { ownContainerId } from "../../../src/sandbox/host-paths/own-container-id.ts";
import { readOwnMounts, translatePath } from "../../../src/sandbox/host-paths/translate-path.ts";
import { sandboxWorld } from "../../support/sandbox-world.ts";

const id = "0123456789abcdef".repeat(4);

describe("ownContainerId", () => {
  it.each([
    [
      "Docker",
      `600 590 254:0 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/vda rw`,
      "",
    ],
    [
      "Docker with a data root of its own",
      `1 2 0:1 /data/containers/${id}/resolv.conf /etc/resolv.conf rw - ext4 x rw`,
      "",
    ],
    [
      "Podman",
      `1 2 0:24 /containers/overlay-containers/${id}/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw`,
      "",
    ],
    ["an older cgroup", "", `12:cpu:/docker/${id}\n`],
    ["a cgroup of systemd", "", `0::/system.slice/docker-${id}.scope\n`],
  ])("is found in %s", (_, mountinfo, cgroup) => {
    expect(ownContainerId({ mountinfo, cgroup })).toBe(id);
  });

  it("is not found on a host, nor in a mount that only looks like it", () => {
    const mountinfo = `22 27 0:21 / /proc rw - proc proc rw\n1 2 0:1 /containers/${id}/x /srv/x rw - ext4 x rw`;
    expect(ownContainerId({ mountinfo, cgroup: "0::/init.scope\n" })).toBeNull();
  });
});

describe("translatePath", () => {
  const mounts = readOwnMounts({
    Mounts: [
      { Type: "bind", Source: "/srv/state", Destination: "/root/.openclaw" },
      { Type: "bind", Source: "/srv/boxes", Destination: "/root/.openclaw/sandboxes" },
      { Type: "volume", Source: "/var/lib/docker/volumes/v/_data", Destination: "/data" },
      { Type: "tmpfs", Source: "", Destination: "/tmp" },
    ],
  });

  it.each([
    ["/root/.openclaw", "/srv/state"],
    ["/root/.openclaw/workspace", "/srv/state/workspace"],
    ["/root/.openclaw/sandboxes/a", "/srv/boxes/a"],
    ["/data/x", "/var/lib/docker/volumes/v/_data/x"],
  ])("%s is %s", (path, expected) => {
    expect(translatePath(path, mounts)).toMatchObject({ kind: "path", path: expected });
  });

  it.each(["/root/.openclawx/a", "/tmp/a", "/home/a"])("%s is on no mount that can be shared", (path) => {
    expect(translatePath(path, mounts).kind).toBe("unmounted");
  });

  it("takes an answer that is none for no mounts", () => {
    expect(readOwnMounts(null)).toEqual([]);
    expect(readOwnMounts({ Mounts: [null, 1] })).toHaveLength(2);
  });
});

describe("configured mounts of a gateway in a container", () => {
  const seen = {
    homeDir: "/root",
    stateDir: "/root/.openclaw",
    workspaceRoot: "/root/.openclaw/sandboxes",
    agentWorkspace: "/root/.openclaw/workspace",
  };
  const bind = (source: string) => ({ source, target: "/data", readOnly: true });
  const onEngine = async (...sources: readonly string[]) => {
    const world = sandboxWorld();
    const { sandboxes, containers } = world.memory.engine;
    const inspected = { Mounts: [{ Type: "bind", Source: "/srv/state", Destination: "/root/.openclaw" }] };
    const known = await sandboxes.create("gateway", world.plan().body);
    const inspect = async () => ({ ...((await sandboxes.inspect(known)) as ContainerDetails), inspected });
    const engine = { containers, sandboxes: { ...sandboxes, inspect } };
    const hostPaths = createHostPaths({ engine, containerId: id });
    const asked = world.memory.calls.length;
    const result = await bindsOnEngine(sources.map(bind), seen, hostPaths, undefined);
    return { ...result, asked: world.memory.calls.length - asked };
  };

  it("are where the engine has them, and judged by where it has the rest; none is asked for twice", async () => {
    expect(await onEngine("/root/.openclaw/workspace/data", "/root/.openclaw/workspace/more")).toEqual({
      binds: [bind("/srv/state/workspace/data"), bind("/srv/state/workspace/more")],
      ground: {
        // In the gateway's own layer: no mount can lead there.
        homeDir: "/root",
        stateDir: "/srv/state",
        workspaceRoot: "/srv/state/sandboxes",
        agentWorkspace: "/srv/state/workspace",
      },
      asked: 1,
    });
  });

  it("are refused where the engine cannot have them", async () => {
    await expect(onEngine("/opt/data")).rejects.toMatchObject({ code: "HOST_PATH_UNKNOWN" });
  });

  it("are no question where there are none", async () => {
    expect(await onEngine()).toEqual({ binds: [], ground: seen, asked: 0 });
  });
});
