import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { createSandboxProcesses } from "../../src/sandbox/exec/create-sandbox-processes.ts";
import { createWardens, type Wardens } from "../../src/sandbox/exec/create-wardens.ts";
import { execInSandbox } from "../../src/sandbox/exec/exec-in-sandbox.ts";
import { openSandboxRunner } from "../../src/sandbox/exec/open-sandbox-runner.ts";
import type { SandboxExecRequest } from "../../src/sandbox/exec/sandbox-exec.ts";
import { sandboxEnvironment } from "../../src/sandbox/sandbox-environment.ts";
import { planSecrets } from "../../src/sandbox/secrets/plan-secrets.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const mebibyte = 1024 * 1024;
/** Takes memory until it is refused; the base image has this interpreter and no other. */
const hog = '$_ = "x" x 10_000_000; push @all, $_ . "y" while 1';
const canary = `canary-${randomUUID()}`;
let engine: Engine;
let wardens: Wardens;
let containerId: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  wardens = createWardens(engine);
  containerId = await startContainer();
});

afterAll(async () => {
  wardens.close();
  await engine.containers.remove(containerId);
});

async function startContainer(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const id = await engine.containers.create({
    image: inject("baseImage"),
    command: ["/usr/bin/sleep", "600"],
    entrypoint: [],
    user: "4321:4321",
    env: { WHERE: "container", SHARED: "container", ...env },
    labels: { [testLabel]: inject("testRun") },
    network: "none",
    readOnlyRoot: true,
    tmpfs: { "/tmp": "rw,nosuid,nodev,mode=1777,size=8m" },
    memoryBytes: 96 * mebibyte,
    pids: 64,
  });
  await engine.containers.start(id);
  return id;
}

type Options = Partial<SandboxExecRequest>;

const run = (command: readonly string[], options: Options = {}) =>
  execInSandbox({ engine, containerId, command, timeoutMs: 60_000, wardens, ...options });
const sh = (script: string, options: Options = {}) => run(["sh", "-c", script], options);

/** Of all processes in the container, one command line each. */
async function processes(): Promise<readonly string[]> {
  const { Processes } = await new Docker().getContainer(containerId).top();
  return Processes.map((row: string[]) => row.at(-1) ?? "");
}

async function countRunning(words: string): Promise<number> {
  return (await processes()).filter((line) => line.endsWith(words)).length;
}

const secretEnvironment = () =>
  sandboxEnvironment({
    home: { HOME: "/tmp", SHARED: "home" },
    dockerEnv: { SHARED: "configured" },
    secrets: planSecrets({
      skills: [{ name: "s", skillKey: "s", requires: { env: ["API_KEY"] } }],
      stored: new Map([["API_KEY", canary]]),
      config: {},
      rules: [],
    }),
  });

