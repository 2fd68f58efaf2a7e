import { describe, expect, test } from "vitest";
import type { CommandTable } from "../../src/cli/command.ts";
import { commandTable } from "../../src/cli/command-table.ts";
import { findCommand } from "../../src/cli/find-command.ts";
import { errorCodes } from "../../src/diagnostic/error-codes.ts";
import { type CalledCli, callCli } from "../support/call-cli.ts";

const entries = (table: CommandTable): CommandTable =>
  table.flatMap((entry) => ("commands" in entry ? [entry, ...entries(entry.commands)] : [entry]));
const commands = entries(commandTable).flatMap((entry) => ("commands" in entry ? [] : [entry]));
const groups = entries(commandTable).flatMap((entry) => ("commands" in entry ? [entry] : []));

async function run(...argv: string[]): Promise<CalledCli> {
  return callCli(argv);
}

describe("help", () => {
  test("lists every command with its summary, and the exit codes", async () => {
    const { exitCode, stdout, stderr } = await run("--help");
    expect(exitCode).toBe(0);
    for (const command of commandTable) {
      expect(stdout).toContain(`${command.name} `);
      expect(stdout.replace(/\s+/g, " ")).toContain(command.summary);
    }
    expect(stdout).toContain("69 engine not reachable");
    expect(stderr).toBe("");
  });

  test.each(groups)("$name: its commands", async (group) => {
    const words = group.name.split(" ");
    for (const argv of [
      [...words.slice(0, -1), "help", ...words.slice(-1)],
      [...words, "--help"],
      [...words, "help"],
    ]) {
      const { exitCode, stdout } = await run(...argv);
      expect(exitCode).toBe(0);
      for (const { name, summary } of group.commands) {
        expect(findCommand(name.split(" "), commandTable)?.name).toBe(name);
        expect(stdout).toContain(`${name.split(" ").at(-1)} `);
        expect(stdout).toContain(summary);
      }
    }
  });

  test.each(commands)("$name: options and examples", async (command) => {
    const words = command.name.split(" ");
    for (const argv of [
      [...words.slice(0, -1), "help", ...words.slice(-1)],
      [...words, "--help"],
    ]) {
      const { exitCode, stdout } = await run(...argv);
      expect(exitCode).toBe(0);
      for (const option of Object.values(command.options)) expect(stdout).toContain(option.flags);
      for (const example of command.examples) expect(stdout).toContain(example.command);
      expect(stdout).toContain(`skillcrate/${words.join("-")}@1`);
      expect(stdout.split("\n").every((line) => line.length <= 110)).toBe(true);
    }
  });

  test("an example is a command line that is understood", () => {
    for (const { name, examples } of commands) {
      for (const { command } of examples) expect(command).toMatch(new RegExp(`^skillcrate ${name}( |$)`));
    }
  });

  test("the version", async () => {
    expect(await run("--version")).toEqual({ exitCode: 0, stdout: "1.2.3\n", stderr: "" });
  });
});

describe("wrong usage ends with 2", () => {
  test("no command", async () => {
    const { exitCode, stdout, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("skillcrate help");
  });

  test.each([
    [["biuld"], "Did you mean build?"],
    [["build", "--strct"], "Did you mean --strict?"],
    [["plan", "--nmae", "x"], "Did you mean --name?"],
    [["scan", "--jsn"], "Did you mean --json?"],
    [["plan", "--only", "bse"], "one of base, common, browser, skills"],
    [["plan", "--platform", "linux/mips"], "one of linux/amd64, linux/arm64"],
    [["plan", "--name", "../x"], "lower-case letters"],
    [["plan", "--name", ""], "expected"],
    [["plan", "--base-image", "-v"], "an image reference"],
    [["plan", "--tag-prefix", "Open Claw"], "expected"],
    [["plan", "--name"], "argument missing"],
    [["verify"], "issing required argument"],
    [["verify", "a", "b"], "oo many arguments"],
    [["why"], "issing required argument"],
    [["codes", "NO_SUCH"], "NO_SUCH"],
  ])("%j", async (argv, expected) => {
    const { exitCode, stdout, stderr } = await run(...argv);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("error USAGE");
    expect(stderr).toContain(expected);
  });

  test("with --json it is one document all the same, in the format of the command", async () => {
    const { exitCode, stdout } = await run("build", "--strct", "--json");
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "skillcrate/build@1",
      outcome: "refused",
      diagnostics: [{ code: "USAGE", severity: "error", hint: "Did you mean --strict?" }],
      result: null,
    });
  });

  test("--json after -- is an argument", async () => {
    const { stdout } = await run("scan", "/nonexistent/x", "--", "--json");
    expect(stdout).toBe("");
  });

  test("what was typed is printed escaped", async () => {
    const { stderr } = await run("--\u001b[31m\u202e\n");
    expect(stderr.replaceAll("\n", "")).toMatch(/^[\u0020-\u007e→]*$/);
  });
});

describe("codes", () => {
  test("the whole catalogue, sorted, each with a kind and a meaning", async () => {
    const { exitCode, stdout } = await run("codes", "--json");
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(document.format).toBe("skillcrate/codes@1");
    const codes = document.result.codes.map((row: { code: string }) => row.code);
    expect(codes).toEqual([...codes].sort());
    for (const code of Object.keys(errorCodes)) expect(codes).toContain(code);
    for (const row of document.result.codes) {
      expect(row.kind).toMatch(/^(diagnostic|error)$/);
      expect(row.meaning).toMatch(/\.$/);
    }
  });

  test("one of them, in any letter case", async () => {
    const { stdout } = await run("codes", "engine_down");
    expect(stdout).toContain("No engine answers");
    expect(stdout).not.toContain("ENGINE_DENIED");
  });
});
