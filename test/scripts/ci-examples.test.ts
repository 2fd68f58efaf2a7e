import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commandTable } from "../../src/cli/command-table.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";

/** Every string in a YAML document: the scripts are among them, whichever key a system has for them. */
function findStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(findStrings);
}

/** The words of each call of skillcrate, after a shell has read them. */
function findCalls(strings: readonly string[]): string[][] {
  const lines = strings.flatMap((text) => text.split("\n")).map((line) => line.trim());
  const calls = lines.filter((line) => line.startsWith("skillcrate "));
  return calls.map((line) => {
    const script = `skillcrate() { printf '%s\\0' "$@"; }; ${line.replace(/ > \S+$/, "")}`;
    const env = { ...process.env, TAG_PREFIX: "registry.example.com/team/openclaw", REFRESH: "--refresh" };
    const result = spawnSync("bash", ["-c", script], { encoding: "utf8", env });
    return result.stdout.split("\0").slice(0, -1);
  });
}

describe.each(["github-actions.yml", "gitlab-ci.yml"])("examples/ci/%s", (name) => {
  const file = fileURLToPath(new URL(`../../examples/ci/${name}`, import.meta.url));
  const calls = findCalls(findStrings(parse(readFileSync(file, "utf8"))));

  it("plans, builds and pushes", () => {
    expect(calls.map(([command]) => command)).toEqual(["plan", "build", "push"]);
  });

  it("pushes the image that it builds", () => {
    expect(calls[2]).toContain("registry.example.com/team/openclaw-sandbox-skills:team");
    expect(calls[1]).toEqual(expect.arrayContaining(["--name", "team"]));
  });

  it.each(calls)("calls a command that exists, with options that it has: %s %s …", (...argv) => {
    const request = parseArguments(argv, commandTable, { version: "0", columns: 80 });
    expect(request.kind).toBe("run");
  });
});
