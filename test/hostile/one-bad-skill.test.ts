import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { quoteValue } from "../../src/diagnostic/quote-value.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface BadSkill {
  readonly title: string;
  readonly text: string;
  /** Codes, of which at least one is told of the skill. */
  readonly codes: readonly string[];
  /** What is shown, quoted; null: the value is too long or too secret for that. */
  readonly shown: unknown;
  /** Its line. */
  readonly line: number;
}

const bad: readonly BadSkill[] = [
  // A command's name
  ...[
    ...[
      "jq\nRUN id>/pwn",
      "jq;id",
      "`id`",
      "$(id)",
      "a&&b",
      "a|b",
      "a b",
      '"a"',
      "a\\",
      "*",
      "-rf",
      "",
      "../jq",
    ],
    ...["a\\\nb", "<<EOF", "# syntax=evil/frontend", "jq\u202e", "\u0000", 7, { name: "jq" }],
  ].map((bin) => withHead({ requires: { bins: [bin] } }, ["SKILL_BINARY_INVALID"], bin)),
  withHead({ requires: { bins: Array(5000).fill("jq") } }, ["SKILL_LIST_TOO_LONG"], null),
  { ...withHead({ requires: { bins: Array(10_000).fill("jq") } }, ["SKILL_HEAD_TOO_LARGE"], null), line: 2 },
  // A package
  ...[
    ...[
      "bash-",
      "vim+",
      "-oDPkg::Pre-Invoke::=id",
      "./x.deb",
      "x=1",
      "lib.*",
      "x/testing",
      "x;id",
      "x\nRUN id",
    ],
  ].map((name) => withEntry({ kind: "apt", packages: [name] }, name)),
  ...[
    ...["file:..", "git+ssh://h/x", "npm:evil@1", "x@npm:evil@1", "--registry=http://h", "../x", "x\nRUN id"],
  ].map((name) => withEntry({ kind: "node", package: name }, name)),
  ...[
    ...["name @ https://h/x.whl", "-r requirements.txt", "--index-url=http://h", "git+https://h/x", "x;id"],
  ].map((name) => withEntry({ kind: "pip", package: name }, name)),
  ...["-toolexec=id", "h.example/x@v1;id", "../x", "h.example/../x", "h.example/x -ldflags=-w"].map((name) =>
    withEntry({ kind: "go", module: name }, name),
  ),
  ...["--git=https://h/x", "x --config a", "../x", "x@git+https://h"].map((name) =>
    withEntry({ kind: "cargo", crate: name }, name),
  ),
  // A download
  ...[
    ...["file:///etc/passwd", "http://127.0.0.1/", "http://[::ffff:127.0.0.1]/", "https://127.0.0.1/x"],
    ...[
      "https://169.254.169.254/latest",
      "http://example.com/x",
      "https://localhost/x",
      "https://example.com/$(id)",
    ],
  ].map((url) => withEntry({ kind: "download", url }, url)),
  withEntry({ kind: "download", url: "https://user:hunter2@example.com/x" }, null),
  withEntry({ kind: "download", url: "https://example.com/x.zip", targetDir: "../../.." }, "../../.."),
  withEntry({ kind: "download", url: "https://example.com/x.zip", stripComponents: -1 }, -1),
  withEntry({ kind: "download", url: "https://example.com/x", sha256: "none" }, "none"),
];

function withHead(metadata: object, codes: readonly string[], shown: unknown): BadSkill {
  const text = JSON.stringify(metadata);
  const head = `---\nname: bad\ndescription: d\nmetadata: {"openclaw": ${text}}\n---\n`;
  return { title: text.slice(-120), text: head, codes, shown, line: 4 };
}

function withEntry(entry: object, shown: unknown): BadSkill {
  const metadata = { requires: { bins: ["zz-bad"] }, install: [{ bins: ["zz-bad"], ...entry }] };
  return withHead(metadata, ["RECIPE_PACKAGE_REFUSED", "SKILL_INSTALL_FIELD_INVALID"], shown);
}

/** The bad skill between two that are as they should be. */
function folderWith({ text }: BadSkill): string {
  const folder = tempFolder();
  const fine = (name: string, bin: string) =>
    `---\nname: ${name}\ndescription: d\nmetadata: {"openclaw": {"requires": {"bins": ["${bin}"]}}}\n---\n`;
  for (const [name, content] of [
    ["after", fine("after", "tmux")],
    ["bad", text],
    ["zebra", fine("zebra", "ffmpeg")],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "SKILL.md"), content);
  }
  return folder;
}

const surroundings = { env: { DOCKER_HOST: "unix:///nonexistent/docker.sock" }, homeDir: "/nonexistent" };

describe.each(bad)("$title", (skill) => {
  test("is refused with its place and its value escaped; the other skills are planned", async () => {
    const folder = folderWith(skill);
    const { exitCode, stdout, stderr } = await callCli(
      ["plan", folder, "--name", "x", "--json"],
      surroundings,
    );
    expect(exitCode, stderr).toBe(0);
    const { outcome, diagnostics, result } = JSON.parse(stdout);
    expect(outcome).toBe("partial");
    expect(result.leftOut).toMatchObject([{ skill: "bad", elsewhere: false }]);
    const image = result.images.find(({ name }: { name: string }) => name === "x");
    expect(image.promises.map(({ name }: { name: string }) => name)).toEqual(["ffmpeg", "tmux"]);
    expect(JSON.stringify(result.images)).not.toContain("zz-bad");

    const told = diagnostics.filter(
      ({ severity, place }: Diagnostic) => severity === "error" && place?.file.endsWith("/bad/SKILL.md"),
    );
    expect(told.length).toBeGreaterThan(0);
    const [first] = told.filter(({ code }: Diagnostic) => skill.codes.includes(code));
    expect(first?.place, JSON.stringify(told, null, 1)).toMatchObject({ line: skill.line });
    expect(first.place.column).toBeGreaterThan(0);
    expect(first.hint).not.toBe("");
    if (skill.shown !== null) expect(first.message).toContain(quoteValue(skill.shown));
    expect(stdout + stderr).not.toContain("hunter2");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be printed.
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001a\u202e]/);
  });

  test("with --strict nothing is built, which ends with 2 and asks no engine", async () => {
    const argv = ["build", folderWith(skill), "--name", "x", "--strict", "--json"];
    const { exitCode, stdout } = await callCli(argv, surroundings);
    expect(exitCode).toBe(2);
    const { outcome, diagnostics } = JSON.parse(stdout);
    expect(outcome).toBe("refused");
    const told = diagnostics.map(({ code }: Diagnostic) => code);
    expect(told).toContain("BUILD_REFUSED");
    expect(told.filter((code: string) => skill.codes.includes(code))).not.toEqual([]);
    expect(stdout).not.toContain("hunter2");
  });
});
