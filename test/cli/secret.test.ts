import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import { describe, expect, test } from "vitest";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

const canary = "canary-$7f '\"x";
const pieces = /canary|7f/;
const scope = ["--agent", "main"];

/** A gateway's state folder of a test's own, with a skill that declares NOTES_KEY and one that declares nothing. */
function gateway(config: object = {}) {
  const state = tempFolder();
  const skill = (name: string, metadata: object) => {
    mkdirSync(join(state, "skills", name), { recursive: true });
    const head = `name: ${name}\ndescription: d\nmetadata: ${JSON.stringify({ openclaw: metadata })}`;
    writeFileSync(join(state, "skills", name, "SKILL.md"), `---\n${head}\n---\n`);
  };
  skill("notes", { primaryEnv: "NOTES_KEY" });
  skill("gog", {});
  writeFileSync(join(state, "openclaw.json"), JSON.stringify(config));
  const rulesDir = join(state, "skillcrate");
  const folder = scopeFolder(join(state, "sandboxes"), { kind: "agent", key: "main" });
  const secret = async (argv: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    return callCli(["secret", ...argv], {
      env: { OPENCLAW_STATE_DIR: state, SKILLCRATE_STATE_DIR: rulesDir, PATH: process.env["PATH"], ...more },
      cwd: state,
      homeDir: state,
    });
  };
  const set = (name: string, value: string) =>
    secret(["set", name, ...scope, "--from-env", "VALUE"], { VALUE: value });
  return { state, rulesDir, folder, secret, set, stored: () => parse(readFileSync(folder.envFile)) };
}

describe("set takes the value from", () => {
  test("an environment variable", async () => {
    const { set, stored, folder } = gateway();
    const ended = await set("NOTES_KEY", canary);
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.stdout + ended.stderr).not.toMatch(pieces);
    expect(stored()).toEqual({ NOTES_KEY: canary });
    expect(statSync(folder.envFile).mode & 0o777).toBe(0o600);
  });

  test("an environment variable, for an agent with a folder of sandboxes of its own", async () => {
    const { secret, state } = gateway({
      agents: { entries: { work: { sandbox: { workspaceRoot: "~/elsewhere" } } } },
    });
    for (const scope of [
      { kind: "agent", key: "work" },
      { kind: "session", key: "agent:work:main" },
    ] as const) {
      const words = [`--${scope.kind}`, scope.key, "--from-env", "VALUE"];
      await secret(["set", "NOTES_KEY", ...words], { VALUE: canary });
      const { envFile } = scopeFolder(join(state, "elsewhere"), scope);
      expect(parse(readFileSync(envFile))).toEqual({ NOTES_KEY: canary });
    }
  });

  test("a file; one line end goes, a key of several lines keeps its last", async () => {
    const { secret, stored, state } = gateway();
    writeFileSync(join(state, "key.txt"), `${canary}\r\n`);
    writeFileSync(join(state, "key.pem"), "-----BEGIN\nx\n-----END\n");
    await secret(["set", "NOTES_KEY", ...scope, "--from-file", "key.txt"]);
    await secret(["set", "NOTES_PEM", ...scope, "--from-file", "key.pem"]);
    expect(stored()).toEqual({ NOTES_KEY: canary, NOTES_PEM: "-----BEGIN\nx\n-----END\n" });
  });

  test("a program, whose own words are shown without the secret", async () => {
    const { secret, stored } = gateway();
    const script = `echo "unlocked, it is $MINE" >&2; printf '%s\\n' "$MINE"`;
    const argv = ["set", "NOTES_KEY", ...scope, "--from-command", "--", "sh", "-c", script];
    const ended = await secret(argv, { MINE: canary });
    expect(stored()).toEqual({ NOTES_KEY: canary });
    expect(ended.stderr).toContain("unlocked, it is [redacted]");
    expect(ended.stdout + ended.stderr).not.toMatch(pieces);
  });
});

