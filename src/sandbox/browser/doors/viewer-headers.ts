/** What an answer of the viewer is. */
interface Shown {
  /** As the person's browser has written it, and known to be this machine's loopback. */
  readonly host: string;
  /** Of the one script in the page itself; null: there is none. */
  readonly nonce?: string;
}

/**
 * Headers of everything that a person's browser gets here. What it shows comes out of a container: it may load, and
 * connect to, nothing but this viewer; it is in nobody's frame, and its address goes nowhere.
 */
export function viewerHeaders({ host, nonce }: Shown): Record<string, string> {
  const policy =
    nonce === undefined
      ? [
          "default-src 'self'",
          // Some browsers do not take a WebSocket for 'self'.
          `connect-src 'self' ws://${host}`,
          "img-src 'self' data: blob:",
          "style-src 'self' 'unsafe-inline'",
          "object-src 'none'",
          "worker-src 'none'",
          "frame-src 'none'",
        ]
      : ["default-src 'none'", `script-src 'nonce-${nonce}'`];
  const always = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return {
    "cache-control": "no-store",
    "content-security-policy": [...policy, ...always].join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}
