/** Modules of Node itself, those that need no `node:` before them. */
const builtins = new Set(
  (
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs " +
    "http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream " +
    "string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib"
  ).split(" "),
);

/** The package that a module's name stands for; null for a file, a module of a runtime, an address. */
export function packageOf(specifier: string): string | null {
  if (!/^[@a-z0-9]/i.test(specifier) || specifier.includes(":")) return null;
  const parts = specifier.split("/");
  const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
  return builtins.has(name) ? null : name;
}