describe("set refuses, changes nothing, and repeats no value", () => {
  test.each([
    ["a value as an argument", ["NOTES_KEY", canary], 2, "A value is never an argument"],
    ["a value with the name", [`NOTES_KEY=${canary}`], 2, "no name of an environment variable"],
    ["a value in an option", ["NOTES_KEY", `--value=${canary}`], 2, "nknown option '--value=…'"],
    ["a name that runs code", ["LD_PRELOAD", "--from-env", "X"], 2, "never given to a sandbox"],
    ["nothing", ["NOTES_KEY", "--from-env", "EMPTY"], 2, "The value is empty"],
    ["200 kB", ["NOTES_KEY", "--from-env", "LONG"], 2, "more than 131072 bytes"],
    ["two places", ["NOTES_KEY", "--from-env", "A", "--from-file", "x"], 2, "one place only"],
    ["a variable that is not set", ["NOTES_KEY", "--from-env", "ABSENT"], 2, "is not set"],
    ["a pipe as a file", ["NOTES_KEY", "--from-file", "/dev/null"], 2, "cannot be read"],
    ["what is no text", ["NOTES_KEY", "--from-command", "--", "printf", "canary\\377"], 2, "not UTF-8"],
    ["a NUL", ["NOTES_KEY", "--from-command", "--", "printf", "canary\\0x"], 2, "NUL"],
    [
      "a program that fails",
      ["NOTES_KEY", "--from-command", "--", "sh", "-c", "echo $X; exit 4"],
      1,
      "exit code 4",
    ],
    [
      "a program that is none",
      ["NOTES_KEY", "--from-command", "--", "no-such-program"],
      1,
      "no program on PATH",
    ],
    ["a program that cannot start", ["NOTES_KEY", "--from-command", "--", "true", "LONG"], 1, "E2BIG"],
    ["no program", ["NOTES_KEY", "--from-command"], 2, "needs a program"],
  ])("%s", async (_, argv, exitCode, message) => {
    const { secret, folder } = gateway();
    const long = argv.includes("LONG") ? { LONG: "canary".repeat(33_333) } : {};
    const env = { X: canary, EMPTY: "", ...long };
    const asText = await secret(["set", ...scope, ...argv], env);
    const asJson = await secret(["set", "--json", ...scope, ...argv], env);
    expect(asText).toMatchObject({ exitCode, stdout: "" });
    expect(asText.stderr).toContain(message);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ format: "skillcrate/secret-set@1", result: null });
    for (const text of [asText.stderr, asJson.stderr, asJson.stdout]) expect(text).not.toMatch(pieces);
    expect(existsSync(folder.envFile)).toBe(false);
  });

  test("no scope, and two", async () => {
    const { secret } = gateway();
    expect(await secret(["set", "A", "--from-env", "X"], { X: "x" })).toMatchObject({ exitCode: 2 });
    const both = ["set", "A", "--from-env", "X", "--shared", ...scope];
    expect(await secret(both, { X: "x" })).toMatchObject({ exitCode: 2 });
  });
});

