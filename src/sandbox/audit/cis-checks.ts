import { quoteValue } from "../../diagnostic/quote-value.ts";
import { asObject } from "../../skill/own-value.ts";
import type { AuditSeverity } from "./audit-finding.ts";
import {
  type AuditedEngine,
  type InspectedContainer,
  isSystemPath,
  mountsOf,
  numberOf,
  portBindings,
  texts,
} from "./inspected-container.ts";

/**
 * One check of section 5 ("Container Runtime Configuration") of the CIS Docker Benchmark 1.7, by its number there. `judge`
 * gives null where a container passes, else what is open.
 */
export interface CisCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: AuditSeverity;
  readonly fix: string;
  readonly judge: (container: InspectedContainer, engine: AuditedEngine) => string | null;
}

/** Those that can be seen of a container. What is left out, and why, is in {@link cisNotJudged}. */
export const cisChecks: readonly CisCheck[] = [
  {
    id: "CIS-5.2",
    title: "an AppArmor profile is on",
    severity: "medium",
    fix: "Take docker.apparmorProfile out of the configuration, or name a profile that the host has loaded.",
    judge: ({ answer }, engine) => {
      const profile = answer["AppArmorProfile"];
      return engine.appArmor === true && (profile === "" || profile === "unconfined")
        ? "no AppArmor profile confines it"
        : null;
    },
  },
  {
    id: "CIS-5.4",
    title: "kernel capabilities are dropped",
    severity: "high",
    fix: 'Set docker.capDrop to ["ALL"].',
    judge: ({ host }) => {
      const added = texts(host["CapAdd"]);
      if (added.length > 0) return `it has the capabilities ${added.map(quoteValue).join(", ")}`;
      const dropped = texts(host["CapDrop"]).map((name) => name.toUpperCase());
      // Podman lists all of them by name.
      return dropped.includes("ALL") || dropped.length >= 11
        ? null
        : "it keeps capabilities that it does not need";
    },
  },
  flag("CIS-5.5", "not privileged", "Privileged", "it is privileged, which is root on the host"),
  {
    id: "CIS-5.6",
    title: "no folder of the host's system is mounted",
    severity: "critical",
    fix: "Take the bind out of docker.binds; put what the skill needs into the image or the workspace.",
    judge: ({ answer }) => {
      const found = mountsOf(answer).find(({ source }) => isSystemPath(source));
      return found === undefined
        ? null
        : `${quoteValue(found.source)} of the host is mounted at ${quoteValue(found.target)}`;
    },
  },
  {
    id: "CIS-5.8",
    title: "no port below 1024 of the host is published",
    severity: "medium",
    fix: "Publish a higher port.",
    judge: ({ host }) => {
      const low = portBindings(host).find(({ port }) => port > 0 && port < 1024);
      return low === undefined ? null : `port ${low.port} of the host leads into it`;
    },
  },
  {
    id: "CIS-5.9",
    title: "only ports that are needed are published",
    severity: "medium",
    fix: "A sandbox serves nobody: publish none of its ports.",
    judge: ({ host }) => (host["PublishAllPorts"] === true ? "all ports of its image are published" : null),
  },
  mode(
    "CIS-5.10",
    "the host's network is not shared",
    "NetworkMode",
    'Set docker.network to "none" or "bridge".',
  ),
  {
    id: "CIS-5.11",
    title: "memory is limited",
    severity: "high",
    fix: "Take docker.memory out of the configuration (1 GiB then), or set a limit.",
    judge: ({ host }) => (numberOf(host["Memory"]) > 0 ? null : "its memory has no limit"),
  },
  {
    id: "CIS-5.12",
    title: "processor time is limited",
    severity: "medium",
    fix: "Take docker.cpus out of the configuration (1 then), or set a limit.",
    judge: ({ host }) =>
      numberOf(host["NanoCpus"]) > 0 || numberOf(host["CpuQuota"]) > 0 || numberOf(host["CpuShares"]) > 0
        ? null
        : "its processor time has no limit",
  },
  {
    id: "CIS-5.13",
    title: "the root file system is read-only",
    severity: "medium",
    fix: "Set docker.readOnlyRoot to true; what a setupCommand installs belongs in an image layer.",
    judge: ({ host }) => (host["ReadonlyRootfs"] === true ? null : "its root file system can be written"),
  },
  {
    id: "CIS-5.14",
    title: "published ports are bound to one interface",
    severity: "high",
    fix: "Publish on 127.0.0.1.",
    judge: ({ host }) => {
      const open = portBindings(host).find(
        ({ address }) => address === "" || address === "0.0.0.0" || address === "::",
      );
      return open === undefined ? null : `port ${open.port} is open on every interface of the host`;
    },
  },
  {
    id: "CIS-5.15",
    title: "it is not restarted without end",
    severity: "low",
    fix: "Create it without a restart policy.",
    judge: ({ host }) => {
      const policy = asObject(host["RestartPolicy"]) ?? {};
      const name = policy["Name"];
      if (name === undefined || name === "" || name === "no") return null;
      return name === "on-failure" && numberOf(policy["MaximumRetryCount"]) <= 5
        ? null
        : `its restart policy is ${quoteValue(name)}`;
    },
  },
  mode("CIS-5.16", "the host's processes are not shared", "PidMode"),
  mode("CIS-5.17", "the host's shared memory is not shared", "IpcMode"),
  {
    id: "CIS-5.18",
    title: "no device of the host is exposed",
    severity: "high",
    fix: "Take the device out; docker.gpus is the way to graphics cards.",
    judge: ({ host }) => {
      const devices = Array.isArray(host["Devices"]) ? host["Devices"].length : 0;
      return devices === 0 ? null : `it has ${devices} devices of the host`;
    },
  },
  {
    id: "CIS-5.19",
    title: "limits of open files and core dumps are set",
    severity: "low",
    fix: "Take docker.ulimits out of the configuration, or set nofile there.",
    judge: ({ host }) => {
      const limits = Array.isArray(host["Ulimits"])
        ? host["Ulimits"].map((each) => asObject(each)?.["Name"])
        : [];
      // Podman writes them as the kernel calls them.
      return limits.some((name) => /nofile$/i.test(String(name))) ? null : "its open files are not limited";
    },
  },
  {
    id: "CIS-5.20",
    title: "mounts do not spread to the host",
    severity: "high",
    fix: "Mount with propagation rprivate.",
    judge: ({ answer }) => {
      const found = mountsOf(answer).find(({ propagation }) => /^r?shared$/.test(propagation));
      return found === undefined
        ? null
        : `what is mounted below ${quoteValue(found.target)} shows on the host`;
    },
  },
  mode("CIS-5.21", "the host's name is not shared", "UTSMode"),
  {
    id: "CIS-5.22",
    title: "a seccomp profile is on",
    severity: "critical",
    fix: "Take docker.seccompProfile out of the configuration: the built-in one applies then.",
    judge: ({ host }) =>
      texts(host["SecurityOpt"]).some((option) => /^seccomp[=:]unconfined$/.test(option))
        ? "every system call is allowed"
        : null,
  },
  {
    id: "CIS-5.25",
    title: "it stays in the cgroup that was confirmed",
    severity: "high",
    fix: "Create it without a cgroup parent.",
    judge: ({ host }) => {
      const parent = host["CgroupParent"];
      return typeof parent === "string" && parent !== ""
        ? `its cgroup parent is ${quoteValue(parent)}`
        : null;
    },
  },
  {
    id: "CIS-5.26",
    title: "no process gains privileges",
    severity: "high",
    fix: "Create it with no-new-privileges.",
    judge: ({ host }) =>
      texts(host["SecurityOpt"]).some((option) => /^no-new-privileges(?:[=:]true)?$/.test(option))
        ? null
        : "a setuid program in it gives root",
  },
  {
    id: "CIS-5.29",
    title: "processes are limited",
    severity: "high",
    fix: "Take docker.pidsLimit out of the configuration (256 then), or set a limit.",
    judge: ({ host }) =>
      numberOf(host["PidsLimit"]) > 0 ? null : "it can start processes until the host has no more",
  },
  {
    id: "CIS-5.30",
    title: "the engine's default bridge is not used",
    severity: "medium",
    fix: 'Set docker.network to "none", or to a network of its own (docker network create --internal …): on the default bridge it reaches the other containers there, and what the host binds to all addresses.',
    judge: ({ host }) =>
      host["NetworkMode"] === "bridge" || host["NetworkMode"] === "default"
        ? "it is on the engine's default bridge"
        : null,
  },
  mode("CIS-5.31", "the host's user namespace is not shared", "UsernsMode"),
  {
    id: "CIS-5.32",
    title: "no engine's socket is mounted",
    severity: "critical",
    fix: "Take the bind out of docker.binds: whoever reaches the socket is root on the host.",
    judge: ({ answer }) => {
      const found = mountsOf(answer).find(({ source }) =>
        /(?:^|\/)(?:docker|podman|containerd|crio)\.sock$/.test(source),
      );
      return found === undefined
        ? null
        : `${quoteValue(found.source)} is mounted at ${quoteValue(found.target)}`;
    },
  },
];

