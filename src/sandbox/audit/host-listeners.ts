/** What listens on the machine that this runs on. */
export interface HostListeners {
  /** TCP, in the order of their ports. */
  readonly listeners: readonly Listener[];
  /** This machine's own, as `formatAddress` has them; those of bridges included that nobody is connected to right now. */
  readonly addresses: ReadonlySet<string>;
}

export interface Listener {
  /** `0.0.0.0` and `::` are all addresses. */
  readonly address: string;
  readonly port: number;
  /** The program's name, which anybody on the machine can read; null: it is another user's. */
  readonly program: string | null;
}
