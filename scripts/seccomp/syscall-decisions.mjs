// Every system call of Linux on amd64 and arm64, and what a sandbox may do with it. The profiles in data/seccomp are
// written from this table alone: node scripts/make-seccomp-profile.mjs
//
// What is not allowed here is denied, named or not; denied calls are named so that each is a decision. A name with a
// number in brackets is a page of the Linux man-pages project; CVEs are named where one made the decision.

/** Allowed whatever the arguments. */
export const allowed = [
  {
    what: "Reading, writing and positioning open files",
    why: "They act on descriptors that the process already holds.",
    source:
      "read(2), write(2), readv(2), pread(2), lseek(2), close(2), close_range(2), dup(2), fcntl(2), pipe(2)",
    names: `read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3
      fcntl flock pipe pipe2 fsync fdatasync sync syncfs sync_file_range fadvise64 readahead fallocate ftruncate truncate`,
  },
  {
    what: "Moving data between descriptors inside the kernel",
    why: "cp, cat, git and Go's io.Copy use them; no right is gained beyond reading one end and writing the other.",
    source: "sendfile(2), copy_file_range(2), splice(2), tee(2)",
    names: "sendfile copy_file_range splice tee",
  },
  {
    what: "Opening and naming files",
    why: "What can be reached is decided by mounts, the user and the read-only root.",
    source: "open(2), openat2(2), mkdir(2), rename(2), link(2), symlink(2), unlink(2), readlink(2), chdir(2)",
    names: `open openat openat2 creat mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink symlinkat unlink
      unlinkat readlink readlinkat chdir fchdir getcwd getdents getdents64 umask`,
  },
  {
    what: "Special files",
    why: "mkfifo(3) needs it; devices take CAP_MKNOD, which is dropped, and open nothing where a mount is nodev.",
    source: "mknod(2), capabilities(7)",
    names: "mknod mknodat",
  },
  {
    what: "Reading and changing what is known of files",
    why: "Owners change only with CAP_CHOWN, which is dropped; the rest is for the file's owner.",
    source: "stat(2), statx(2), access(2), chmod(2), chown(2), utimensat(2), statfs(2), xattr(7)",
    names: `stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 chmod fchmod fchmodat fchmodat2
      chown fchown lchown fchownat utime utimes futimesat utimensat getxattr lgetxattr fgetxattr listxattr llistxattr
      flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr getxattrat listxattrat setxattrat
      removexattrat`,
  },
  {
    what: "Waiting for descriptors",
    why: "Every event loop; counters and timers behind descriptors belong to the process.",
    source: "select(2), poll(2), epoll(7), eventfd(2), signalfd(2), timerfd_create(2), inotify(7)",
    names: `select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
      eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime inotify_init inotify_init1
      inotify_add_watch inotify_rm_watch`,
  },
  {
    what: "Asynchronous input and output of the old kind",
    why: "Databases use it; unlike io_uring it does nothing that read(2) and write(2) do not.",
    source: "io_setup(2), io_submit(2), io_getevents(2), io_cancel(2), io_destroy(2)",
    names: "io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents",
  },
  {
    what: "Devices and terminals",
    why: "Without it no terminal works; a container holds no device but the harmless ones of its own /dev.",
    source: "ioctl(2), ioctl_tty(2)",
    names: "ioctl",
  },
  {
    what: "Memory of the process",
    why: "Allocation and protection of its own pages; limits count what is taken or locked.",
    source:
      "mmap(2), mprotect(2), brk(2), madvise(2), mlock(2), mincore(2), msync(2), memfd_create(2), pkeys(7), mseal(2)",
    names: `mmap munmap mremap mprotect brk madvise mincore msync mlock mlock2 mlockall munlock munlockall memfd_create
      pkey_alloc pkey_free pkey_mprotect membarrier mseal map_shadow_stack cachestat`,
  },
  {
    what: "Programs and processes",
    why: "Starting, ending and awaiting them; their number is limited by the pids controller.",
    source:
      "execve(2), execveat(2), fork(2), vfork(2), wait(2), exit(2), pidfd_open(2), pidfd_send_signal(2)",
    names: `execve execveat fork vfork exit exit_group wait4 waitid getpid getppid gettid getpgid getpgrp getsid setpgid
      setsid pidfd_open pidfd_send_signal restart_syscall`,
  },
  {
    what: "Threads",
    why: "Locks, thread-local storage and restartable sequences of the C library.",
    source: "futex(2), set_tid_address(2), get_robust_list(2), rseq(2), arch_prctl(2)",
    names: `futex futex_waitv futex_wake futex_wait futex_requeue set_tid_address set_robust_list get_robust_list rseq
      arch_prctl`,
  },
  {
    what: "Signals",
    why: "They reach processes of the same user in the same pid namespace.",
    source: "signal(7), kill(2), tgkill(2), sigaction(2), rt_sigqueueinfo(2), pause(2)",
    names: `kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo
      rt_sigsuspend rt_sigreturn sigaltstack pause`,
  },
  {
    what: "Clocks and timers, to read and to wait for",
    why: "None of them sets a clock.",
    source:
      "time(2), gettimeofday(2), clock_getres(2), nanosleep(2), timer_create(2), setitimer(2), alarm(2), times(2)",
    names: `time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep alarm getitimer setitimer timer_create
      timer_settime timer_gettime timer_getoverrun timer_delete times`,
  },
  {
    what: "Scheduling of the process",
    why: "More than it has it gets only with CAP_SYS_NICE; the cpu controller limits the whole container.",
    source: "sched(7), sched_setaffinity(2), sched_setattr(2), getpriority(2), ioprio_set(2), getcpu(2)",
    names: `sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler
      sched_setscheduler sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval
      getpriority setpriority ioprio_get ioprio_set getcpu`,
  },
  {
    what: "Users and groups",
    why: "Without capabilities a process changes between the identities that it has; su and apt ask all the same.",
    source: "credentials(7), setuid(2), setgroups(2), capabilities(7)",
    names: `getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid
      setfsuid setfsgid setgroups capget capset`,
  },
  {
    what: "Limits and use of resources",
    why: "Hard limits only sink without CAP_SYS_RESOURCE.",
    source: "getrlimit(2), getrusage(2), sysinfo(2), uname(2), getrandom(2)",
    names: "getrlimit setrlimit prlimit64 getrusage sysinfo uname getrandom",
  },
  {
    what: "A process's own attributes, and further confinement",
    why: "Filters and rule sets only add; Chromium's sandbox is made of them.",
    source: "prctl(2), seccomp(2), landlock(7)",
    names: "prctl seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self",
  },
  {
    what: "The way back from a traced function",
    why: "Kernels from 6.11 put it into programs that somebody on the host traces; without it they crash.",
    source: "Documentation/trace/uprobetracer.rst of the kernel",
    names: "uretprobe",
  },
  {
    what: "Sockets that are there",
    why: "Which families there are is decided where a socket is made; what is reached, by the network namespace.",
    source:
      "socket(7), bind(2), connect(2), listen(2), accept(2), send(2), recv(2), getsockopt(2), shutdown(2)",
    names: `bind connect listen accept accept4 getsockname getpeername sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg
      setsockopt getsockopt shutdown`,
  },
  {
    what: "Queues, semaphores and shared memory",
    why: "X clients, fakeroot and databases use them; the ipc namespace is private.",
    source: "sysvipc(7), mq_overview(7), ipc_namespaces(7)",
    names: `shmget shmat shmctl shmdt semget semop semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink
      mq_timedsend mq_timedreceive mq_notify mq_getsetattr`,
  },
];

