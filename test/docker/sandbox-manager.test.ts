import { chownSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, inject, test } from "vitest";
import type { Terminal } from "../../src/cli/terminal.ts";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { callCli } from "../support/call-cli.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { execShell } from "../support/exec-shell.ts";
import { writeSkill } from "../support/gateway-ground.ts";
import { labelImage } from "../support/label-image.ts";
import { rebuildBase } from "../support/rebuild-base.ts";
import { useManagerGateways } from "../support/use-manager-gateways.ts";

const { engine, gateway } = useManagerGateways();

/** A person who types one thing and watches. */
function typeInto(text: string) {
  const seen: Uint8Array[] = [];
  const modes: boolean[] = [];
  const terminal: Terminal = {
    async *typed() {
      yield Buffer.from(text);
      // A terminal stays open, whatever was typed.
      await new Promise(() => undefined);
    },
    write: async (bytes) => void seen.push(bytes),
    size: () => ({ columns: 100, rows: 30 }),
    onResize: () => () => undefined,
    setRaw: (raw) => void modes.push(raw),
  };
  return { terminal, modes, shown: () => Buffer.concat(seen).toString() };
}

/** An input that says each of these once all before it have been printed. */
function talk(...lines: readonly string[]) {
  let printed = "";
  const stdin = async function* () {
    let said = "";
    for (const line of lines) {
      while (!printed.endsWith(said)) await delay(10);
      said = line;
      yield Buffer.from(line);
    }
  };
  const onOutput = (text: string) => {
    printed += text;
  };
  return { stdin: stdin(), onOutput };
}

const sh = (id: string, script: string) => execShell(engine(), id, script);

