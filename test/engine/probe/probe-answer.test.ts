import { describe, expect, test } from "vitest";
import { judgeAnswer, type VersionRun } from "../../../src/engine/probe/probe-answer.ts";

function run(
  name: string,
  exitCode: number | null,
  stdout: string,
  more: Partial<VersionRun> & { stderr?: string } = {},
) {
  const { stderr = "", args = ["--version"], hung = false } = more;
  return judgeAnswer({
    name,
    args,
    hung,
    result: { exitCode, stdout, stderr, truncated: false, timedOut: false },
  });
}

describe("a version", () => {
  test.each([
    ["jq", 0, "jq-1.6\n", "jq-1.6"],
    ["rg", 0, "ripgrep 13.0.0\n-SIMD -AVX\n", "ripgrep 13.0.0"],
    ["npm", 0, "9.2.0\n", "9.2.0"],
    ["node", 0, "v18.20.4\n", "v18.20.4"],
    ["less", 0, "less 590 (GNU regular expressions)\n", "less 590 (GNU regular expressions)"],
    ["xxd", 0, "xxd 2022-01-14 by Juergen Weigert et al.\n", "xxd 2022-01-14 by Juergen Weigert et al."],
    ["python3.11", 0, "Python 3.11.2\n", "Python 3.11.2"],
    ["go", 0, "go version go1.19.8 linux/amd64\n", "go version go1.19.8 linux/amd64"],
    ["fmt", 0, "\u001b[1mfmt\u001b[0m 1.2\n", "fmt 1.2"],
    ["banner", 0, "Welcome!\nstarting\nbanner 2.0\n", "banner 2.0"],
    // Known programs that show it with another exit code.
    ["ffmpeg", 1, "ffmpeg version 5.1.9-0+deb12u1 Copyright\n", "ffmpeg version 5.1.9-0+deb12u1 Copyright"],
    ["unzip", 10, "UnZip 6.00 of 20 April 2009, by Debian.\n", "UnZip 6.00 of 20 April 2009, by Debian."],
  ])("%s, exit code %i: %j", (name, exitCode, stdout, line) => {
    expect(run(name, exitCode, stdout)).toEqual({ kind: "version", line });
  });

  test("may come on standard error, after warnings and other programs' versions", () => {
    const stderr = "warning: libfoo 9.9 is old\nread /usr/lib/x3.1/y\nOpenSSH_9.2p1 Debian-2\n";
    expect(run("ssh", 0, "", { stderr })).toMatchObject({ line: "OpenSSH_9.2p1 Debian-2" });
    expect(run("tool", 0, "", { stderr: "built with libfoo 9.9\ntool 9.2p1\n" })).toMatchObject({
      line: "tool 9.2p1",
    });
  });

  test("is cut and escaped", () => {
    const answer = run("x", 0, `x 1.0 \u202e${"y".repeat(300)}\n`);
    expect(answer).toMatchObject({ kind: "version" });
    const { line } = answer as { line: string };
    expect(line).toMatch(/^x 1\.0 \\u202ey+…$/);
    expect(line).toHaveLength(200);
  });
});

describe("usage text", () => {
  test.each([
    ["xvfb-run", 0, "Usage: xvfb-run [OPTION ...] COMMAND\n"],
    ["exiftool", 0, "Syntax:  exiftool [OPTIONS] FILE\n"],
    ["tool", 0, "A tool.\n\nCommands:\n  run\n"],
    ["tool", 2, "tool: error: unrecognized arguments: --version\nusage: tool [-h]\n"],
    ["sh", 2, "sh: 0: Illegal option --\n"],
  ])("%s, exit code %i", (name, exitCode, stdout) => {
    expect(run(name, exitCode, stdout)).toEqual({ kind: "usage" });
  });

  test("of another program is none of this one's", () => {
    expect(run("wrapper", 1, "usage: git [-v | --version]\n")).toMatchObject({ kind: "unclear" });
  });
});

describe("an exit code of 0 is not enough", () => {
  test.each(["", "ok\n", "done.\n", "error: cannot find foo 1.2\n", "Traceback (most recent call last):\n"])(
    "%j",
    (stdout) => {
      expect(run("tool", 0, stdout)).toEqual({
        kind: "unclear",
        problem: "`tool --version` ends with exit code 0 but shows no version or usage text",
      });
    },
  );
});

describe("a failure that other arguments might avoid", () => {
  test("says what the program said", () => {
    expect(run("tool", 3, "", { stderr: "hello\ntool: cannot open /dev/x: No such file\n" })).toEqual({
      kind: "unclear",
      problem: "exit code 3 from `tool --version`: tool: cannot open /dev/x: No such file",
    });
  });

  test("of an interpreter is told by its last line", () => {
    const stderr =
      "Traceback (most recent call last):\n  File \"/usr/lib/python3.11/x.py\", line 3\nModuleNotFoundError: No module named 'x'\n";
    expect(run("tool", 1, "", { stderr })).toMatchObject({
      problem: "exit code 1 from `tool --version`: ModuleNotFoundError: No module named 'x'",
    });
  });

  test("is no usage text because a script failed on an option of its own", () => {
    expect(run("tool", 2, "", { stderr: "tool: 2: set: Illegal option -o pipefail\n" })).toMatchObject({
      kind: "unclear",
    });
  });
});

describe("nothing will help", () => {
  const loader =
    "tool: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file or directory\n";
  test.each([
    [
      127,
      loader,
      false,
      "exit code 127: libfoo.so.1: cannot open shared object file: No such file or directory",
    ],
    [
      1,
      "tool: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by tool)\n",
      false,
      "exit code 1: version `GLIBC_2.38' not found (required by tool)",
    ],
    [
      127,
      "timeout: failed to run command 'tool': No such file or directory\n",
      false,
      "exit code 127: No such file or directory (it, or the interpreter that its first line names, is not there)",
    ],
    [
      126,
      "timeout: failed to run command 'tool': Permission denied\n",
      false,
      "exit code 126: Permission denied (it is not executable for this user)",
    ],
    [
      127,
      "/usr/bin/env: 'node': No such file or directory\n",
      false,
      "exit code 127: /usr/bin/env: 'node': No such file or directory",
    ],
    [126, "", false, "exit code 126: it cannot be executed"],
    [139, "", true, "`tool --version` was killed by signal 11 (SIGSEGV)"],
    [134, "tool 1.0\n", true, "`tool --version` was killed by signal 6 (SIGABRT)"],
    [
      137,
      "",
      true,
      "`tool --version` was killed by signal 9 (SIGKILL), perhaps because it needs more memory than a sandbox has",
    ],
    [null, "", true, "`tool --version` was stopped before it ended"],
  ])("exit code %s, %j", (exitCode, stderr, started, problem) => {
    expect(run("tool", exitCode, "", { stderr })).toEqual({ kind: "broken", started, problem });
  });

  test("a hang, whatever was printed before", () => {
    expect(run("tool", 124, "tool 1.0\n", { hung: true, args: ["-v"] })).toEqual({
      kind: "broken",
      started: true,
      problem: "hangs: `tool -v` did not end within 30 s",
    });
  });

  test("an exit code of 255 is no signal", () => {
    expect(run("tool", 255, "tool 1.0\n")).toEqual({ kind: "version", line: "tool 1.0" });
  });
});
