import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const skill = `---
name: folder-tree
description: Shows a folder as a tree.
metadata: { "openclaw": { "requires": { "bins": ["tree"] }, "install": [{ "kind": "apt", "package": "tree" }] } }
---

Run \`tree\`.
`;

let folder: string;
let packed: readonly string[];

// The tarball that would be published, installed into an empty folder as npm is configured on this machine.
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "skillcrate-test-package ")));
  await execa("bash", ["scripts/prepare-checkout.sh"], { cwd: repository });
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execa("npm", pack, { cwd: repository });
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = tarball.files.map(({ path }) => path);
  await writeFile(join(folder, "package.json"), "{}");
  // No dependency may need its install script.
  const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  await execa("npm", ["install", ...options, `./${tarball.filename}`], { cwd: folder });
  await mkdir(join(folder, "skills/folder-tree"), { recursive: true });
  await writeFile(join(folder, "skills/folder-tree/SKILL.md"), skill);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** `npx skillcrate …` in that folder, with a home of its own. */
async function skillcrate(...args: readonly string[]) {
  return execa("npx", ["--no-install", "skillcrate", ...args], {
    cwd: folder,
    env: { HOME: folder, XDG_STATE_HOME: join(folder, "state"), XDG_CACHE_HOME: join(folder, "cache") },
    reject: false,
  });
}

describe("the package", () => {
  it("holds what it needs and nothing of the workshop", () => {
    const needed = [
      "dist/LICENCES.txt",
      "dist/cli/LICENCES.txt",
      "dist/cli/main.js",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/gateway.js",
      "dist/gateway.d.ts",
      "dist/mirror-worker.js",
      "data/debian/commands.txt",
      "docs/gateway.md",
      "images/base.json5",
      "scripts/install-engine.sh",
      "scripts/bootstrap-base.sh",
      "scripts/bootstrap-base/customize.sh",
      "scripts/lib/apt.sh",
    ];
    expect(needed.filter((path) => !packed.includes(path))).toEqual([]);
    const workshop = /^(src|test|node_modules|\.ci)\/|^scripts\/(bench|measure|refresh|test)|\.tgz$/;
    expect(packed.filter((path) => workshop.test(path))).toEqual([]);
    expect(packed.some((path) => /^skills\/[^/]+\/SKILL\.md$/.test(path))).toBe(true);
  });

  it("gives the command, with its version", async () => {
    const { version } = (await import("../../package.json", { with: { type: "json" } })).default;
    expect((await skillcrate("--version")).stdout).toBe(version);
  });

  it("has the set-up scripts that gateways' guides name", async () => {
    for (const name of ["setup", "sandbox-setup", "sandbox-common-setup", "sandbox-browser-setup"]) {
      const script = join(folder, "node_modules/skillcrate/scripts", `${name}.sh`);
      const { stdout } = await execa("bash", [script, "--help"], { cwd: "/" });
      expect(stdout).toContain("Usage: skillcrate setup");
    }
  });

  it("scans and plans", async () => {
    const scan = await skillcrate("scan", "skills", "--json");
    expect(JSON.parse(scan.stdout)).toMatchObject({
      format: "skillcrate/scan@1",
      outcome: "ok",
      result: { skills: [{ name: "folder-tree", state: "ok", requires: { bins: ["tree"] } }] },
    });
    const plan = await skillcrate("plan", "skills", "--json");
    expect(JSON.parse(plan.stdout).result.resolutions).toMatchObject([
      { skill: "folder-tree", bin: "tree", status: "resolved", recipe: { kind: "apt", package: "tree" } },
    ]);
  });

  it("plans without looking for a single dependency", async () => {
    // Nothing above it has them either.
    const alone = await mkdtemp(join(tmpdir(), "skillcrate-test-alone-"));
    await cp(join(folder, "node_modules/skillcrate"), alone, { recursive: true });
    const { stdout } = await execa("node", [join(alone, "dist/cli/main.js"), "plan", "skills", "--json"], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: join(folder, "state") },
    });
    expect(JSON.parse(stdout).result.resolutions).toMatchObject([{ bin: "tree", status: "resolved" }]);
    await rm(alone, { recursive: true });
  });

  it("renders a context for any builder", async () => {
    const { exitCode, stderr } = await skillcrate("render", "skills", "--name", "mine", "--output", "out");
    expect(exitCode, stderr).toBe(0);
    expect(existsSync(join(folder, "out/base/Dockerfile"))).toBe(true);
    expect(existsSync(join(folder, "out/mine/Dockerfile"))).toBe(true);
  });

  it("builds and verifies", async () => {
    const prefix = `${inject("tagPrefix")}package`;
    const options = ["--base-image", inject("baseImage"), "--http-proxy", inject("aptProxy")];
    const build = ["build", "skills", "--name", "mine", "--tag-prefix", prefix, ...options, "--json"];
    const { stdout, stderr } = await skillcrate(...build);
    const { outcome, result } = JSON.parse(stdout);
    expect(outcome, stderr).toBe("ok");
    expect(result.images.map(({ tag }: { tag: string }) => tag)).toEqual([
      `${prefix}-sandbox:bookworm-slim`,
      `${prefix}-sandbox-skills:mine`,
    ]);
    const verified = await skillcrate("verify", `${prefix}-sandbox-skills:mine`, "--bin", "tree", "--json");
    expect(JSON.parse(verified.stdout).outcome, verified.stderr).toBe("ok");
  });
});
