import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";

interface Condition {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: "SCMP_CMP_EQ" | "SCMP_CMP_MASKED_EQ";
}

interface Profile {
  readonly defaultAction: string;
  readonly archMap: readonly {
    readonly architecture: string;
    readonly subArchitectures: readonly string[];
  }[];
  readonly syscalls: readonly {
    readonly names: readonly string[];
    readonly action: string;
    readonly errnoRet?: number;
    readonly args?: readonly Condition[];
  }[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const { makeProfiles, decidedNames } = await import(join(root, "scripts/seccomp/make-profiles.mjs"));
const table = await import(join(root, "scripts/seccomp/syscall-decisions.mjs"));
const [sandbox, browser] = ["sandbox.json", "browser.json"].map(
  (file): Profile => JSON.parse(readFileSync(join(root, "data/seccomp", file), "utf8")),
);

test("the profiles are made from the table as it is", () => {
  expect({ "sandbox.json": sandbox, "browser.json": browser }).toEqual(makeProfiles());
});

describe("the table", () => {
  it("decides on every system call once", () => {
    const names: readonly string[] = decidedNames();
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    // What a filter of arguments says more of is denied as a whole where it is denied at all.
    expect(twice).toEqual([]);
    expect(names.length).toBeGreaterThan(370);
  });

  it("has a reason and a source for every decision", () => {
    const { allowed, conditional, refusedOtherwise, denied, browser: added } = table;
    const decisions: readonly { readonly why: string; readonly source: string }[] = [
      ...allowed,
      ...conditional,
      ...refusedOtherwise,
      ...denied,
      ...added,
    ];
    for (const { why, source } of decisions) {
      expect(why).toMatch(/^\S.{15,}\.$/s);
      expect(source).toMatch(/\(\d\)|Documentation\//);
    }
  });
});

describe.each([
  ["sandbox", sandbox],
  ["browser", browser],
] as const)("the profile of a %s", (_, profile) => {
  it("denies what it does not name, and every table of system calls but the processor's own", () => {
    expect(profile?.defaultAction).toBe("SCMP_ACT_ERRNO");
    expect(profile?.archMap).toEqual([
      { architecture: "SCMP_ARCH_X86_64", subArchitectures: [] },
      { architecture: "SCMP_ARCH_AARCH64", subArchitectures: [] },
    ]);
  });

  it("denies whatever Docker's current one denies to a container without capabilities", () => {
    const opened = profile === browser ? ["chroot", "unshare"] : [];
    const allowed = deniedByDocker.filter((name) => answer(profile, name, []) === "allowed");
    expect(allowed).toEqual(opened);
  });

  it("lets sockets of few families be made, whatever else is in the upper half of the number", () => {
    const families = Array.from({ length: 64 }, (_, family) => family);
    const made = families.filter((family) =>
      [1, 2].some((type) => answer(profile, "socket", [family, type, 0]) === "allowed"),
    );
    expect(made).toEqual([unix, inet, inet6, netlink]);
    for (const family of [alg, vsock]) {
      expect(answer(profile, "socket", [2 ** 32 + family, 1, 0])).toBe("EPERM");
      expect(answer(profile, "socketpair", [family, 1, 0])).toBe("EPERM");
    }
    expect(answer(profile, "socketcall", [1])).toBe("EPERM");
  });

  it.each([
    ["TCP", [inet, 1, 6], "allowed"],
    ["TCP over IPv6, closed on exec, not blocking", [inet6, 1 | 0o2_000_000 | 0o4000, 0], "allowed"],
    ["UDP", [inet, 2, 17], "allowed"],
    ["an echo", [inet, 2, 1], "allowed"],
    ["an echo over IPv6", [inet6, 2, 58], "allowed"],
    ["addresses and routes", [netlink, 3, 0], "allowed"],
    ["a pair of letterboxes", [unix, 5, 0], "allowed"],
    ["SCTP", [inet, 1, 132], "EPERM"],
    ["SCTP by its type", [inet, 5, 0], "EPERM"],
    ["MPTCP", [inet, 1, 262], "EPERM"],
    ["UDP-Lite", [inet, 2, 136], "EPERM"],
    ["a raw one", [inet, 3, 1], "EPERM"],
    ["a firewall's", [netlink, 3, 12], "EPERM"],
  ] as const)("answers for a socket of %s", (_, args, expected) => {
    expect(answer(profile, "socket", args)).toBe(expected);
  });

  it("sends C libraries from clone3 to clone", () => {
    expect(answer(profile, "clone3", [])).toBe("errno 38");
  });

  it("keeps personalities that switch randomisation off away", () => {
    const personalities = [0, 8, 0x0004_0000, 0x0040_0000, 0x0002_0000, 0xffff_ffff];
    expect(personalities.filter((value) => answer(profile, "personality", [value]) === "allowed")).toEqual([
      0, 0xffff_ffff,
    ]);
  });

  it("knows the calls that C libraries cannot do without", () => {
    const needed =
      "execve openat read write mmap futex clone exit_group rt_sigaction newfstatat getrandom rseq fchmodat2";
    const closed = needed.split(" ").filter((name) => answer(profile, name, [17]) !== "allowed");
    expect(closed).toEqual([]);
  });
});

test("a browser may do three things more, and only with the namespaces that its sandbox is made of", () => {
  const calls = [...new Set([...decidedNames(), ...deniedByDocker])];
  const variants = [[], [0], ...namespaces.map((flag) => [flag | 17])];
  const more = calls.flatMap((name) =>
    variants
      .filter(
        (args) => answer(browser, name, args) === "allowed" && answer(sandbox, name, args) !== "allowed",
      )
      .map(([flag]) => `${name} ${(flag ?? 0).toString(16)}`),
  );
  const fewer = calls.filter(
    (name) => answer(sandbox, name, [0]) === "allowed" && answer(browser, name, [0]) !== "allowed",
  );
  expect(fewer).toEqual([]);
  expect(new Set(more.map((line) => line.split(" ")[0]))).toEqual(new Set(["clone", "unshare", "chroot"]));
  expect(more.filter((line) => line.startsWith("clone "))).toEqual([
    "clone 10000011",
    "clone 20000011",
    "clone 40000011",
  ]);
  expect(answer(browser, "unshare", [0x80])).toBe("EPERM");
});

/** What the kernel says to a call with these arguments; those that are left out are 0. */
function answer(profile: Profile | undefined, name: string, args: readonly number[]): string {
  const rules = profile?.syscalls.filter(({ names }) => names.includes(name)) ?? [];
  const rule = rules.find((candidate) => (candidate.args ?? []).every((condition) => holds(condition, args)));
  if (rule === undefined) return "EPERM";
  return rule.action === "SCMP_ACT_ALLOW" ? "allowed" : `errno ${rule.errnoRet}`;
}

function holds({ index, value, valueTwo, op }: Condition, args: readonly number[]): boolean {
  const given = BigInt(args[index] ?? 0);
  if (op === "SCMP_CMP_EQ") return given === BigInt(value);
  return (given & BigInt(value)) === BigInt(valueTwo ?? 0);
}

const [unix, inet, inet6, netlink, alg, vsock] = [1, 2, 10, 16, 38, 40];

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const namespaces = [
  0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
] as const;

/**
 * Whole calls that the profile of Docker's releases of 2026 denies on amd64, without capabilities. By arguments it denies
 * clone with the flags of namespaces, other personalities than five, and sockets of AF_ALG, AF_VSOCK and old families.
 */
const deniedByDocker =
  `acct add_key afs_syscall bpf chroot clock_settime create_module delete_module fanotify_init file_getattr file_setattr finit_module fsconfig
  fsmount fsopen fspick get_kernel_syms get_mempolicy getpmsg init_module io_uring_enter io_uring_register io_uring_setup
  ioperm iopl kcmp kexec_file_load kexec_load keyctl listns lookup_dcookie
  lsm_get_self_attr lsm_list_modules lsm_set_self_attr mbind migrate_pages mount mount_setattr move_mount
  move_pages nfsservctl open_by_handle_at open_tree open_tree_attr perf_event_open pidfd_getfd pivot_root process_madvise putpmsg
  query_module quotactl quotactl_fd reboot request_key security set_mempolicy set_mempolicy_home_node setdomainname
  sethostname setns settimeofday socketcall stime swapoff swapon sysfs _sysctl syslog tuxcall umount umount2 unshare
  uselib userfaultfd ustat vhangup vserver`.split(/\s+/);
