/** What a network is made as, and found by. */
export interface NetworkSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A network as the engine has it. */
export interface NetworkDetails extends NetworkSpec {
  readonly id: string;
  /** `bridge`, or what else connects it. */
  readonly driver: string;
  /** Whether nothing leads out of it but to this machine. */
  readonly internal: boolean;
  /** Whether its containers also have addresses of IPv6. */
  readonly ipv6: boolean;
  /** Whether its containers reach each other. */
  readonly connectsContainers: boolean;
  readonly subnets: readonly {
    /** `172.18.0.0/16`. */
    readonly range: string;
    /** This machine's own address in it; empty: it has none, or the engine does not tell. */
    readonly gateway: string;
  }[];
  /** Of the containers that run in it, sorted; in a list some engines tell none. */
  readonly containerNames: readonly string[];
}

/** Networks that containers can be put into. */
export interface NetworkPort {
  /**
   * Makes a bridge whose containers do not reach each other, where the engine can have that, and gives its id. Throws
   * `NETWORK_NAME_TAKEN`, and `ENGINE_REFUSED` where the engine has no addresses left.
   */
  create(spec: NetworkSpec): Promise<string>;
  /** Null where none has this id or this whole name. One request. */
  inspect(idOrName: string, signal?: AbortSignal): Promise<NetworkDetails | null>;
  /** Networks that have all of these labels (`key` or `key=value`). One request. */
  list(labels: readonly string[], signal?: AbortSignal): Promise<readonly NetworkDetails[]>;
  /**
   * By its whole name, since Podman looks who is in a network only then. No error where it is already gone. False:
   * containers run in it, and it stays.
   */
  remove(name: string): Promise<boolean>;
}
