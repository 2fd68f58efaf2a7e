import type { AddressRange } from "./address-range.ts";

/** Where a browser may go, read from what an operator has written. */
export interface WebPolicy {
  /** Null: the whole public web. A list: only these; an empty one: nothing. */
  readonly allow: readonly WebEntry[] | null;
  /** Beats whatever is allowed. */
  readonly deny: readonly WebEntry[];
  readonly upstream: UpstreamProxy | null;
}

/** One line of a list. Null as a port: every one. */
export type WebEntry = { readonly text: string; readonly port: number | null } & (
  | { readonly kind: "any" }
  | { readonly kind: "host"; readonly name: string }
  /** `*.example.com`: every name below it, and not itself. */
  | { readonly kind: "below"; readonly name: string }
  | { readonly kind: "range"; readonly range: AddressRange }
);

/** A company's own proxy, through which everything goes; it looks names up, so their addresses are not judged here. */
export interface UpstreamProxy {
  readonly host: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`; null: none. Secret. */
  readonly authorization: string | null;
}

/** What holds where nobody has said anything: the public web, and nothing else. */
export const publicWeb: WebPolicy = { allow: null, deny: [], upstream: null };
