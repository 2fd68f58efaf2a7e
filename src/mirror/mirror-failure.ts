import type { ErrorCode } from "../diagnostic/error-codes.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../host/file-problem.ts";

/** The error for a disk that does not let a mirror be made; keeps the cause. An error of ours passes unchanged. */
export function mirrorFailure(targetDir: string, cause: unknown): unknown {
  const errno = errnoOf(cause);
  if (cause instanceof SkillcrateError || errno === "") return cause;
  const { code, hint } = failures[errno] ?? otherFailure;
  return new SkillcrateError(
    code,
    `The system refused a step of bringing the skills in ${quoteValue(targetDir)} up to date (${errno}); what is shown there is whole.`,
    { hint, cause },
  );
}

interface Failure {
  readonly code: ErrorCode;
  readonly hint: string;
}

const noSpace: Failure = {
  code: "MIRROR_NO_SPACE",
  hint: "Free space and inodes on that disk (df -h, df -i), then run it again.",
};
const noDescriptors: Failure = {
  code: "MIRROR_NO_DESCRIPTORS",
  hint: "Allow more open files (ulimit -n 4096), then run it again.",
};
const notWritable: Failure = {
  code: "MIRROR_NOT_WRITABLE",
  hint: "Give a folder that this user can write, or correct the owner and mode of that one.",
};
const otherFailure: Failure = {
  code: "MIRROR_FAILED",
  hint: "See the cause; the next run starts over and removes what this one left.",
};

const failures: Readonly<Record<string, Failure>> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  EMFILE: noDescriptors,
  ENFILE: noDescriptors,
  EROFS: notWritable,
  EACCES: notWritable,
  EPERM: notWritable,
};