describe("a command", () => {
  test("gives its outputs apart, its exit code, and no cause that is none", async () => {
    expect(await sh("echo out é; echo err >&2; exit 42")).toEqual({
      exitCode: 42,
      signal: null,
      stdout: "out é\n",
      stderr: "err\n",
      truncated: false,
      spilledTo: null,
      timedOut: false,
      cause: null,
      endedBy: null,
      durationMs: expect.any(Number),
    });
  });

  test("reads 10 MB byte for byte, and its end", async () => {
    const input = randomBytes(10 * mebibyte);
    const pieces = async function* () {
      for (let at = 0; at < input.length; at += 99_999) yield input.subarray(at, at + 99_999);
    };
    const hash = createHash("sha256");
    const { exitCode, truncated } = await run(["cat"], {
      stdin: pieces(),
      onOutput: ({ bytes }) => void hash.update(bytes),
    });
    expect({ exitCode, truncated }).toEqual({ exitCode: 0, truncated: true });
    expect(hash.digest("hex")).toBe(createHash("sha256").update(input).digest("hex"));
  });

  test("need not read, and reads an end where nothing is given", async () => {
    const endless = async function* () {
      for (;;) yield Buffer.alloc(65_536);
    };
    expect(await run(["true"], { stdin: endless() })).toMatchObject({ exitCode: 0 });
    expect(await run(["cat"])).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("has a terminal of its size", async () => {
    const { stdout } = await sh("stty size; test -t 0 && echo terminal; echo err >&2", {
      tty: { columns: 91, rows: 33 },
    });
    expect(stdout).toBe("33 91\r\nterminal\r\nerr\r\n");
  });

  test("has its folder; one that is not there is said", async () => {
    expect(await run(["pwd"], { workdir: "/usr/lib" })).toMatchObject({ stdout: "/usr/lib\n" });
    await expect(run(["pwd"], { workdir: "/no/such" })).rejects.toMatchObject({
      code: "EXEC_NOT_STARTED",
      message: expect.stringContaining("no such file"),
      hint: "The working folder must be there in the sandbox.",
    });
  });

  test("has the container's environment, its home's, the configured one and its secrets, later ones first", async () => {
    const environment = secretEnvironment();
    const { stdout } = await sh('echo "$WHERE $SHARED $HOME"; printf %s "$API_KEY" | wc -c', { environment });
    expect(stdout).toBe(`container configured /tmp\n${canary.length}\n`);
  });

  test("that is not there, or that signals end", async () => {
    expect(await run(["no-such-command"])).toMatchObject({ exitCode: 127, signal: null });
    expect(await run(["/etc/passwd"])).toMatchObject({ exitCode: 126, signal: null });
    for (const signal of ["TERM", "KILL", "SEGV"]) {
      expect(await sh(`kill -${signal} $$`)).toMatchObject({ signal: `SIG${signal}`, cause: null });
    }
  });

  test("keeps its secrets out of inspect, of arguments and of what it prints", async () => {
    const seen: Buffer[] = [];
    const result = await sh(
      `echo "key: $API_KEY"; printf %s "$API_KEY" | base64 -w0 >&2; cat /proc/[0-9]*/cmdline`,
      { environment: secretEnvironment(), onOutput: ({ bytes }) => void seen.push(Buffer.from(bytes)) },
    );
    expect(result.stdout).toMatch(/^key: \[redacted\]\n/);
    const encoded = Buffer.from(canary).toString("base64");
    const inspected = JSON.stringify(await new Docker().getContainer(containerId).inspect());
    for (const text of [JSON.stringify(result), Buffer.concat(seen).toString("latin1"), inspected]) {
      expect(text).not.toContain(canary);
      expect(text).not.toContain(encoded);
    }
  });
});

describe("too much output", () => {
  test("fills no memory; the rest is in a file that has its own end", async () => {
    const folder = tempFolder();
    const before = process.memoryUsage().rss;
    let passed = 0;
    const { stdout, stderr, truncated, spilledTo } = await sh("head -c 209715200 /dev/zero; echo end >&2", {
      outputLimitBytes: 1000,
      spill: { folder, limitBytes: 3 * mebibyte },
      onOutput: ({ bytes }) => {
        passed += bytes.length;
      },
    });
    expect({ stdout: stdout.length, stderr, truncated, passed }).toEqual({
      stdout: 1000,
      stderr: "",
      truncated: true,
      passed: 209_715_204,
    });
    expect(spilledTo).toMatchObject({ sizeBytes: 3 * mebibyte, complete: false });
    const path = spilledTo?.path ?? "";
    expect(readdirSync(folder).map((name) => `${folder}/${name}`)).toEqual([path]);
    expect(statSync(path)).toMatchObject({ size: 3 * mebibyte, mode: 0o100600 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * mebibyte);
  });

  test("waits where nobody takes it", async () => {
    let taken = 0;
    const result = await run(["head", "-c", "104857600", "/dev/zero"], {
      timeoutMs: 1500,
      onOutput: async ({ bytes }) => {
        taken += bytes.length;
        await new Promise((resolve) => setTimeout(resolve, 100));
      },
    });
    expect(result).toMatchObject({ timedOut: true, signal: "SIGKILL" });
    expect(taken).toBeLessThan(10 * mebibyte);
  });

  test("is whole in the file where that is large enough", async () => {
    const folder = tempFolder();
    const { stdout, spilledTo } = await run(["seq", "1", "5000"], {
      outputLimitBytes: 100,
      spill: { folder },
    });
    const whole = stdout + readFileSync(spilledTo?.path ?? "", "utf8");
    expect(whole).toBe(Array.from({ length: 5000 }, (_, index) => `${index + 1}\n`).join(""));
  });
});

describe("a command that is ended", () => {
  const family = (mark: string) =>
    `sleep ${mark}1 & setsid sleep ${mark}2 & (setsid sh -c 'sleep ${mark}3 & sleep ${mark}4' &); sleep ${mark}5`;

  test("at its time limit goes with all that it started", async () => {
    const result = await sh(`echo before; ${family("7700")}`, { timeoutMs: 1000 });
    expect(result).toMatchObject({
      timedOut: true,
      endedBy: "signal",
      signal: "SIGKILL",
      stdout: "before\n",
    });
    expect((await processes()).filter((line) => line.includes("sleep 7700"))).toEqual([]);
  });

  test("on the caller's signal goes before that is told", async () => {
    const giveUp = new AbortController();
    const running = sh(family("7710"), {
      signal: giveUp.signal,
      onStarted: () => setTimeout(() => giveUp.abort(), 300),
    });
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await processes()).filter((line) => line.includes("sleep 7710"))).toEqual([]);
  });

  test("by an error of its caller's", async () => {
    const onOutput = () => {
      throw new Error("the caller's own");
    };
    await expect(sh("echo; sleep 7720", { onOutput })).rejects.toThrow("the caller's own");
    expect(await countRunning("sleep 7720")).toBe(0);
  });

  test("with an empty environment and another session lives on, and delays nobody for long", async () => {
    const result = await sh("setsid env -i sleep 7730 & exec env -i sleep 7731", { timeoutMs: 500 });
    expect(result).toMatchObject({ timedOut: true, endedBy: "signal" });
    expect([await countRunning("sleep 7730"), await countRunning("sleep 7731")]).toEqual([1, 0]);
  });

  test("that has killed its warden is ended by another one", async () => {
    const killWarden = `for dir in /proc/[0-9]*; do grep -qs "skillcrate-warde[n]" $dir/cmdline && kill -9 \${dir#/proc/}; done`;
    const result = await sh(`${killWarden}; setsid sleep 7735 & sleep 7736`, { timeoutMs: 1000 });
    expect(result).toMatchObject({ timedOut: true, endedBy: "signal" });
    expect((await processes()).filter((line) => line.includes("sleep 773"))).toEqual(["sleep 7730"]);
  });

  test("where no warden can be had is ended with its container, or left, as the caller says", async () => {
    const noWarden = new SkillcrateError("EXEC_NOT_STARTED", "no process to spare", { hint: "" });
    const open: Engine["execs"]["open"] = (id, spec, signal) =>
      spec.command.includes("skillcrate-warden")
        ? Promise.reject(noWarden)
        : engine.execs.open(id, spec, signal);
    const crippled = { ...engine, execs: { ...engine.execs, open } };
    const doomed = await startContainer();
    const request = { engine: crippled, containerId: doomed, command: ["sleep", "7740"], timeoutMs: 300 };
    try {
      await expect(execInSandbox({ ...request, lastResort: "leave" })).rejects.toMatchObject({
        code: "EXEC_NOT_ENDED",
      });
      expect(await execInSandbox(request)).toMatchObject({ timedOut: true, endedBy: "restart" });
      const after = await execInSandbox({ ...request, command: ["cat", "/proc/1/comm"], timeoutMs: 30_000 });
      expect(after.exitCode).toBe(0);
    } finally {
      await engine.containers.remove(doomed);
    }
  });
});

describe("what runs out is told", () => {
  test("memory, also where a child of the command had it", async () => {
    const own = await run(["perl", "-e", hog]);
    expect(own).toMatchObject({ signal: "SIGKILL", cause: "out-of-memory" });
    const child = await sh(`perl -e '${hog}'; exit 5`);
    expect(child).toMatchObject({ exitCode: 5, cause: "out-of-memory" });
    const { State } = await new Docker().getContainer(containerId).inspect();
    expect(State.OOMKilled).toBe(false);
  });

  test("disk", async () => {
    const result = await sh("head -c 20000000 /dev/zero >/tmp/full; code=$?; rm /tmp/full; exit $code");
    expect(result).toMatchObject({ exitCode: 1, cause: "disk-full" });
  });

  // What waits is started first: a shell that cannot start it would end before its time.
  test.each([
    ["a fork bomb", ["sh", "-c", "sleep 7750 & bomb() { bomb | bomb & }; bomb; wait"]],
    [
      "a fork bomb of many sessions",
      [
        "sh",
        "-c",
        "sleep 7750 & echo 'setsid sh /tmp/b & setsid sh /tmp/b & wait' >/tmp/b; setsid sh /tmp/b & wait",
      ],
    ],
    ["processes that wait", ["perl", "-e", "while (1) { sleep 7750 if !fork }"]],
  ])("processes: %s is ended, and the next command answers", async (_name, command) => {
    const bomb = await run(command, { timeoutMs: 1500 });
    expect(bomb).toMatchObject({ timedOut: true, endedBy: "signal", cause: "pids-limit" });
    expect(await run(["echo", "alive"])).toMatchObject({ exitCode: 0, stdout: "alive\n" });
    expect(await countRunning("7750")).toBe(0);
  });
});

describe("a container", () => {
  test("has no zombies left", async () => {
    await sh("for n in 1 2 3 4 5; do (sleep 0.1 &); done");
    const { stdout } = await sh("sleep 0.3; cat /proc/[0-9]*/status 2>/dev/null | grep -c '^State:.Z'");
    expect(stdout).toBe("0\n");
  });

  test("that goes away meanwhile is said, and one that is not there", async () => {
    const doomed = await startContainer();
    let removal: Promise<void> | null = null;
    const running = run(["sleep", "7760"], {
      containerId: doomed,
      onStarted: () => {
        removal = engine.containers.remove(doomed);
      },
    });
    const outcome = await running.then(
      ({ signal }) => signal,
      (error: SkillcrateError) => error.code,
    );
    // The engine forgets a command with its container: a moment before or after it is asked how it ended.
    expect(["SIGKILL", "CONTAINER_GONE"]).toContain(outcome);
    await removal;
    await expect(run(["true"], { containerId: doomed })).rejects.toMatchObject({ code: "CONTAINER_GONE" });
  });
});

describe("a long-running process", () => {
  test("is listed, read from any offset, written to, waited for and ended", async () => {
    const options = { engine, wardens, folder: tempFolder(), memoryBytes: 1000, fileBytes: 5000 };
    const manager = createSandboxProcesses(options);
    try {
      const echo = await manager.start({ containerId, command: ["cat"], stdin: true });
      expect(manager.list(containerId)).toMatchObject([{ id: echo.id, state: "running", exitCode: null }]);
      await manager.write(echo.id, "one\n");
      await manager.write(echo.id, "two\n", { end: true });
      expect(await manager.wait(echo.id)).toMatchObject({ state: "ended", exitCode: 0, outputBytes: 8 });
      const { bytes, next } = await manager.read(echo.id, { since: 4 });
      expect([Buffer.from(bytes).toString(), next]).toEqual(["two\n", 8]);
      await expect(manager.write(echo.id, "late")).rejects.toMatchObject({ code: "INPUT_INVALID" });

      const numbers = await manager.start({ containerId, command: ["seq", "-w", "1", "2000"] });
      await manager.wait(numbers.id);
      const first = await manager.read(numbers.id, { maxBytes: 5 });
      const passedOver = await manager.read(numbers.id, { since: 6000 });
      expect(Buffer.from(first.bytes).toString()).toBe("0001\n");
      expect(passedOver).toMatchObject({ since: 9000, next: 10_000 });
      expect(Buffer.from(passedOver.bytes).toString()).toMatch(/^1801\n(.*\n){198}2000\n$/);

      const stubborn = await manager.start({
        containerId,
        command: ["sh", "-c", "trap '' TERM; setsid sleep 7770 & while :; do sleep 7771; done"],
      });
      const polite = await manager.start({
        containerId,
        command: ["sh", "-c", "trap 'exit 3' TERM; sleep 7772 & echo ready; wait"],
      });
      await expect.poll(() => manager.read(polite.id).then(({ next }) => next)).toBe(6);
      expect(await manager.end(polite.id)).toMatchObject({ exitCode: 3, signal: null });
      expect(await manager.end(stubborn.id, { graceMs: 300 })).toMatchObject({ signal: "SIGKILL" });
      expect((await processes()).filter((line) => line.includes("sleep 777"))).toEqual([]);
      await expect(manager.read("nobody")).rejects.toMatchObject({ code: "PROCESS_NOT_FOUND" });
      expect(readdirSync(options.folder)).toEqual([]);
    } finally {
      await manager.close();
    }
    expect(manager.list()).toEqual([]);
  });

  test("ends with its manager", async () => {
    const manager = createSandboxProcesses({ engine, wardens, folder: tempFolder() });
    await manager.start({ containerId, command: ["sleep", "7780"] });
    await manager.close();
    expect(await countRunning("sleep 7780")).toBe(0);
  });
});

describe("a runner", () => {
  const runner = () => openSandboxRunner({ engine, containerId, wardens });
  const command = (...words: string[]) => ({ command: words, timeoutMs: 30_000 });

  test("needs Perl, and says so", async () => {
    const withoutPerl = await startContainer({ PATH: "/nowhere" });
    try {
      const one = openSandboxRunner({ engine, containerId: withoutPerl });
      await expect(one.run(command("/bin/true"))).rejects.toMatchObject({
        code: "EXEC_NOT_STARTED",
        message: expect.stringContaining("its image has no perl"),
        hint: expect.stringContaining("run commands one by one"),
      });
      // One by one they run.
      const alone = { engine, containerId: withoutPerl, ...command("/bin/true") };
      expect(await execInSandbox(alone)).toMatchObject({ exitCode: 0 });
    } finally {
      await engine.containers.remove(withoutPerl);
    }
  });

  test("runs a thousand commands, many at once, each with its own outputs", async () => {
    const many = runner();
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const results = await Promise.all(
      numbers.map((n) => many.run(command("sh", "-c", `echo out ${n}; echo err ${n} >&2; exit ${n % 200}`))),
    );
    expect(results.map(({ stdout, stderr, exitCode }) => `${stdout}${stderr}${exitCode}`)).toEqual(
      numbers.map((n) => `out ${n}\nerr ${n}\n${n % 200}`),
    );
    many.close();
  });

  test("tells signals from codes, ends at the time limit, cuts output, gives input, folder and environment", async () => {
    const one = runner();
    expect(await one.run(command("sh", "-c", "kill -9 $$"))).toMatchObject({
      exitCode: 137,
      signal: "SIGKILL",
    });
    expect(await one.run(command("sh", "-c", "exit 137"))).toMatchObject({ exitCode: 137, signal: null });
    expect(await one.run(command("no-such-command"))).toMatchObject({ exitCode: 127 });
    expect(await one.run({ ...command("pwd"), workdir: "/usr" })).toMatchObject({ stdout: "/usr\n" });
    expect(
      await one.run({ ...command("cat"), stdin: "x".repeat(300_000), outputLimitBytes: 4 }),
    ).toMatchObject({
      exitCode: 0,
      stdout: "xxxx",
      truncated: true,
    });
    const secret = { ...command("sh", "-c", 'echo "$SHARED $API_KEY"'), environment: secretEnvironment() };
    expect(await one.run(secret)).toMatchObject({ stdout: "configured [redacted]\n" });
    const late = "sleep 7790 & setsid sleep 7791 & sleep 7792";
    expect(await one.run({ command: ["sh", "-c", late], timeoutMs: 300 })).toMatchObject({ timedOut: true });
    expect(await one.run(command("sh", "-c", "(setsid sleep 7793 &); echo done"))).toMatchObject({
      stdout: "done\n",
    });
    expect((await processes()).filter((line) => line.includes("sleep 779"))).toEqual([]);
    one.close();
  });

  test("cannot be lied to by what commands print, nor read or written by them", async () => {
    const one = runner();
    const forged = "O\\000\\000\\000\\001\\000\\000\\000\\004fake";
    const noise = await one.run(
      command("sh", "-c", `printf '${forged}'; head -c 100000 /dev/urandom >&2; echo`),
    );
    expect(noise).toMatchObject({ exitCode: 0, truncated: false });
    const spy = await one.run(
      command("sh", "-c", "cat /proc/$PPID/environ; cat /proc/$PPID/mem; echo junk >/proc/$PPID/fd/1; true"),
    );
    expect(spy.stdout).toBe("");
    expect(spy.stderr.match(/Permission denied/g)).toHaveLength(3);
    one.close();
  });

  test("that is killed is said, leaves nothing, and is started anew", async () => {
    const one = runner();
    const killing = one.run(
      command("sh", "-c", "setsid sleep 7800 & sleep 7801 & kill -9 $PPID; sleep 7802"),
    );
    await expect(killing).rejects.toMatchObject({ code: "RUNNER_LOST" });
    expect(await one.run(command("echo", "back"))).toMatchObject({ stdout: "back\n" });
    await expect
      .poll(() => processes().then((all) => all.filter((line) => line.includes("sleep 780"))))
      .toEqual([]);
    one.close();
    await expect.poll(() => countRunning("skillcrate-runner")).toBe(0);
  });

  test("ends a command on its signal, and says what ran out", async () => {
    const one = runner();
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 300);
    const running = one.run({ ...command("sleep", "7810"), signal: giveUp.signal });
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await countRunning("sleep 7810")).toBe(0);
    const greedy = await one.run(command("perl", "-e", hog));
    expect(greedy).toMatchObject({ signal: "SIGKILL", cause: "out-of-memory" });
    one.close();
  });
});
