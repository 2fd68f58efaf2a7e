/**
 * The start of a command line: what follows runs without a network, in any builder. Built-in frontends of Docker 20.10 do
 * not know `RUN --network`, and a namespace of its own takes rights that a build has not. So sockets are refused by the
 * kernel, for the process and all that it starts; Debian's essential packages have one program that can ask for that.
 */
export const withoutNetwork = `perl -e '${[
  // prctl(2), socket(2) and the name of the processor's system calls
  "my ($prctl, $socket, $calls) = qx(uname -m) =~ /aarch64/ ? (167, 198, 0xc00000b7) : (157, 41, 0xc000003e)",
  // Classic BPF over seccomp_data: code, steps if true, steps if false, value.
  `my $filter = join "", map { pack "SCCL", @$_ } ${[
    "[0x20, 0, 0, 4], [0x15, 0, 7, $calls]",
    // Calls of another numbering are refused; so is io_uring, which opens sockets by itself.
    "[0x20, 0, 0, 0], [0x35, 5, 0, 0x40000000], [0x15, 4, 0, 425]",
    // Of sockets only those between processes (AF_UNIX) pass.
    "[0x15, 0, 2, $socket], [0x20, 0, 0, 16], [0x15, 0, 1, 1]",
    // SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO with EACCES
    "[6, 0, 0, 0x7fff0000], [6, 0, 0, 0x5000d]",
  ].join(", ")}`,
  'my $program = pack "S x6 P", 10, $filter',
  // PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP with SECCOMP_MODE_FILTER
  'syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $program) == 0 or die "no filter: $!"',
  'exec @ARGV or die "$ARGV[0]: $!"',
].join("; ")}'`;
