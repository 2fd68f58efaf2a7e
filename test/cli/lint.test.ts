import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

function writeSkill(body: string): string {
  const cwd = tempFolder();
  mkdirSync(join(cwd, "skills/one"), { recursive: true });
  writeFileSync(join(cwd, "skills/one/SKILL.md"), `---\nname: one\ndescription: One.\n---\n\n${body}\n`);
  return cwd;
}

it("lint names each command of the gateway, with its place and the tool", async () => {
  const cwd = writeSkill("```bash\nopenclaw cron add x\n```");
  const { exitCode, stdout } = await callCli(["lint", join(cwd, "skills"), "--json"], { cwd });
  const { format, outcome, result } = JSON.parse(stdout);
  expect({ exitCode, format, outcome }).toEqual({ exitCode: 0, format: "skillcrate/lint@1", outcome: "ok" });
  expect(result.skills[0].diagnostics).toMatchObject([
    { code: "LINT_GATEWAY_COMMAND", place: { line: 7, column: 1 }, hint: expect.stringContaining("cron") },
  ]);
});

it("lint --strict ends with 2 for a warning, and for a clean skill with 0", async () => {
  const lint = (cwd: string) => callCli(["lint", join(cwd, "skills"), "--strict"], { cwd });
  expect((await lint(writeSkill("Run `openclaw cron list`."))).exitCode).toBe(2);
  const clean = await lint(writeSkill("Nothing to run."));
  expect(clean).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("1 skill: no errors, no warnings"),
  });
});
