import { spawnSync } from "node:child_process";

/** Whether a test may mount something here: as root on Linux, where no container around it forbids that. */
export const canMount =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "t", "/mnt"]).status === 0;
