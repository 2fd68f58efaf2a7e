import type { ContainerBody, ContainerHostConfig } from "../../src/sandbox/container/container-plan.ts";

/** What a program in a sandbox may try, and the one thing that is in its way. */
export interface EscapeAttempt {
  /** As `escape-attempts.py` takes it. */
  readonly attempt: string;
  readonly protection: string;
  /** What the attempt ends with: the name of an error or of a signal. */
  readonly denial: string;
  /** The body of `POST /containers/create` with everything but that protection. */
  readonly without: (body: ContainerBody) => object;
}

/** What the attempts aim at. */
export interface AttemptTargets {
  /** Id of another session's container: on a bridge, with its ipc namespace open to others. */
  readonly neighbour: string;
  readonly neighbourAddress: string;
  /** A folder of the other session's, on the host. */
  readonly neighbourHome: string;
  /** What the engine's host calls itself. */
  readonly hostName: string;
}

/** Where the neighbour listens, the key of its memory, and a word of its command line. */
export const neighbourMarks = { port: 4711, key: 0x5_ca1e, word: "skillcrate-neighbour" } as const;

/** System calls: all of the profile but one line. */
export const callAttempts: readonly EscapeAttempt[] = [
  ["AF_ALG socket", "socket"],
  ["AF_VSOCK socket", "socket"],
  ["device events socket", "socket"],
  ["UDP-Lite socket", "socket"],
  ["user namespace by unshare", "unshare"],
  ["user namespace by clone", "clone"],
  ["user namespace by clone3", "clone3"],
  ["mount", "unshare", "mount"],
  ["fsopen", "unshare", "fsopen"],
  ["open_tree", "unshare", "open_tree"],
  ["chroot", "unshare", "chroot"],
  ["setns"],
  ["ptrace"],
  ["process_vm_readv"],
  ["process_vm_writev"],
  ["pidfd_getfd"],
  ["kcmp"],
  ["io_uring", "io_uring_setup"],
  ["bpf"],
  ["perf_event_open"],
  ["userfaultfd"],
  ["add_key"],
  ["request_key"],
  ["keyctl"],
  ["syslog"],
  ["personality"],
  ["name_to_handle_at"],
  ["fanotify", "fanotify_init"],
  ["memfd_secret"],
  ["set_mempolicy"],
  ["get_mempolicy"],
  ["move_pages"],
  ["vmsplice"],
  ["adjtimex"],
  ["modify_ldt"],
].map(([attempt = "", ...calls]) => callAttempt(attempt, calls.length > 0 ? calls : [attempt]));

