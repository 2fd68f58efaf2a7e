import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { configDocumentOf } from "../../src/config/config-document.ts";
import { resolveSession } from "../../src/config/session/resolve-session.ts";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { loadSandboxConfig } from "../../src/sandbox/config/load-sandbox-config.ts";
import { createSandboxManager } from "../../src/sandbox/create-sandbox-manager.ts";
import { canMount } from "../support/can-mount.ts";
import { writeSkill } from "../support/gateway-ground.ts";
import { createMemoryEngine } from "../support/memory-engine.ts";
import { tempFolder } from "../support/temp-folder.ts";

if (!canMount) console.info("Left out: full disks; they need root and a mount.");

/** A gateway whose sandboxes are on a disk of their own, of so many pages and inodes at first. */
function gatewayOnDisk(pages: number, inodes: number) {
  const homeDir = tempFolder();
  const stateDir = join(homeDir, ".openclaw");
  const workspaceRoot = join(homeDir, "boxes");
  mkdirSync(join(stateDir, "workspace"), { recursive: true });
  mkdirSync(workspaceRoot);
  writeSkill(join(stateDir, "skills"), "greeter");
  const limits = (size: number, nodes: number) => `size=${size * 4096},nr_inodes=${nodes}`;
  execFileSync("mount", ["-t", "tmpfs", "-o", limits(pages, inodes), "tmpfs", workspaceRoot]);
  onTestFinished(() => void execFileSync("umount", [workspaceRoot]));
  const grow = (size: number, nodes: number) => {
    execFileSync("mount", ["-o", `remount,${limits(size, nodes)}`, workspaceRoot]);
  };
  const docker = { image: "debian:test", user: "1000:1000" };
  const config = { agents: { defaults: { sandbox: { mode: "all", workspaceRoot, docker } } } };
  const document = configDocumentOf(config, { file: join(stateDir, "openclaw.json"), stateDir, homeDir });
  const loaded = loadSandboxConfig(document, "main").config;
  const memory = createMemoryEngine();
  const ensure = async () => {
    await using manager = createSandboxManager({ engine: memory.engine, stateDir, homeDir });
    const { skills } = await manager.ensure({
      session: resolveSession({ config, sandboxOf: () => loaded, sessionKey: "agent:main:dm:42" }),
      config: loaded,
      skills: {
        sources: { config, stateDir, homeDir, bundledDir: null },
        choice: { names: null, facts: null },
      },
    });
    return skills.skills.map(({ name }) => name);
  };
  const running = async () =>
    (await memory.engine.sandboxes.list([])).filter(({ state }) => state === "running").length;
  return { ensure, grow, running, containers: memory.containers };
}

describe.runIf(canMount)("a disk that is full", () => {
  test.each<readonly [string, (step: number) => readonly [number, number]]>([
    ["of bytes", (step: number) => [1 + step, 2000] as const],
    ["of inodes", (step: number) => [2000, 2 + step] as const],
  ])(
    "%s, at whatever file: a typed error, no second container, and with room it goes on",
    async (_what, sizeAt) => {
      const { ensure, grow, running, containers } = gatewayOnDisk(...sizeAt(0));
      const codes: string[] = [];
      let skills: readonly string[] | null = null;
      for (let step = 0; skills === null && step < 300; step += 1) {
        grow(...sizeAt(step));
        skills = await ensure().catch((error: unknown) => {
          if (!(error instanceof SkillcrateError)) throw error;
          codes.push(error.code);
          return null;
        });
        expect(containers.size).toBeLessThanOrEqual(1);
      }
      expect(skills).toEqual(["greeter"]);
      expect(codes.length).toBeGreaterThan(3);
      expect([...new Set(codes)].filter((code) => !typed.includes(code))).toEqual([]);
      expect([containers.size, await running()]).toEqual([1, 1]);
    },
  );
});

const typed = ["STATE_FAILED", "MIRROR_NO_SPACE", "SANDBOX_FOLDER_FAILED", "HOME_FAILED"];