/** Checks of section 5 that nothing in a container shows, each with the reason. */
export const cisNotJudged: Readonly<Record<string, string>> = {
  "CIS-5.1": "swarm mode is the engine's own",
  "CIS-5.3": "SELinux is the host's; where it is on, the engine labels containers by itself",
  "CIS-5.7":
    "what runs in a sandbox is not known beforehand; nothing listens for it, and no port is published",
  "CIS-5.23": "execs are not on record; every one of ours is without privileges",
  "CIS-5.24": "execs are not on record; every one of ours is as the sandbox's user",
  "CIS-5.27": "a sandbox serves nobody; each exec tells for itself whether it still answers",
  "CIS-5.28": "a sandbox stands on an image's id, and is made anew where the tag has moved",
};

function flag(id: string, title: string, key: string, open: string): CisCheck {
  const fix = "Remove the container; it was not made by this tool, or was changed after.";
  return { id, title, severity: "critical", fix, judge: ({ host }) => (host[key] === true ? open : null) };
}

function mode(
  id: string,
  title: string,
  key: string,
  fix = "Remove the container, and recreate it from its configuration.",
): CisCheck {
  return {
    id,
    title,
    severity: "critical",
    fix,
    judge: ({ host }) => {
      const value = host[key];
      if (value === "host") return `${key} is ${quoteValue(value)}`;
      return typeof value === "string" && value.startsWith("container:")
        ? `${key} is another container's`
        : null;
    },
  };
}
