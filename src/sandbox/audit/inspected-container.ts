import { asObject, ownValue } from "../../skill/own-value.ts";

/** What an engine can enforce. */
export interface AuditedEngine {
  /** Whether it applies AppArmor profiles; null: not told. */
  readonly appArmor: boolean | null;
}

/** An inspect answer, opened. */
export interface InspectedContainer {
  readonly host: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
}

export function openInspected(inspected: unknown): InspectedContainer {
  const answer = asObject(inspected) ?? {};
  return {
    answer,
    config: asObject(ownValue(answer, "Config")) ?? {},
    host: asObject(ownValue(answer, "HostConfig")) ?? {},
  };
}

export interface AuditedMount {
  readonly source: string;
  readonly target: string;
  readonly propagation: string;
}

export function mountsOf(answer: Readonly<Record<string, unknown>>): readonly AuditedMount[] {
  const mounts = Array.isArray(answer["Mounts"]) ? answer["Mounts"] : [];
  return mounts
    .map((mount) => asObject(mount) ?? {})
    .filter((mount) => mount["Type"] === "bind")
    .map((mount) => ({
      source: String(mount["Source"] ?? ""),
      target: String(mount["Destination"] ?? ""),
      propagation: String(mount["Propagation"] ?? ""),
    }));
}

/** The benchmark's own list, and what holds sockets. A root gateway's state, which is below `/root`, is no such folder. */
export const isSystemPath = (path: string): boolean =>
  path === "/" ||
  /^\/(?:boot|dev|etc|lib(?:32|64)?|proc|run|sys|usr|var\/run)(?:\/|$)/.test(path) ||
  path === "/root";

export function portBindings(
  host: Readonly<Record<string, unknown>>,
): readonly { readonly address: string; readonly port: number }[] {
  return Object.values(asObject(host["PortBindings"]) ?? {}).flatMap((bindings) =>
    (Array.isArray(bindings) ? bindings : []).map((binding) => {
      const { HostIp = "", HostPort = "" } = asObject(binding) ?? {};
      return { address: String(HostIp), port: Number(HostPort) };
    }),
  );
}

export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
