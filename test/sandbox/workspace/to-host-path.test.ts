import { describe, expect, test } from "vitest";
import type { SandboxMount } from "../../../src/sandbox/sandbox-mount.ts";
import { toHostPath } from "../../../src/sandbox/workspace/to-host-path.ts";

const mount = (source: string, target: string, purpose: SandboxMount["purpose"]): SandboxMount => ({
  source,
  target,
  readOnly: false,
  purpose,
});

const mounts = [
  mount("/srv/s/workspace", "/workspace", "workspace"),
  mount("/srv/s/workspace/skills", "/workspace/skills", "skills"),
  mount("/srv/s/home", "/workspace/home/", "home"),
  mount("/root/agent", "/agent", "agent"),
  mount("/srv/s/accounts/passwd", "/etc/passwd", "accounts"),
  mount("/srv/s/secret", "/workspace/.secrets", "secrets"),
];

describe("toHostPath", () => {
  test.each([
    ["report.md", "/srv/s/workspace/report.md", "/workspace"],
    ["/workspace", "/srv/s/workspace", "/workspace"],
    ["/workspace/./a//b/", "/srv/s/workspace/a/b", "/workspace"],
    ["skills/gog/SKILL.md", "/srv/s/workspace/skills/gog/SKILL.md", "/workspace/skills"],
    ["/workspace/home", "/srv/s/home", "/workspace/home/"],
    ["/workspace/home/.config/x", "/srv/s/home/.config/x", "/workspace/home/"],
    ["/workspace/homely", "/srv/s/workspace/homely", "/workspace"],
    ["/agent/AGENTS.md", "/root/agent/AGENTS.md", "/agent"],
  ])("%s is %s", (inside, path, target) => {
    expect(toHostPath(inside, mounts)).toMatchObject({ path, mount: { target } });
  });

  test.each([
    ["", "WORKSPACE_PATH_INVALID"],
    ["a/../../b", "WORKSPACE_PATH_INVALID"],
    ["a\0", "WORKSPACE_PATH_INVALID"],
    ["/etc/passwd", "WORKSPACE_PATH_OUTSIDE"],
    ["/workspace/.secrets/token", "WORKSPACE_PATH_OUTSIDE"],
    ["/workspacex", "WORKSPACE_PATH_OUTSIDE"],
    ["/", "WORKSPACE_PATH_OUTSIDE"],
  ])("%j: %s", (inside, code) => {
    expect(() => toHostPath(inside, mounts)).toThrow(expect.objectContaining({ code }));
  });

  test("the order of mounts does not matter, and the nearest one counts", () => {
    expect(toHostPath("skills/x", [...mounts].reverse()).path).toBe("/srv/s/workspace/skills/x");
  });
});