/** The processor's other table of system calls, without the profile's word that there is but one. */
export const otherTableAttempt: EscapeAttempt = {
  attempt: "32-bit calls",
  protection: "seccomp: architectures",
  denial: "SIGSYS",
  without: withProfile((profile) => ({
    ...profile,
    archMap: [{ architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"] }],
  })),
};

/** All that is no system call. */
export function otherAttempts(targets: AttemptTargets): readonly EscapeAttempt[] {
  const { neighbour, neighbourAddress, neighbourHome, hostName } = targets;
  const { port, key, word } = neighbourMarks;
  const rows: readonly (readonly [string, string, string, EscapeAttempt["without"]])[] = [
    ["read=/etc/shadow", "EACCES", "User", (body) => ({ ...body, User: "0:0" })],
    ["write=/home/sandbox/x", "EROFS", "ReadonlyRootfs", withHost({ ReadonlyRootfs: false })],
    ["write=/agent/x", "EROFS", "Mounts: read-only", withWritableMounts],
    ["run as root=/workspace/python", "EPERM", "no-new-privileges", withoutNoNewPrivileges],
    [
      `connect=${neighbourAddress}:${port}`,
      "ENETUNREACH",
      "Network: none",
      withHost({ NetworkMode: "bridge" }),
    ],
    [`abstract socket=${word}`, "ECONNREFUSED", "Network: its own", withNetworkOf(neighbour)],
    [`shared memory=${key}`, "ENOENT", "IpcMode: private", withHost({ IpcMode: `container:${neighbour}` })],
    [`process=${word}`, "ESRCH", "PidMode: its own", withHost({ PidMode: `container:${neighbour}` })],
    [`process=${word}`, "ESRCH", "PidMode: not the host's", withHost({ PidMode: "host" })],
    ["cgroup path", "ENOENT", "CgroupnsMode: private", withHost({ CgroupnsMode: "host" })],
    [`host name=${hostName}`, "ENOENT", "UTSMode: its own", withHostName],
    ["read=/proc/keys", "ENODATA", "MaskedPaths", withHost({ MaskedPaths: [] })],
    [
      "read=/neighbour/secret",
      "ENOENT",
      "Mounts: its own",
      withHost({ Binds: [`${neighbourHome}:/neighbour:ro`] }),
    ],
    ["processes=300", "EAGAIN", "PidsLimit", withHost({ PidsLimit: -1 })],
    ["memory=300", "SIGKILL", "Memory", withHost({ Memory: 0, MemorySwap: -1 })],
    ["files=4200", "EPERM", "Ulimits: nofile", withoutUlimit("nofile")],
    ["core file", "EPERM", "Ulimits: core", withoutUlimit("core")],
    ["fill=/tmp:70", "ENOSPC", "Tmpfs: size", withLargeTmpfs],
    ["fill=/var/tmp:70", "ENOSPC", "Tmpfs: size", withLargeTmpfs],
    ["fill=/run/user/1000:20", "ENOSPC", "Tmpfs: size", withLargeTmpfs],
    ["fill=/dev/shm:70", "ENOSPC", "ShmSize", withHost({ ShmSize: 2 ** 27 })],
    ["zombie", "ESRCH", "Init", withHost({ Init: false })],
  ];
  return rows.map(([attempt, denial, protection, without]) => ({ attempt, denial, protection, without }));
}

function callAttempt(attempt: string, calls: readonly string[]): EscapeAttempt {
  return {
    attempt,
    protection: `seccomp: ${calls.join(" and ")}`,
    // C libraries take another way where a call is not there.
    denial: calls.includes("clone3") ? "ENOSYS" : "EPERM",
    without: withProfile((profile) => ({
      ...profile,
      syscalls: [
        // A rule that answers with an error of its own would stand beside the new one.
        ...profile.syscalls.filter(({ names }) => !calls.some((call) => names.includes(call))),
        { names: calls, action: "SCMP_ACT_ALLOW" },
      ],
    })),
  };
}

interface Profile {
  readonly syscalls: readonly { readonly names: readonly string[] }[];
}

function withProfile(change: (profile: Profile) => object): EscapeAttempt["without"] {
  return (body) => {
    const SecurityOpt = body.HostConfig.SecurityOpt.map((option) => {
      if (!option.startsWith("seccomp=")) return option;
      return `seccomp=${JSON.stringify(change(JSON.parse(option.slice("seccomp=".length))))}`;
    });
    return withHost({ SecurityOpt })(body);
  };
}

function withHost(
  fields: Readonly<Record<string, unknown>>,
): (body: object & Pick<ContainerBody, "HostConfig">) => object {
  return (body) => ({ ...body, HostConfig: { ...body.HostConfig, ...fields } });
}

function withHostConfig(
  change: (host: ContainerHostConfig) => Partial<ContainerHostConfig>,
): EscapeAttempt["without"] {
  return (body) => withHost(change(body.HostConfig))(body);
}

function withNetworkOf(container: string): EscapeAttempt["without"] {
  return ({ Hostname: _, ...body }) => withHost({ NetworkMode: `container:${container}` })(body);
}

function withHostName({ Hostname: _, ...body }: ContainerBody): object {
  return withHost({ UTSMode: "host" })(body);
}

const withWritableMounts = withHostConfig(({ Mounts }) => ({
  Mounts: Mounts.map((mount) => ({ ...mount, ReadOnly: false })),
}));

const withoutNoNewPrivileges = withHostConfig(({ SecurityOpt }) => ({
  SecurityOpt: SecurityOpt.filter((option) => option !== "no-new-privileges"),
}));

const withLargeTmpfs = withHostConfig(({ Tmpfs }) => ({
  Tmpfs: Object.fromEntries(
    Object.entries(Tmpfs).map(([target, options]) => [target, options.replace(/size=\d+/, "size=128m")]),
  ),
}));

function withoutUlimit(name: string): EscapeAttempt["without"] {
  return withHostConfig(({ Ulimits }) => ({ Ulimits: Ulimits.filter((limit) => limit.Name !== name) }));
}
