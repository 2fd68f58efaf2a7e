import { describe, expect, it } from "vitest";
import { auditContainer } from "../../../src/sandbox/audit/audit-container.ts";
import { cisChecks, cisNotJudged } from "../../../src/sandbox/audit/cis-checks.ts";

/** What an engine says of a container that nothing is open in. */
const closed = {
  AppArmorProfile: "docker-default",
  HostConfig: {
    CapAdd: null,
    CapDrop: ["ALL"],
    CgroupParent: "",
    Devices: [],
    IpcMode: "private",
    Memory: 1 << 30,
    NanoCpus: 1e9,
    NetworkMode: "none",
    PidMode: "",
    PidsLimit: 256,
    PortBindings: {},
    Privileged: false,
    PublishAllPorts: false,
    ReadonlyRootfs: true,
    RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
    SecurityOpt: ["no-new-privileges", "seccomp={}"],
    Ulimits: [{ Name: "nofile", Soft: 1024, Hard: 4096 }],
    UsernsMode: "",
    UTSMode: "",
  },
  Mounts: [
    {
      Type: "bind",
      Source: "/root/.openclaw/sandboxes/x/workspace",
      Destination: "/workspace",
      Propagation: "rprivate",
    },
  ],
};

const host = (more: object) => ({ ...closed, HostConfig: { ...closed.HostConfig, ...more } });
const mounted = (Source: string, Propagation = "rprivate") => ({
  ...closed,
  Mounts: [...closed.Mounts, { Type: "bind", Source, Destination: "/x", Propagation }],
});
const published = (HostIp: string, HostPort: string) =>
  host({ PortBindings: { "80/tcp": [{ HostIp, HostPort }] } });

const audit = (inspected: unknown) =>
  auditContainer("one", inspected, { appArmor: true }).map(({ check }) => check);

/** Each with the one check that must see it. */
const openings: readonly (readonly [string, object, string])[] = [
  ["no AppArmor profile", { ...closed, AppArmorProfile: "unconfined" }, "CIS-5.2"],
  ["a capability", host({ CapAdd: ["SYS_ADMIN"] }), "CIS-5.4"],
  ["no capability dropped", host({ CapDrop: null }), "CIS-5.4"],
  ["privileged", host({ Privileged: true }), "CIS-5.5"],
  ["the root of the host", mounted("/"), "CIS-5.6"],
  ["/etc", mounted("/etc/ssl"), "CIS-5.6"],
  ["a low port", published("127.0.0.1", "80"), "CIS-5.8"],
  ["all ports", host({ PublishAllPorts: true }), "CIS-5.9"],
  ["the host's network", host({ NetworkMode: "host" }), "CIS-5.10"],
  ["another container's network", host({ NetworkMode: "container:abc" }), "CIS-5.10"],
  ["no limit of memory", host({ Memory: 0 }), "CIS-5.11"],
  ["no limit of processor time", host({ NanoCpus: 0 }), "CIS-5.12"],
  ["a root that can be written", host({ ReadonlyRootfs: false }), "CIS-5.13"],
  ["a port on every interface", published("", "8080"), "CIS-5.14"],
  ["a port on every interface, written out", published("0.0.0.0", "8080"), "CIS-5.14"],
  ["a restart policy", host({ RestartPolicy: { Name: "always" } }), "CIS-5.15"],
  ["the host's processes", host({ PidMode: "host" }), "CIS-5.16"],
  ["the host's shared memory", host({ IpcMode: "host" }), "CIS-5.17"],
  ["a device", host({ Devices: [{ PathOnHost: "/dev/sda" }] }), "CIS-5.18"],
  ["no limit of open files", host({ Ulimits: null }), "CIS-5.19"],
  ["a mount that spreads", mounted("/srv/x", "rshared"), "CIS-5.20"],
  ["the host's name", host({ UTSMode: "host" }), "CIS-5.21"],
  ["no seccomp", host({ SecurityOpt: ["no-new-privileges", "seccomp=unconfined"] }), "CIS-5.22"],
  ["a cgroup of somebody else", host({ CgroupParent: "/system.slice" }), "CIS-5.25"],
  ["new privileges", host({ SecurityOpt: ["seccomp={}"] }), "CIS-5.26"],
  ["no limit of processes", host({ PidsLimit: 0 }), "CIS-5.29"],
  ["the default bridge", host({ NetworkMode: "bridge" }), "CIS-5.30"],
  ["the host's users", host({ UsernsMode: "host" }), "CIS-5.31"],
  ["an engine's socket", mounted("/srv/docker.sock"), "CIS-5.32"],
];

describe("auditContainer", () => {
  it("finds nothing where nothing is open", () => {
    expect(audit(closed)).toEqual([]);
  });

  it.each(openings)("sees %s, and nothing else", (_, inspected, check) => {
    expect(audit(inspected)).toEqual([check]);
  });

  it("sees the socket where engines have it, in their folder", () => {
    expect(audit(mounted("/var/run/docker.sock"))).toEqual(["CIS-5.6", "CIS-5.32"]);
  });

  it("has an opening here for each of its checks, and a reason for each that it does not judge", () => {
    const tried = new Set(openings.map(([, , check]) => check));
    expect(cisChecks.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
    const numbers = Array.from({ length: 32 }, (_, index) => `CIS-5.${index + 1}`);
    const known = new Set([...cisChecks.map(({ id }) => id), ...Object.keys(cisNotJudged)]);
    expect(numbers.filter((id) => !known.has(id))).toEqual([]);
  });

  it("takes an answer that is none for all open that a container must have closed", () => {
    expect(audit(null)).toEqual(
      expect.arrayContaining(["CIS-5.4", "CIS-5.11", "CIS-5.13", "CIS-5.26", "CIS-5.29"]),
    );
  });
});
