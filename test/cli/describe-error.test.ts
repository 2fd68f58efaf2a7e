import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeError } from "../../src/cli/describe-error.ts";
import { errorExitCodes, exitCodeOfError, exitCodeOfOutcome } from "../../src/cli/exit-code.ts";
import type { errorCodes } from "../../src/diagnostic/error-codes.ts";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";

const running = new AbortController().signal;

function thrownBy(task: () => unknown): unknown {
  try {
    task();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("an error of ours stays what it is", () => {
  const error = new SkillcrateError("ENGINE_DOWN", "m", { hint: "h" });
  expect(describeError(error, running)).toBe(error);
});

test("a refusal of the system names call, path and code, and what to do", () => {
  const error = thrownBy(() => readFileSync("/nonexistent/\u001b[31m"));
  const described = describeError(error, running);
  expect(described).toMatchObject({ code: "SYSTEM", cause: error });
  expect(described.message).toBe("The system refused open /nonexistent/\\u001b[31m (ENOENT).");
  const full = Object.assign(new Error("x"), { code: "ENOSPC", syscall: "write" });
  expect(describeError(full, running).hint).toContain("free some space");
});

test("whatever comes after a signal is a cancellation", () => {
  const stopped = AbortSignal.abort("SIGTERM");
  expect(describeError(new Error("socket hang up"), stopped)).toMatchObject({ code: "CANCELLED" });
  expect(exitCodeOfError("CANCELLED", stopped)).toBe(143);
  expect(exitCodeOfError("CANCELLED", AbortSignal.abort("SIGINT"))).toBe(130);
});

test.each([[new TypeError("x is undefined\u202e")], ["a string"], [undefined]])(
  "what nobody expected: %j",
  (thrown) => {
    const described = describeError(thrown, running);
    expect(described.code).toBe("INTERNAL");
    expect(described.message).not.toContain("\u202e");
    expect(described.hint).toContain("SKILLCRATE_DEBUG");
  },
);

test("exit codes of errors: unreachable engines 69, bad input 2, a lock that does not hold 3, what may pass 75, all others 1", () => {
  const byExitCode = new Map<number, string[]>();
  for (const code of Object.keys(errorExitCodes)) {
    const exitCode = exitCodeOfError(code as keyof typeof errorCodes, running);
    byExitCode.set(exitCode, [...(byExitCode.get(exitCode) ?? []), code]);
  }
  expect(Object.fromEntries(byExitCode)).toEqual({
    2: [
      "BUILD_REFUSED",
      "DOWNLOAD_REFUSED",
      "GATEWAY_LINK_EXISTS",
      "HOME_NOT_FOUND",
      "INPUT_INVALID",
      "LOCK_BROKEN",
      "LOCK_MISSING",
      "OVERLAY_EXISTS",
      "SANDBOX_NOT_FOUND",
      "USAGE",
      "WORKSPACE_EXISTS",
      "WORKSPACE_LINK",
      "WORKSPACE_NOT_FOUND",
      "WORKSPACE_PATH_INVALID",
      "WORKSPACE_PATH_OUTSIDE",
      "WORKSPACE_WRONG_TYPE",
    ],
    3: ["LOCK_MISMATCH", "LOCK_PACKAGES_GONE"],
    69: ["ENGINE_DENIED", "ENGINE_DOWN", "ENGINE_SILENT"],
    75: [
      "APT_FAILED",
      "ECOSYSTEM_UNREACHABLE",
      "IMAGE_BELOW_CHANGED",
      "REGISTRY_FAILED",
      "SANDBOX_IN_USE",
      "WORKSPACE_CHANGED",
    ],
  });
  expect(exitCodeOfError("BUILD_FAILED", running)).toBe(1);
});

test("exit codes of outcomes", () => {
  const outcomes = ["ok", "partial", "refused", "failed", "difference"] as const;
  expect(outcomes.map((outcome) => exitCodeOfOutcome(outcome, running))).toEqual([0, 0, 1, 1, 3]);
  expect(exitCodeOfOutcome("cancelled", AbortSignal.abort("SIGINT"))).toBe(130);
});
