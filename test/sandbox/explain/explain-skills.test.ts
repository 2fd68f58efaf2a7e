import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configDocumentOf } from "../../../src/config/config-document.ts";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { formatExplanation } from "../../../src/report/format-explanation.ts";
import { createStyle } from "../../../src/report/style.ts";
import { chooseSkills } from "../../../src/sandbox/choose-skills.ts";
import { loadSandboxConfig } from "../../../src/sandbox/config/load-sandbox-config.ts";
import { type ExplainRequest, explainSandbox } from "../../../src/sandbox/explain/explain-sandbox.ts";
import { explainSkills } from "../../../src/sandbox/explain/explain-skills.ts";
import { mirrorSkills } from "../../../src/sandbox/mirror-skills.ts";
import { gatewayGround, writeSkill } from "../../support/gateway-ground.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const { signal } = new AbortController();
const user = { uid: process.geteuid?.() ?? 1000, gid: process.getegid?.() ?? 1000 };

/** A session whose gateway has the skills `good`, `lacking` (a command), `linked` (a link that leads out) and `broken`. */
function explainedSession(mode: "all" | "off" = "all", sessionKey = "agent:main:telegram:direct:42") {
  const { ground, workspaceRoot, folders } = gatewayGround(tempFolder());
  const { homeDir, stateDir } = ground;
  writeSkill(folders.managed, "good");
  writeSkill(folders.managed, "lacking", "metadata: { openclaw: { requires: { bins: [frob] } } }\n");
  symlinkSync("/etc/shadow", join(writeSkill(folders.managed, "linked"), "out"));
  writeSkill(folders.managed, "broken", "name: ../up\n");
  const sandbox = { mode, scope: "session", workspaceRoot };
  const config = { agents: { defaults: { workspace: ground.workspaceDir, sandbox } } };
  const document = configDocumentOf(config, { file: join(stateDir, "openclaw.json"), stateDir, homeDir });
  const resolved = loadSandboxConfig(document, "main");
  const session = resolveSession({ config, sandboxOf: () => resolved.config, sessionKey });
  const request: ExplainRequest = {
    ...{ document, session, resolved, signal, hostBins: ["frob"] },
    gateway: { unreachable: "no engine", workspaceRoot },
    skills: { ground: { ...ground, config }, names: null },
    secrets: { stored: new Map(), gatewayEnv: {}, rules: [] },
  };
  const mirror = () =>
    mirrorSkills({
      ...{ scope: session.scope, workspaceRoot, workspaceAccess: "none", sandboxUser: user },
      sources: request.skills.ground,
      choice: { names: null, facts: null },
    });
  const explain = async () => {
    const chosen = await chooseSkills(request.skills.ground, { names: null, facts: null }, signal);
    const { reference, origin } = { reference: "debian:test", origin: resolved.config.docker.image.origin };
    return explainSkills(request, { reference, origin, id: "sha256:1", binaries: ["sh"] }, chosen, []);
  };
  return { request, mirror, explain, root: folders.managed };
}

describe("skills, as they are explained", () => {
  test("before anything is mirrored, what would be inside", async () => {
    const { explain } = explainedSession();
    const { inside, missing } = await explain();
    expect(inside).toEqual(["good", "linked"]);
    expect(missing.map(({ name, there }) => [name, there])).toEqual([
      ["broken", false],
      ["lacking", true],
    ]);
  });

  test("then what the mirror shows, and not what it refused", async () => {
    const { explain, mirror, root } = explainedSession();
    await mirror();
    writeSkill(root, "new");
    const { inside, missing } = await explain();
    expect(inside).toEqual(["good"]);
    expect(missing.map(({ name, there, reason }) => [name, there, reason])).toEqual([
      ["broken", false, "Its SKILL.md is invalid; see its diagnostics."],
      ["lacking", true, 'Not in the image: "frob" (it is on the host).'],
      ["linked", false, expect.stringContaining("not in the mirror")],
      ["new", false, expect.stringContaining("not in the mirror")],
    ]);
    expect(Object.fromEntries(missing.map(({ name, fix }) => [name, fix]))).toEqual({
      broken: `What is wrong with it: skillcrate lint ${root}`,
      lacking: expect.stringContaining(`skillcrate build ${root} --name main`),
      linked: expect.stringMatching(/: skillcrate mirror --session agent:main:telegram:direct:42$/),
      new: expect.stringMatching(/: skillcrate mirror --session agent:main:telegram:direct:42$/),
    });
  });

  test("a command to paste runs nothing that a session's key says", async () => {
    const { explain, mirror, request } = explainedSession("all", "agent:main:telegram:direct:$(id)'`id`");
    await mirror();
    const { missing } = await explain();
    const { scope } = request.session;
    expect(scope.key).toContain("$(id)");
    const quoted = `'${scope.key.replaceAll("'", "'\\''")}'`;
    expect(missing.find(({ name }) => name === "linked")?.fix).toContain(`--session ${quoted}`);
  });

  test("nothing is said of a sandbox's inside where the session has none", async () => {
    const { request } = explainedSession("off");
    const explanation = await explainSandbox(request);
    const text = formatExplanation(explanation, { cwd: "/", tool: null }, createStyle({}, {}));
    expect(text).toContain("is not sandboxed");
    expect(text).not.toMatch(/inside/);
    expect(text).toContain("ws://127.0.0.1:18789");
  });
});
