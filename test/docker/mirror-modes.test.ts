import { randomInt } from "node:crypto";
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { pipesOf } from "../../src/cli/pipes.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import { mirrorSkills } from "../../src/sandbox/mirror-skills.ts";
import type { MirroredSkills } from "../../src/sandbox/mirror-skills-request.ts";
import type { WorkspaceAccess } from "../../src/sandbox/sandbox-mount.ts";
import { chooseSandboxUser } from "../../src/sandbox/sandbox-user.ts";
import type { ScopeKind } from "../../src/sandbox/scope.ts";
import { sourceKinds } from "../../src/skill/merge-sources.ts";
import { type GatewayGround, gatewayGround, writeSkill } from "../support/gateway-ground.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let dir: string;
let gateway: GatewayGround;
/** Who the sandbox runs as: the built-in user where the gateway is root. */
const user = chooseSandboxUser("/nonexistent", {
  uid: process.geteuid?.() ?? 1000,
  gid: process.getegid?.() ?? 1000,
});

beforeAll(() => {
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-modes-"));
  gateway = gatewayGround(dir);
  for (const kind of sourceKinds) writeSkill(gateway.folders[kind], `of-${kind}`);
  writeSkill(gateway.folders.managed, "it's, <odd>");
  writeSkill(gateway.folders.workspace, "own & odd");
  if (process.geteuid?.() === 0) {
    for (const path of [
      "",
      ...readdirSync(gateway.ground.workspaceDir, { recursive: true, encoding: "utf8" }),
    ])
      chownSync(join(gateway.ground.workspaceDir, path), user.uid, user.gid);
  }
  chmodSync(dir, 0o755);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const modes: readonly WorkspaceAccess[] = ["none", "ro", "rw"];
const scopes: readonly ScopeKind[] = ["session", "agent", "shared"];

describe.each(modes)("workspace access %s", (workspaceAccess) => {
  test.each(scopes)("scope %s: what the list says is true inside", async (kind) => {
    const mirrored = await mirrorSkills({
      scope: { kind, key: kind === "shared" ? "shared" : `${workspaceAccess}: "a", b` },
      workspaceRoot: gateway.workspaceRoot,
      workspaceAccess,
      sources: gateway.ground,
      choice: { names: null, facts: null },
      sandboxUser: user,
    });
    const { skills, list } = mirrored;
    expect(skills.map(({ source }) => source)).toEqual(expect.arrayContaining([...sourceKinds]));
    expect(JSON.stringify({ skills, list })).not.toContain(dir);

    const locations = [...list.text.matchAll(/<location>(.*)<\/location>/g)].map(([, path = ""]) =>
      unescapeXml(path),
    );
    expect(locations).toEqual(skills.map(({ location }) => location));
    const said = await inside(
      mirrored,
      locations.flatMap((path) => [path, path.replace(/\/SKILL\.md$/, "")]),
    );
    const isOwn = (path: string) => workspaceAccess === "rw" && path.startsWith("/workspace/");
    expect(said).toEqual(
      skills.map(({ name, location }) => `${name}|${name}|${isOwn(location) ? "writable" : "read-only"}`),
    );
  });
});

function unescapeXml(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(\w+);/g, (_, name: string) => characters[name] ?? "?");
}

/** For each pair of SKILL.md and folder: the name in the one, what the script in the other says, who may write. */
const script = `
  while [ $# -gt 0 ]; do
    name=$(sed -n 's/^name: //p' "$1") || name="cannot read $1"
    said=$("$2/scripts/run.sh") || said="cannot run"
    access=read-only
    { echo >> "$1"; } 2>/dev/null && access=writable
    touch "$2/new" 2>/dev/null && access=writable
    mv "$2/scripts" "$2/moved" 2>/dev/null && mv "$2/moved" "$2/scripts" && access=writable
    echo "$name|$said|$access"
    shift 2
  done
`;

/** Runs the script in a container with the returned mounts; gives its lines. */
async function inside({ mounts }: MirroredSkills, paths: readonly string[]): Promise<readonly string[]> {
  const flags = mounts.flatMap(({ source, target, readOnly }) => [
    "--mount",
    `type=bind,source=${source},target=${target}${readOnly ? ",readonly" : ""}`,
  ]);
  const limits = ["--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"];
  const { stdout } = await execa("docker", [
    ...["run", "--rm", "--label", `${testLabel}=${inject("testRun")}`, "--user", `${user.uid}:${user.gid}`],
    ...[...limits, ...flags, inject("baseImage"), "sh", "-c", script, "sh", ...paths],
  ]);
  return stdout.split("\n");
}

test("nothing that an engine made as root is left in a workspace", () => {
  const own = readdirSync(gateway.workspaceRoot, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap(({ name }) => {
      const workspace = join(gateway.workspaceRoot, name, "workspace");
      return statSync(workspace, { throwIfNoEntry: false }) === undefined ? [] : [workspace];
    });
  expect(own.length).toBeGreaterThan(0);
  for (const workspace of own) {
    expect(statSync(workspace)).toMatchObject(user);
    expect(readdirSync(workspace)).toEqual(["skills"]);
  }
  expect(readdirSync(gateway.ground.workspaceDir).sort()).toEqual([".agents", "skills"]);
});

describe("mirror --image", () => {
  async function mirrorFor(image: string) {
    const { ground } = gatewayWithRequirements();
    let stdout = "";
    const exitCode = await runCli(["mirror", "--agent", "main", "--image", image, "--json"], {
      env: { PATH: process.env["PATH"], DOCKER_HOST: process.env["DOCKER_HOST"] },
      cwd: ground.homeDir,
      homeDir: ground.homeDir,
      signal: new AbortController().signal,
      stdout: { write: (text) => (stdout += text) },
      stderr: process.stderr,
      version: "1.2.3",
      terminal: null,
      pipes: pipesOf(process.stdin, process.stdout, process.stderr),
      crashed: new Promise(() => undefined),
    });
    const { result } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    return {
      names: result.skills.map(({ name }: { name: string }) => name),
      excluded: result.excluded.map(({ name, bins }: { name: string; bins: unknown }) => ({ name, bins })),
    };
  }

  function gatewayWithRequirements(): GatewayGround {
    const ground = gatewayGround(mkdtempSync(join(dir, "gateway-")));
    for (const bin of ["tar", "odd", "docker"]) {
      writeSkill(
        ground.folders.managed,
        `needs-${bin}`,
        `metadata: {"openclaw": {"requires": {"bins": ["${bin}"]}}}\n`,
      );
    }
    writeFileSync(join(ground.ground.stateDir, "openclaw.json"), "{}");
    return ground;
  }

  test("an image from elsewhere is asked for what skills require", async () => {
    expect(await mirrorFor(inject("baseImage"))).toEqual({
      names: ["needs-tar"],
      excluded: [
        { name: "needs-docker", bins: [{ name: "docker", where: "host" }] },
        { name: "needs-odd", bins: [{ name: "odd", where: "nowhere" }] },
      ],
    });
  });

  test("one of ours is known by its labels", async () => {
    const plan = handMadePlan({
      name: "modes",
      tag: `${inject("tagPrefix")}modes:${randomInt(2 ** 40)}`,
      below: inject("baseImage"),
      steps: [
        `LABEL ${testLabel}=${inject("testRun")}`,
        "RUN printf '#!/bin/sh\\necho odd 7.1\\n' > /usr/local/bin/odd && chmod 0755 /usr/local/bin/odd",
      ],
      promises: ["odd"],
    });
    await buildImages(await connectTestEngine(), [plan], handMadeSettings()).outcomes;
    expect((await mirrorFor(plan.tag)).names).toEqual(["needs-odd", "needs-tar"]);
  });
});
