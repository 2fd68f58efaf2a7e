import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import type { NetworkDetails, NetworkPort } from "../../src/engine/sandbox/network-port.ts";

/** The port for networks, of an engine in memory; `networks`: by id. */
export function memoryNetworks(
  networks: Map<string, NetworkDetails>,
  call: (name: string) => Promise<void>,
): NetworkPort {
  let made = 0;
  const find = (idOrName: string) =>
    [...networks.values()].find(({ id, name }) => id === idOrName || name === idOrName) ?? null;
  return {
    create: async ({ name, labels }) => {
      await call(`networks.create ${name}`);
      if (find(name) !== null) {
        throw new SkillcrateError("NETWORK_NAME_TAKEN", "the memory engine has it", { hint: "none" });
      }
      made += 1;
      const id = `network-${made}`;
      const subnets = [{ range: `10.200.${made}.0/24`, gateway: `10.200.${made}.1` }];
      networks.set(id, {
        ...{ id, name, labels, subnets, driver: "bridge", internal: false, ipv6: false },
        ...{ connectsContainers: false, containerNames: [] },
      });
      return id;
    },
    inspect: async (idOrName) => {
      await call(`networks.inspect ${idOrName}`);
      return find(idOrName);
    },
    list: async (labels) => {
      await call("networks.list");
      const has = (network: NetworkDetails, label: string) => {
        const [key = "", value] = label.split(/=(.*)/s);
        const found = network.labels[key];
        return found !== undefined && (value === undefined || found === value);
      };
      return [...networks.values()].filter((network) => labels.every((label) => has(network, label)));
    },
    remove: async (name) => {
      await call(`networks.remove ${name}`);
      const found = find(name);
      if ((found?.containerNames.length ?? 0) > 0) return false;
      networks.delete(found?.id ?? "");
      return true;
    },
  };
}
