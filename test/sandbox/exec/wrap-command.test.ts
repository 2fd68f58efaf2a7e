import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { signalName } from "../../../src/sandbox/exec/signal-name.ts";
import { tellCause, watchForDiskFull } from "../../../src/sandbox/exec/tell-cause.ts";
import { parseStart, wrapCommand, wrapEnv } from "../../../src/sandbox/exec/wrap-command.ts";

const mark = "0123456789abcdef0123456789abcdef";
const shells = ["dash", "bash", "busybox"].filter((shell) => spawnSync(shell, ["true"]).error === undefined);

describe.each(shells)("a wrapped command in %s", (shell) => {
  const first = shell === "busybox" ? ["sh"] : [];
  const run = (command: readonly string[], env = {}) => {
    const [, ...args] = wrapCommand(mark, command, undefined);
    return spawnSync(shell, [...first, ...args], {
      env: { PATH: process.env["PATH"], ...env },
      encoding: "utf8",
    });
  };

  test("says its process id, and becomes the command", () => {
    const { stdout, pid } = run(["sh", "-c", 'echo "$$" "$@"', "x", "a b", "", "*"]);
    const [line = "", ...rest] = stdout.split("\n");
    expect(parseStart(mark, line)).toMatchObject({ pid });
    expect(rest).toEqual([`${pid} a b  *`, ""]);
  });

  test("hands its environment on as it is", () => {
    const env = wrapEnv(mark, { n: "1", sk: "2", ENV: "/nonexistent", key: "a\nb" });
    const printed = run(["env", "-0"], env).stdout.split("\n").slice(1).join("\n").split("\0");
    for (const [name, value] of Object.entries(env)) expect(printed).toContain(`${name}=${value}`);
    expect(printed.filter((entry) => entry.startsWith("sk_"))).toEqual([]);
  });

  test("that is not there ends with 127", () => {
    expect(run(["/no/such"])).toMatchObject({ status: 127 });
  });
});

test("there is a shell to try", () => {
  expect(shells).toContain("bash");
  expect(execFileSync("/bin/sh", ["-c", "echo sh"], { encoding: "utf8" })).toBe("sh\n");
});

describe("what is refused", () => {
  test.each([[[]], [[""]], [["-c"]], [["a\0b"]], [["a", "b\0"]]])("the command %j", (command) => {
    expect(() => wrapCommand(mark, command, undefined)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });

  test.each([[{ "a-b": "x" }], [{ "": "x" }], [{ "1A": "x" }], [{ A: "x\0" }], [{ "A=B": "x" }]])(
    "the environment %j",
    (env) => {
      expect(() => wrapEnv(mark, env)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
    },
  );

  test("no value is in the message", () => {
    expect(() => wrapEnv(mark, { KEY: "hunter2\0" })).toThrow(/^(?!.*hunter2)/);
  });
});

test.each([
  ["of another command", `ffff 12 0 0`],
  ["with no number", `${mark} x 0 0`],
  ["with a number that is none of a process", `${mark} 0 0 0`],
  ["with a longer mark", `${mark}0 12 0 0`],
])("a line %s is none", (_name, line) => {
  expect(parseStart(mark, line)).toBeNull();
});

test("counts that the kernel does not tell are null", () => {
  expect(parseStart(mark, `${mark} 12 - -\r`)).toEqual({ pid: 12, refusals: null });
  expect(parseStart(mark, `${mark} 12 3 -`)).toEqual({ pid: 12, refusals: { outOfMemory: 3, pidsLimit: 0 } });
});

test("causes, the surest first", () => {
  const counts = (outOfMemory: number, pidsLimit: number) => ({ outOfMemory, pidsLimit });
  expect(tellCause(counts(1, 1), counts(2, 2), true)).toBe("out-of-memory");
  expect(tellCause(counts(1, 1), counts(1, 2), true)).toBe("pids-limit");
  expect(tellCause(counts(1, 1), counts(1, 1), true)).toBe("disk-full");
  expect(tellCause(counts(1, 1), counts(1, 1), false)).toBeNull();
  expect(tellCause(null, counts(1, 1), false)).toBeNull();
  // A container that was restarted counts anew.
  expect(tellCause(counts(5, 5), counts(0, 0), false)).toBeNull();
});

test("a full disk is noticed wherever its message is cut", () => {
  const said = "cp: error writing 'x': No space left on device\n";
  for (let at = 1; at < said.length; at += 1) {
    const watch = watchForDiskFull();
    watch.look(Buffer.from(said.slice(0, at)));
    watch.look(Buffer.from(said.slice(at)));
    expect(watch.seen).toBe(true);
  }
  const quiet = watchForDiskFull();
  quiet.look(Buffer.from("there is space left on every device"));
  expect(quiet.seen).toBe(false);
});

test("signals by exit code", () => {
  expect([0, 1, 127, 128, 137, 143, 255, null].map(signalName)).toEqual([
    ...[null, null, null, null],
    ...["SIGKILL", "SIGTERM", null, null],
  ]);
});