const equal = (index, value) => ({ index, value, op: "SCMP_CMP_EQ" });
const masked = (index, mask, value) => ({ index, value: mask, valueTwo: value, op: "SCMP_CMP_MASKED_EQ" });

// include/uapi/linux/sched.h: mount, cgroup, uts, ipc, user, pid, net.
const namespaceFlags =
  0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000;

// include/linux/socket.h and bits/socket_type.h. Of a socket's type the low four bits are the type, the rest are flags.
const [unix, inet, inet6, netlink] = [1, 2, 10, 16];
const [stream, datagram] = [1, 2];
const ofType = (type) => masked(1, 0xf, type);
const [anyProtocol, icmp, tcp, udp, icmpv6] = [0, 1, 6, 17, 58];
const internetSockets = [
  ...[inet, inet6].flatMap((family) => [anyProtocol, tcp].map((protocol) => [family, stream, protocol])),
  ...[inet, inet6].flatMap((family) => [anyProtocol, udp].map((protocol) => [family, datagram, protocol])),
  [inet, datagram, icmp],
  [inet6, datagram, icmpv6],
];

/** Allowed where one of the lists of conditions holds; all conditions of a list must. */
export const conditional = [
  {
    name: "socket",
    why:
      "Unix, TCP, UDP and echo sockets, and asking which addresses the machine has. No other family or protocol, and no raw " +
      "socket: each brings a kernel module that strangers can drive, and AF_VSOCK reaches a virtual machine's host.",
    source: "socket(2), address_families(7), netlink(7), icmp(7), vsock(7); CVE-2026-31431 (AF_ALG)",
    when: [
      [equal(0, unix)],
      ...internetSockets.map(([family, type, protocol]) => [
        equal(0, family),
        ofType(type),
        equal(2, protocol),
      ]),
      [equal(0, netlink), equal(2, 0)],
    ],
  },
  {
    name: "socketpair",
    why: "Only Unix sockets come in pairs that programs use.",
    source: "socketpair(2), unix(7)",
    when: [[equal(0, unix)]],
  },
  {
    name: "clone",
    why: "Processes and threads, but no new namespace: in a user namespace of its own a process has all capabilities.",
    source: "clone(2), user_namespaces(7)",
    when: [[masked(0, namespaceFlags, 0)]],
  },
  {
    name: "personality",
    why: "Linux's own, or asking for the present one; others switch address randomisation off.",
    source: "personality(2)",
    when: [[equal(0, 0)], [equal(0, 0xffff_ffff)]],
  },
];

