import type { ErrorCode } from "../diagnostic/error-codes.ts";
import type { Outcome } from "./command.ts";

/** Exit codes (sysexits.h for 69 and 75, shells for 128 + signal). */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  difference: 3,
  engineUnreachable: 69,
  tryAgain: 75,
} as const;

/** What a command's outcome ends the process with, where the command itself says nothing else. */
export function exitCodeOfOutcome(outcome: Outcome, signal: AbortSignal): number {
  if (outcome === "ok" || outcome === "partial") return exitCodes.done;
  if (outcome === "difference") return exitCodes.difference;
  if (outcome === "cancelled") return exitCodeOfSignal(signal);
  return exitCodes.failed;
}

export function exitCodeOfError(code: ErrorCode, signal: AbortSignal): number {
  if (code === "CANCELLED") return exitCodeOfSignal(signal);
  return errorExitCodes[code] ?? exitCodes.failed;
}

/** 128 + the number of the signal that the process was told to stop with. */
function exitCodeOfSignal(signal: AbortSignal): number {
  return 128 + (signalNumbers[String(signal.reason)] ?? 2);
}

export const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** The codes that do not end with 1. */
export const errorExitCodes: Partial<Record<ErrorCode, number>> = {
  APT_FAILED: exitCodes.tryAgain,
  BUILD_REFUSED: exitCodes.usage,
  DOWNLOAD_REFUSED: exitCodes.usage,
  ECOSYSTEM_UNREACHABLE: exitCodes.tryAgain,
  ENGINE_DENIED: exitCodes.engineUnreachable,
  ENGINE_DOWN: exitCodes.engineUnreachable,
  ENGINE_SILENT: exitCodes.engineUnreachable,
  GATEWAY_LINK_EXISTS: exitCodes.usage,
  HOME_NOT_FOUND: exitCodes.usage,
  IMAGE_BELOW_CHANGED: exitCodes.tryAgain,
  INPUT_INVALID: exitCodes.usage,
  LOCK_BROKEN: exitCodes.usage,
  LOCK_MISMATCH: exitCodes.difference,
  LOCK_MISSING: exitCodes.usage,
  LOCK_PACKAGES_GONE: exitCodes.difference,
  OVERLAY_EXISTS: exitCodes.usage,
  REGISTRY_FAILED: exitCodes.tryAgain,
  SANDBOX_IN_USE: exitCodes.tryAgain,
  SANDBOX_NOT_FOUND: exitCodes.usage,
  USAGE: exitCodes.usage,
  WORKSPACE_CHANGED: exitCodes.tryAgain,
  WORKSPACE_EXISTS: exitCodes.usage,
  WORKSPACE_LINK: exitCodes.usage,
  WORKSPACE_NOT_FOUND: exitCodes.usage,
  WORKSPACE_PATH_INVALID: exitCodes.usage,
  WORKSPACE_PATH_OUTSIDE: exitCodes.usage,
  WORKSPACE_WRONG_TYPE: exitCodes.usage,
};
