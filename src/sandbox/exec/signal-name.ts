/**
 * The signal that an exit code stands for: 128 and its number, as shells and engines tell it. Null for another code. A
 * program that exits with such a number by itself cannot be told from one that was killed.
 */
export function signalName(exitCode: number | null): string | null {
  return exitCode === null ? null : (signals[exitCode - 128] ?? null);
}

// Linux's, by number (signal(7)); a sandbox has no others, whatever system the gateway is on.
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};
