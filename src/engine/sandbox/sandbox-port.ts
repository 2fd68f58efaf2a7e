/** `removing`: on its way out, or stuck there. What an engine calls otherwise counts as `exited`. */
export type ContainerState = "created" | "running" | "paused" | "exited" | "removing";

/** A container as the engine has it. */
export interface ContainerDetails {
  readonly id: string;
  /** Without the slash that the API puts in front. */
  readonly name: string;
  readonly state: ContainerState;
  readonly labels: Readonly<Record<string, string>>;
  /** `sha256:…` of the image that it was made from, whatever its tag names now. */
  readonly imageId: string;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /** When it was started last, in the engine's own words: equal for one run only. Empty: never. */
  readonly startedAt: string;
  /** The engine's whole answer, to be compared with a plan. */
  readonly inspected: unknown;
}

export interface ListedContainer extends Omit<ContainerDetails, "startedAt" | "inspected"> {
  /** What it has written into its own layer; null where sizes were not asked for. */
  readonly ownBytes: number | null;
}

/** Containers that live on: they have names, are stopped and started, and found by their labels. Removed by `ContainerPort`. */
export interface SandboxPort {
  /**
   * Makes a container from a body of `POST /containers/create`, and gives its id. Nothing is started. Throws
   * `CONTAINER_NAME_TAKEN` with the id of who has the name, `IMAGE_NOT_FOUND`, `ENGINE_NO_SPACE`, and `ENGINE_REFUSED`.
   */
  create(name: string, body: object): Promise<string>;
  /**
   * Starts it, or lets it go on where it is paused; no error where it runs. Throws `CONTAINER_GONE`, and `ULIMIT_REFUSED`
   * where it asks for a limit that the engine may not give.
   */
  start(id: string): Promise<void>;
  /** Asks its process to end, and kills it after `timeoutSeconds`; no error where it is stopped or gone. */
  stop(id: string, timeoutSeconds: number): Promise<void>;
  /** One atomic step. Throws `CONTAINER_GONE` and `CONTAINER_NAME_TAKEN`. */
  rename(id: string, name: string): Promise<void>;
  /** Null where there is none. One request. */
  inspect(idOrName: string, signal?: AbortSignal): Promise<ContainerDetails | null>;
  /** Containers that have all of these labels (`key` or `key=value`), stopped ones included. One request; sizes take long. */
  list(
    labels: readonly string[],
    options?: { readonly sizes?: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly ListedContainer[]>;
  /** What its first process printed last, at most `lines` and 1 MB. Throws `CONTAINER_GONE`. */
  logs(id: string, lines: number, signal?: AbortSignal): Promise<ContainerLogs>;
}

export interface ContainerLogs {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether there was more than 1 MB. */
  readonly truncated: boolean;
}
