import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { OpenExec } from "../../engine/exec/exec-port.ts";
import { parseRefusalCounts, type RefusalCounts } from "./refusal-counts.ts";
import { wardenScript } from "./warden-script.ts";

/**
 * A shell that stays in a container and ends commands there: the engine's API cannot, and once a sandbox has used up
 * its processes nothing can be started that could. It costs one process. Programs of the sandbox run as the same user and may kill it;
 * another one is then started as soon as one is needed.
 */
export interface Warden {
  /** False once it has ended, by itself or by others. */
  readonly alive: boolean;
  /** Signals a command and all that it started; with `KILL` until nothing is found any more. */
  signal(target: WardenTarget, signal: WardenSignal): Promise<void>;
  /** How often the sandbox's limits were reached; null where the kernel tells none. */
  refusals(): Promise<RefusalCounts | null>;
  close(): void;
}

export interface WardenTarget {
  /** Of the command's process group, inside; null: not known. */
  readonly pid: number | null;
  readonly mark: string;
}

export type WardenSignal = "INT" | "TERM" | "KILL";

/** Throws `EXEC_NOT_STARTED` where no warden can be started; its methods throw `EXEC_WARDEN_LOST` where it is gone or silent. */
export async function openWarden(
  engine: Engine,
  containerId: string,
  user: string | undefined,
): Promise<Warden> {
  const exec = await engine.execs.open(containerId, {
    // From standard input: a long argument would fill every list of processes.
    command: ["/bin/sh", "-s", "skillcrate-warden"],
    stdin: true,
    tty: false,
    idle: true,
    ...(user === undefined ? {} : { user }),
  });
  const answers = new Map<number, (answer: string | SkillcrateError) => void>();
  let alive = true;
  let lastId = 0;

  const waitFor = (id: number) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => end(lost("it does not answer")), answerMs);
      answers.set(id, (answer) => {
        clearTimeout(timer);
        answers.delete(id);
        if (typeof answer === "string") resolve(answer);
        else reject(answer);
      });
    });
  const end = (reason: SkillcrateError) => {
    if (!alive) return;
    alive = false;
    for (const settle of answers.values()) settle(reason);
    exec.close();
  };
  const ask = (request: string): Promise<string> => {
    if (!alive) return Promise.reject(lost("it has ended"));
    lastId += 1;
    exec.stdin?.write(`${lastId} ${request}\n`);
    return waitFor(lastId);
  };

  const ready = waitFor(0);
  exec.stdin?.write(`${wardenScript}\n`);
  void listen(exec, (id, answer) => answers.get(id)?.(answer)).then(end);
  await ready.catch((error: SkillcrateError) => {
    throw new SkillcrateError(
      "EXEC_NOT_STARTED",
      `no command of the sandbox can be ended: ${error.message}`,
      {
        hint: "The image needs a /bin/sh, and the sandbox a process to spare; else recreate it.",
        cause: error,
      },
    );
  });
  return {
    get alive() {
      return alive;
    },
    signal: async ({ pid, mark }, signal) => {
      await ask(`end ${signal} ${pid ?? 0} ${mark}`);
    },
    refusals: async () => parseRefusalCounts(...(await ask("count")).split(" ")),
    close: () => end(lost("it was closed")),
  };
}

/** Hands every whole line on, and gives the reason once there are no more. Never throws. */
async function listen(exec: OpenExec, hear: (id: number, answer: string) => void): Promise<SkillcrateError> {
  let pending = "";
  try {
    for await (const { bytes } of exec.output) {
      const lines = (pending + Buffer.from(bytes).toString("latin1")).split("\n");
      pending = lines.pop() ?? "";
      if (pending.length > longestLine) break;
      for (const line of lines) {
        const [, id, answer = ""] = /^(\d{1,15}) (.*)$/.exec(line) ?? [];
        if (id !== undefined) hear(Number(id), answer);
      }
    }
  } catch (error) {
    // The engine's errors: whoever asks next is told.
    if (error instanceof SkillcrateError) return lost(error.message, error);
    return lost(String(error), error);
  }
  return lost(pending === "" ? "it has ended" : escapeText(pending.trim().slice(-200)));
}

function lost(reason: string, cause?: unknown): SkillcrateError {
  return new SkillcrateError(
    "EXEC_WARDEN_LOST",
    `what ends commands in the sandbox cannot be used: ${reason}`,
    {
      hint: "Another one is started for the next command.",
      cause,
    },
  );
}

// Among hundreds of a fork bomb's processes it gets its turn late.
const answerMs = 10_000;
const longestLine = 4096;
