import type { MirrorLimits } from "./mirror-request.ts";

const mebibyte = 1024 * 1024;

/** Far above what skills hold, far below what fills a disk: the largest public skills have some hundred files. */
export const defaultMirrorLimits: MirrorLimits = {
  maxFilesPerSkill: 10_000,
  maxBytesPerSkill: 256 * mebibyte,
  maxBytesPerFile: 64 * mebibyte,
  maxDepth: 32,
  maxNameBytes: 255,
  maxPathBytes: 1024,
  maxFiles: 200_000,
  maxBytes: 2048 * mebibyte,
};
