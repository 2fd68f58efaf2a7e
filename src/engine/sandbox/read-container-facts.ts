import { askEngine } from "../port/ask-engine.ts";
import type { EngineLink } from "../port/engine-link.ts";
import { readAnswer } from "../port/read-answer.ts";

/** What decides what a container can be asked to be on this engine. It stays the same until the engine is restarted. */
export interface ContainerFacts {
  readonly cpus: number;
  /** Whether it has an init program for containers. */
  readonly hasInit: boolean;
  /** Whether it counts swap; where it does not, a limit of memory and swap together cannot be had. */
  readonly countsSwap: boolean;
  /** Null: not told. */
  readonly defaultRuntime: string | null;
  /** Whether it confines containers by AppArmor profiles. */
  readonly appArmor: boolean;
}

export async function readContainerFacts(
  link: EngineLink,
  product: "docker" | "podman",
): Promise<ContainerFacts> {
  const doing = "ask the engine what it can limit";
  const { body } = await askEngine(link, { method: "GET", path: "/info", doing, pace: "patient" });
  const answer = readAnswer(body, doing);
  const runtime = answer.textOrEmpty("DefaultRuntime");
  return {
    cpus: answer.number("NCPU"),
    // Podman does not tell here; it says what to install where it has none.
    hasInit: product === "podman" || answer.textOrEmpty("InitBinary") !== "",
    countsSwap: answer.flag("SwapLimit"),
    defaultRuntime: runtime === "" ? null : runtime,
    appArmor: answer.texts("SecurityOptions").some((option) => /^(?:name=)?apparmor\b/.test(option)),
  };
}