describe("a session's sandbox", () => {
  test("has its skills, its home and its limits; asked for again it takes two requests", async () => {
    const { requestFor, open } = gateway("one");
    const proxy = await startCountingProxy();
    const env = { DOCKER_HOST: `unix://${proxy.socketPath}` };
    await using manager = open({ engine: await connectEngine({ env, homeDir: homedir() }) });
    const request = requestFor("agent:main:telegram:dm:42");
    const sandbox = await manager.ensure(request);
    expect(sandbox).toMatchObject({ action: "created", outdated: [] });
    const [skill] = sandbox.skills.skills;
    expect(await sh(sandbox.id, `cat ${skill?.location}`)).toContain("name: greeter");
    expect(await sh(sandbox.id, `touch ${skill?.location}.x 2>&1`)).toContain("Read-only");
    expect(await sh(sandbox.id, "echo $HOME; touch ~/x && echo kept")).toBe("/workspace/home\nkept\n");
    const asked = proxy.requests.length;
    const again = await manager.ensure(requestFor("agent:main:telegram:dm:42"));
    expect(again).toMatchObject({ id: sandbox.id, action: "reused" });
    expect(proxy.requests.slice(asked)).toEqual([
      `GET /images/${inject("baseImage")}/json`,
      `GET /containers/${sandbox.name}/json`,
    ]);
  });

  test("is its own: another session has another home", async () => {
    const { requestFor, open } = gateway("two");
    await using manager = open();
    const [alice, bob] = await Promise.all([
      manager.ensure(requestFor("agent:main:telegram:dm:alice")),
      manager.ensure(requestFor("agent:main:telegram:dm:bob")),
    ]);
    expect(alice.plan.body.Labels).not.toEqual(bob.plan.body.Labels);
    // What a gateway keeps for each of them is what differs.
    expect(alice.plan.body.HostConfig.SecurityOpt).toBe(bob.plan.body.HostConfig.SecurityOpt);
    expect(alice.home.environment).toBe(bob.home.environment);
    await sh(alice.id, "echo token > ~/.netrc");
    expect(await sh(bob.id, "ls -A ~; ls -A /workspace")).not.toContain(".netrc");
  });

  test("works in the agent's workspace where it may; one that belongs to root is refused with what to type", async () => {
    const { agentWorkspace, requestFor, open } = gateway("three", { workspaceAccess: "rw" });
    writeFileSync(join(agentWorkspace, "notes.txt"), "notes\n");
    await using manager = open();
    const sandbox = await manager.ensure(requestFor("agent:main:telegram:dm:42"));
    expect(await sh(sandbox.id, "cat notes.txt; echo more > more.txt && ls")).toContain("more.txt");
    sandbox.release();
    if (process.geteuid?.() !== 0) return;
    chownSync(agentWorkspace, 0, 0);
    await expect(manager.ensure(requestFor("agent:main:telegram:dm:43"))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      hint: expect.stringContaining("chown -R 1000:1000"),
    });
  });

  test("has no other image than its own: a missing one is told with the command that builds it", async () => {
    const docker = {
      image: "moltbot-sandbox-common:bookworm-slim-none",
      containerPrefix: "skillcrate-test-",
    };
    const { requestFor, open } = gateway("four", { docker });
    await using manager = open();
    await expect(manager.ensure(requestFor("main"))).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
      hint: "Build it: skillcrate setup --only common --tag-prefix moltbot",
    });
  });

  test("comes up by hand too, and runs a command there", async () => {
    const surroundings = gateway("six").write();
    const session = ["--session", "agent:main:telegram:dm:42"];
    const json = async (...argv: readonly string[]) => {
      const { exitCode, stdout } = await callCli(["sandbox", ...argv], surroundings);
      return { exitCode, ...JSON.parse(stdout) };
    };
    const run = await json("run", ...session, "--json");
    expect(run).toMatchObject({ exitCode: 0, result: { action: "created", skills: ["greeter"] } });
    expect(
      await json("exec", ...session, "--json", "--", "sh", "-c", "pwd; echo no >&2; exit 7"),
    ).toMatchObject({
      exitCode: 7,
      outcome: "failed",
      result: { id: run.result.id, stdout: "/workspace\n", stderr: "no\n", exitCode: 7 },
    });
    const exec = (watched: boolean, ...argv: readonly string[]) =>
      callCli(["sandbox", "exec", ...session, ...argv], { ...surroundings, watched });
    const paint = ["--", "printf", "\u001b[2Ja\tb\n"];
    expect(await exec(true, ...paint)).toMatchObject({ exitCode: 0, stdout: "\\u001b[2Ja\tb\n" });
    expect(await exec(false, ...paint)).toMatchObject({ exitCode: 0, stdout: "\u001b[2Ja\tb\n" });
    // What is asked comes before the answer, and the answer before the end: nothing waits for it.
    const conversation = talk("one\n", "two\n");
    const piped = await callCli(
      ["sandbox", "exec", ...session, "--workdir", "/tmp", "--", "sh", "-c", "pwd; cat; echo no >&2; exit 4"],
      { ...surroundings, ...conversation },
    );
    expect(piped).toMatchObject({ exitCode: 4, stdout: "/tmp\none\ntwo\n", stderr: "no\n" });
    const typing = typeInto("echo $((6 * 8)); exit 3\n");
    const atTerminal = await callCli(["sandbox", "exec", ...session, "--tty", "--", "sh"], {
      ...surroundings,
      terminal: typing.terminal,
    });
    expect(atTerminal.exitCode, atTerminal.stderr).toBe(3);
    expect(typing.shown()).toContain("48\r\n");
    expect(await exec(true, "--tty", "--", "sh")).toMatchObject({ exitCode: 2 });
    const stored = "a-key-of-this-session";
    const setIn = { ...surroundings, env: { ...surroundings.env, KEY: stored } };
    await callCli(["secret", "set", "GREETER_KEY", ...session, "--from-env", "KEY"], setIn);
    await callCli(["secret", "allow", "GREETER_KEY", "--skill", "greeter", ...session], surroundings);
    const key = ["sh", "-c", 'printf %s "$GREETER_KEY" | wc -c'];
    expect(await json("exec", ...session, "--json", "--", ...key)).toMatchObject({
      result: { stdout: "0\n" },
    });
    expect(await json("exec", ...session, "--secrets", "--json", "--", ...key)).toMatchObject({
      result: { stdout: `${stored.length}\n` },
    });
    const typist = typeInto("stty size; echo $((6 * 7)); exit 5\n");
    const shell = await callCli(["sandbox", "shell", ...session], {
      ...surroundings,
      terminal: typist.terminal,
    });
    expect(shell.exitCode, shell.stderr).toBe(5);
    expect(typist.shown()).toMatch(/30 100\r\n42\r\n/);
    expect(typist.modes).toEqual([true, false]);
    expect((await callCli(["sandbox", "shell", ...session], surroundings)).exitCode).toBe(2);
    expect(await json("stop", "agent:main:telegram:dm:42", "--json")).toMatchObject({ exitCode: 0 });
  });

  test("of an image that says what it has: only skills that work there are inside, and explain says why", async () => {
    const tag = `${inject("tagPrefix")}manager:labelled`;
    await labelImage(engine(), tag, ["greet"]);
    const docker = { image: tag, containerPrefix: "skillcrate-test-", env: { GIVEN: "yes" } };
    const { stateDir, write } = gateway("eight", { docker });
    const skills = join(stateDir, "skills");
    const needs = (what: string) => `metadata: {openclaw: {requires: ${what}}}\n`;
    writeSkill(skills, "greets", needs("{bins: [greet, sed]}"));
    writeSkill(skills, "paints", needs("{bins: [paint]}"));
    writeSkill(skills, "asks", needs("{env: [ASK_KEY, GIVEN]}"));
    const surroundings = write();
    const session = ["--session", "agent:main:telegram:dm:42"];
    const shown = async () => {
      const { stdout } = await callCli(["sandbox", "run", ...session, "--json"], surroundings);
      return JSON.parse(stdout).result.skills;
    };
    expect(await shown()).toEqual(["greeter", "greets"]);
    const explained = await callCli(["explain", ...session, "--json"], surroundings);
    const { inside, missing } = JSON.parse(explained.stdout).result.skills;
    expect(inside).toEqual(["greeter", "greets"]);
    expect(missing).toMatchObject([
      { name: "asks", there: false, reason: expect.stringContaining("ASK_KEY") },
      { name: "paints", there: false, reason: expect.stringContaining("paint") },
    ]);
    const withKey = { ...surroundings, env: { ...surroundings.env, KEY: "a-key-to-ask-with" } };
    await callCli(["secret", "set", "ASK_KEY", ...session, "--from-env", "KEY"], withKey);
    expect(await shown()).toEqual(["asks", "greeter", "greets"]);
  });

  test("of an image that was rebuilt: explain says why the old one still runs, and what to type", async () => {
    const tag = `${inject("tagPrefix")}manager:rebuilt`;
    const base = await engine().images.inspect(inject("baseImage"));
    if (base === null) throw new Error("the base image is gone");
    await engine().images.tag(base.id, tag);
    const docker = { image: tag, containerPrefix: "skillcrate-test-" };
    const { requestFor, open, write } = gateway("seven", { docker });
    const surroundings = write();
    const session = ["--session", "agent:main:telegram:dm:42"];
    await using manager = open();
    const { release } = await manager.ensure(requestFor("agent:main:telegram:dm:42"));
    const explain = async () => (await callCli(["explain", ...session], surroundings)).stdout;
    expect(await explain()).not.toContain("was built again");
    await rebuildBase(engine(), tag);
    expect(await explain()).toMatch(/was built again since, and the sandbox still runs what it was before/);
    expect(await explain()).toContain("skillcrate sandbox recreate");
    release();
    const recreated = await callCli(["sandbox", "recreate", ...session], surroundings);
    expect(recreated.exitCode, recreated.stderr).toBe(0);
    await manager.ensure(requestFor("agent:main:telegram:dm:42"));
    expect(await explain()).not.toContain("was built again");
  });

  test("stays when its manager is closed, and is in use until then", async () => {
    const { requestFor, open, sandboxes: there } = gateway("five");
    const managers = [open(), open()];
    const sandboxes = await Promise.all(
      managers.map((manager) => manager.ensure(requestFor("agent:main:telegram:dm:42"))),
    );
    expect(new Set(sandboxes.map((sandbox) => sandbox.id)).size).toBe(1);
    const list = async () => (await listSandboxes(there)).map(({ state, inUse }) => ({ state, inUse }));
    await managers[0]?.close();
    expect(await list()).toEqual([{ state: "running", inUse: true }]);
    await managers[1]?.close();
    expect(await list()).toEqual([{ state: "running", inUse: false }]);
    await expect(managers[0]?.ensure(requestFor("main"))).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