/** Answered with another error than EPERM. */
export const refusedOtherwise = [
  {
    names: "clone3",
    errno: 38,
    why: "Its flags lie in memory, where a filter cannot see them. On ENOSYS C libraries use clone.",
    source: "clone(2), seccomp(2)",
  },
];

/** What a browser needs beside all that, for a sandbox of its own without privileges. */
export const browser = [
  {
    name: "clone",
    why: "Renderers get user, pid and network namespaces of their own; the others stay forbidden.",
    source: "clone(2), namespaces(7)",
    when: [[masked(0, 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000, 0)]],
  },
  {
    name: "unshare",
    why: "The same three namespaces.",
    source: "unshare(2), namespaces(7)",
    when: [[masked(0, 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x80, 0)]],
  },
  {
    name: "chroot",
    why: "Renderers take their root folder away; it needs CAP_SYS_CHROOT of a user namespace of their own.",
    source: "chroot(2), user_namespaces(7)",
    when: [[]],
  },
];

/** Denied with EPERM. */
export const denied = [
  {
    what: "Namespaces, mounts and roots",
    why: "They rearrange what confines the container.",
    source:
      "unshare(2), setns(2), mount(2), mount_setattr(2), open_tree(2), fsopen(2), pivot_root(2), chroot(2)",
    names: `unshare setns mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
      open_tree_attr mount_setattr statmount listmount listns`,
  },
  {
    what: "A second way into the kernel for everything",
    why: "Requests in a ring in memory go past every filter of system calls.",
    source: "io_uring(7), io_uring_setup(2)",
    names: "io_uring_setup io_uring_enter io_uring_register",
  },
  {
    what: "Programs in the kernel",
    why: "Filters, tracing and counters are for the host.",
    source: "bpf(2), perf_event_open(2), lookup_dcookie(2)",
    names: "bpf perf_event_open lookup_dcookie",
  },
  {
    what: "Keys",
    why: "Key rings are no namespace's: those of the host's users would be within reach.",
    source: "keyrings(7), keyctl(2), add_key(2), request_key(2)",
    names: "add_key request_key keyctl",
  },
  {
    what: "Memory and descriptors of other processes",
    why: "Sandboxed commands of one user would read each other's secrets.",
    source: "ptrace(2), process_vm_readv(2), pidfd_getfd(2), kcmp(2), process_madvise(2)",
    names: "ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp process_madvise process_mrelease",
  },
  {
    what: "Page faults in user space",
    why: "They hold the kernel at a chosen place, which turns races into certainties.",
    source: "userfaultfd(2)",
    names: "userfaultfd",
  },
  {
    what: "Files by handle, and watching whole file systems",
    why: "A handle names a file outside of every mount.",
    source: "open_by_handle_at(2), fanotify(7)",
    names: "name_to_handle_at open_by_handle_at fanotify_init fanotify_mark",
  },
  {
    what: "The machine",
    why: "Modules, swap, reboot, accounting, log, clock, names, quotas, terminals and ports are the host's.",
    source: `init_module(2), kexec_load(2), reboot(2), swapon(2), acct(2), syslog(2), settimeofday(2), adjtimex(2),
      sethostname(2), quotactl(2), vhangup(2), iopl(2)`,
    names: `init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct syslog settimeofday
      clock_settime clock_adjtime adjtimex sethostname setdomainname quotactl quotactl_fd vhangup iopl ioperm`,
  },
  {
    what: "Placement of memory on nodes",
    why: "It touches memory of other processes and of the machine; programs run without it.",
    source: "numa(7), mbind(2), move_pages(2), migrate_pages(2)",
    names: "mbind get_mempolicy set_mempolicy set_mempolicy_home_node migrate_pages move_pages",
  },
  {
    what: "Security modules",
    why: "Labels are the host's.",
    source: "Documentation/userspace-api/lsm.rst of the kernel",
    names: "lsm_get_self_attr lsm_set_self_attr lsm_list_modules",
  },
  {
    what: "Rare memory",
    why: "Nothing in use needs it: pages that the host cannot see, pages given away, mappings out of order, segments of 16 bits.",
    source: "memfd_secret(2), vmsplice(2), remap_file_pages(2), modify_ldt(2)",
    names: "memfd_secret vmsplice remap_file_pages modify_ldt",
  },
  {
    what: "Attributes of files by a call of their own",
    why: "Newer than what any program relies on; ioctl does the same.",
    source: "ioctl_iflags(2)",
    names: "file_getattr file_setattr",
  },
  {
    what: "Left over",
    why: "They do nothing any more, were never there, or are of 32-bit programs.",
    source:
      "syscalls(2), unimplemented(2), uselib(2), ustat(2), sysfs(2), _sysctl(2), nfsservctl(2), set_thread_area(2)",
    names: `uselib ustat sysfs _sysctl nfsservctl create_module query_module get_kernel_syms afs_syscall tuxcall security
      vserver getpmsg putpmsg epoll_ctl_old epoll_wait_old set_thread_area get_thread_area`,
  },
];

/**
 * The processors that the profiles are for, without their 32-bit modes: a second table of numbers into the same kernel,
 * which no program of the images uses, and with socketcall in it, whose arguments a filter cannot see. A process that
 * tries them is ended by the kernel. Source: seccomp(2), socketcall(2), seccomp_arch_add(3).
 */
export const architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"];
