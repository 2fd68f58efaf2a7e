import type { Engine } from "../../src/engine/engine.ts";
import { type TestRun, testLabel } from "./test-run.ts";

/**
 * Where containers of the engine's default network send what leaves it, as IPv4: with an engine on this machine that is
 * an address of ours. Asked from inside one, since a bridge without containers is in no list of interfaces.
 */
export async function findContainerGateway(engine: Engine, image: string, run: TestRun): Promise<string> {
  const id = await engine.containers.create({
    image,
    command: ["sleep", "60"],
    user: null,
    env: {},
    labels: { [testLabel]: run.id },
    network: "bridge",
    readOnlyRoot: true,
    tmpfs: {},
    memoryBytes: 64 * 1024 * 1024,
    pids: 16,
  });
  try {
    await engine.containers.start(id);
    const command = ["cat", "/proc/net/route"];
    const { stdout } = await engine.containers.exec(id, {
      command,
      outputLimitBytes: 65_536,
      timeoutMs: 30_000,
    });
    return readDefaultGateway(stdout);
  } finally {
    await engine.containers.remove(id);
  }
}

/** The kernel's table of routes: interface, destination, gateway and more, as hexadecimal in the order of memory. */
function readDefaultGateway(table: string): string {
  for (const line of table.split("\n")) {
    const [, destination, gateway] = line.split("\t");
    if (destination === "00000000" && gateway !== undefined) {
      return [...Buffer.from(gateway, "hex").reverse()].join(".");
    }
  }
  throw new Error(`a container of the default network has no default route:\n${table}`);
}