describe("list, allow, deny, rm, import", () => {
  const list = async ({ secret }: ReturnType<typeof gateway>) => {
    const { stdout } = await secret(["list", ...scope, "--json"]);
    expect(stdout).not.toMatch(pieces);
    const { result, diagnostics } = JSON.parse(stdout);
    const rows: { name: string; status: string }[] = result.secrets;
    return {
      diagnostics,
      rows,
      statuses: Object.fromEntries(rows.map(({ name, status }) => [name, status])),
    };
  };

  test("from what is missing to what is provided", async () => {
    const world = gateway();
    const { secret } = world;
    expect((await list(world)).rows).toEqual([
      {
        name: "NOTES_KEY",
        status: "missing",
        skills: ["notes"],
        from: null,
        reason: expect.stringMatching(/^It has no value/),
        remedy: "skillcrate secret set NOTES_KEY --agent main",
      },
    ]);
    await world.set("NOTES_KEY", canary);
    await world.set("GOG_PASSWORD", canary);
    expect((await list(world)).statuses).toEqual({ GOG_PASSWORD: "refused", NOTES_KEY: "provided" });
    await secret(["allow", "GOG_PASSWORD", "--skill", "gog"]);
    await secret(["deny", "NOTES_KEY", "--skill", "notes", ...scope]);
    expect((await list(world)).statuses).toEqual({ GOG_PASSWORD: "provided", NOTES_KEY: "refused" });
    const { stdout, stderr } = await secret(["list", ...scope]);
    expect(stdout).toContain("skillcrate secret allow NOTES_KEY --skill notes --agent main");
    expect(stdout + stderr).not.toMatch(pieces);
    await secret(["rm", "GOG_PASSWORD", "ABSENT", ...scope]);
    expect((await list(world)).statuses).toEqual({ GOG_PASSWORD: "missing", NOTES_KEY: "refused" });
  });

  test("the agent's list of skills and the gateway's configuration count", async () => {
    const world = gateway({
      agents: { list: [{ id: "main", skills: ["notes"] }] },
      skills: { entries: { notes: { apiKey: canary }, gog: { env: { GOG_PASSWORD: canary } } } },
    });
    expect((await list(world)).rows).toMatchObject([
      { name: "NOTES_KEY", status: "provided", from: "skills.entries.notes.apiKey" },
    ]);
  });

  test("a whole .env file, without what no sandbox can be given", async () => {
    const world = gateway();
    const file = join(world.state, "mine.env");
    writeFileSync(file, `# mine\nexport NOTES_KEY='canary 1'\nLD_PRELOAD=/canary.so\nEMPTY=\ncanary line\n`);
    const ended = await world.secret(["import", "mine.env", ...scope, "--json"]);
    const { outcome, diagnostics, result } = JSON.parse(ended.stdout);
    expect({ outcome, result }).toMatchObject({
      outcome: "partial",
      result: { added: ["NOTES_KEY"], leftOut: ["LD_PRELOAD", "EMPTY"] },
    });
    expect(
      diagnostics.map((d: { code: string; place: { line: number } }) => `${d.code} ${d.place.line}`),
    ).toEqual(["SECRET_FILE_LINE 5", "SECRET_IMPORT_REFUSED 3", "SECRET_IMPORT_REFUSED 4"]);
    expect(ended.stdout + ended.stderr).not.toMatch(pieces);
    expect(world.stored()).toEqual({ NOTES_KEY: "canary 1" });
  });

  test("a file of rules that is damaged allows nothing and is named", async () => {
    const world = gateway();
    await world.set("GOG_PASSWORD", "x");
    await world.secret(["allow", "GOG_PASSWORD", "--skill", "gog"]);
    writeFileSync(join(world.rulesDir, "secrets.json"), '{"format":"skillcrate/secret-rules@2"}');
    const { statuses, diagnostics } = await list(world);
    expect(statuses).toMatchObject({ GOG_PASSWORD: "refused" });
    expect(diagnostics).toMatchObject([{ code: "STATE_BROKEN" }]);
  });
});

test("a session may be called by less than its whole key", async () => {
  const { state, secret } = gateway({ session: { mainKey: "home" } });
  const folder = scopeFolder(join(state, "sandboxes"), { kind: "session", key: "agent:main:home" });
  for (const [index, key] of ["main", "home", "Agent:MAIN:main"].entries()) {
    const argv = ["set", `NOTES_KEY_${index}`, "--session", key, "--from-env", "VALUE"];
    expect(await secret(argv, { VALUE: "v" })).toMatchObject({ exitCode: 0 });
  }
  expect(Object.keys(parse(readFileSync(folder.envFile)))).toEqual([
    "NOTES_KEY_0",
    "NOTES_KEY_1",
    "NOTES_KEY_2",
  ]);
});
