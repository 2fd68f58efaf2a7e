import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type ConfigDocument, parseConfigDocument } from "../../src/config/config-document.ts";
import type { SkillsKeeper } from "../../src/index.ts";
import type { MirrorSkillsRequest } from "../../src/sandbox/mirror-skills-request.ts";
import type { SandboxMount } from "../../src/sandbox/sandbox-mount.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { changeSecretFile } from "../../src/sandbox/secrets/secret-file.ts";
import { gatewayGround, writeSkill } from "../support/gateway-ground.ts";
import { tempFolder } from "../support/temp-folder.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const samples = findSamples(readFileSync(join(repository, "docs/gateway.md"), "utf8"));

/** Fenced blocks of TypeScript by the word after the language. */
function findSamples(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^```ts (\w+)\n(.*?)^```$/gms)].map(([, name = "", code = ""]) => [name, code]),
  );
}

/** The module that a sample is, with this checkout as the package. */
async function load<Exports>(name: string): Promise<Exports> {
  const file = join(tempFolder(), `${name}.ts`);
  const code = samples.get(name) ?? "";
  writeFileSync(file, code.replaceAll('"skillcrate"', JSON.stringify(join(repository, "src/index.ts"))));
  return await import(file);
}

describe("docs/gateway.md", () => {
  test("its samples are those that are tested here, and the one call takes at most 20 lines", () => {
    expect([...samples.keys()]).toEqual(["before", "after", "watched", "session", "policy", "gateway"]);
    expect(samples.get("after")?.trimEnd().split("\n").length).toBeLessThanOrEqual(20);
  });

  test("its samples have the types of the package", () => {
    const dir = tempFolder();
    for (const [name, code] of samples) writeFileSync(join(dir, `${name}.ts`), code);
    symlinkSync(join(repository, "node_modules"), join(dir, "node_modules"));
    writeFileSync(
      join(dir, "tsconfig.json"),
      JSON.stringify({
        extends: join(repository, "tsconfig.json"),
        compilerOptions: { paths: { skillcrate: [join(repository, "src/index.ts")] } },
        include: ["*.ts"],
      }),
    );
    writeFileSync(join(dir, "package.json"), '{ "type": "module" }');
    const tsc = join(repository, "node_modules/.bin/tsc");
    const { stdout } = spawnSync(tsc, ["-p", dir], { encoding: "utf8" });
    expect(stdout).toBe("");
  }, 120_000);

  test("the one call gives what removing and copying gave, and keeps it up to date", async () => {
    const { gateway, folders } = await makeGateway();
    const { syncSkills } = await load<After>("after");
    const before = await load<Before>("before");
    const copied = tempFolder();
    const dirs = names.map((name) => ({ name, dir: join(folders.managed, name) }));
    await before.syncSkills(copied, dirs);

    const { mounts, prompt } = await syncSkills(gateway, "user:1");
    for (const name of names) {
      expect(prompt).toContain(`<location>/workspace/skills/${name}/SKILL.md</location>`);
      for (const file of ["SKILL.md", "scripts/run.sh"]) {
        const mirrored = onHost(mounts, `/workspace/skills/${name}/${file}`);
        expect(readFileSync(mirrored)).toEqual(readFileSync(join(copied, "skills", name, file)));
      }
    }
    const live = () => realpathSync(onHost(mounts, "/workspace/skills/two"));
    const first = live();
    await syncSkills(gateway, "user:1");
    expect(live()).toBe(first);

    writeFileSync(join(folders.managed, "two/scripts/run.sh"), "#!/bin/sh\necho new\n");
    rmSync(join(folders.managed, "one"), { recursive: true });
    const next = await syncSkills(gateway, "user:1");
    expect(next.prompt).not.toContain("/workspace/skills/one/");
    expect(existsSync(onHost(mounts, "/workspace/skills/one"))).toBe(false);
    expect(readFileSync(join(live(), "scripts/run.sh"), "utf8")).toContain("echo new");
  });

  test("a kept scope is mirrored when something changes", async () => {
    const { gateway, folders } = await makeGateway();
    const { keeper } = await load<{ keeper: SkillsKeeper }>("watched");
    onTestFinished(() => keeper.close());
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    await keeper.mirror(requestFor(gateway));
    rmSync(join(folders.managed, "one"), { recursive: true });
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith("user:1", [], ["one"], []), { timeout: 20_000 });
  });

  test("a session gets its mounts, its environment, and files in and out", async () => {
    const { gateway } = await makeGateway();
    const request = requestFor(gateway);
    const { openSession } = await load<Session>("session");
    const { workspaceRoot, scope } = request;
    await changeSecretFile(
      workspaceRoot,
      scopeFolder(workspaceRoot, scope),
      new Map([["ONE_TOKEN", "secret"]]),
    );
    const photo = Buffer.from("a photo");
    const { mounts, env, insidePath, bytes } = await openSession(request, photo);
    expect(bytes).toEqual(photo);
    expect(insidePath).toMatch(/^\/workspace\/media\/inbound\//);
    expect(env).toMatchObject({ HOME: "/workspace/home", ONE_TOKEN: "secret" });
    const targets = mounts.map(({ target }) => target);
    expect(targets).toEqual(
      expect.arrayContaining(["/workspace", "/workspace/skills", "/workspace/home", "/etc/passwd"]),
    );
    for (const { source } of mounts) expect(existsSync(source)).toBe(true);
  });

  test("a session's sandbox and tools are told from the configuration alone", async () => {
    const { openTool } = await load<Policy>("policy");
    const text = '{ agents: { defaults: { sandbox: { mode: "non-main" } } } }';
    const { document } = parseConfigDocument(text, {
      file: "/s/openclaw.json",
      stateDir: "/s",
      homeDir: "/h",
    });
    const group = "agent:main:telegram:group:-1";
    expect(openTool(document, "cron", "main", null)).toMatchObject({ scope: null, allowed: true });
    expect(openTool(document, "cron", "main", group)).toMatchObject({
      scope: { kind: "session", key: "agent:main:main" },
      allowed: false,
      blockedBy: ["sandbox: tools.sandbox.tools.deny"],
      change: ['add "cron" to tools.sandbox.tools.alsoAllow'],
    });
  });
});

const names = ["one", "two", "three"] as const;

type Gateway = Pick<MirrorSkillsRequest, "sources" | "workspaceRoot" | "sandboxUser">;

interface Before {
  syncSkills(dir: string, skills: readonly { name: string; dir: string }[]): Promise<void>;
}

interface Policy {
  openTool(document: ConfigDocument, tool: string, sessionKey: string, startedBy: string | null): object;
}

interface After {
  syncSkills(gateway: Gateway, session: string): Promise<{ mounts: readonly SandboxMount[]; prompt: string }>;
}

interface Session {
  openSession(
    request: MirrorSkillsRequest,
    photo: Uint8Array,
  ): Promise<{
    mounts: readonly SandboxMount[];
    env: Readonly<Record<string, string>>;
    insidePath: string;
    bytes: Uint8Array;
  }>;
}

async function makeGateway() {
  const { ground, workspaceRoot, folders } = gatewayGround(tempFolder());
  const head = 'metadata: { "openclaw": { "requires": { "env": ["ONE_TOKEN"] } } }\n';
  for (const name of names) writeSkill(folders.managed, name, name === "one" ? head : "");
  // What was written is older than a tick of the disk's clock.
  await delay(25);
  const [uid, gid] = [process.geteuid?.() ?? 1000, process.getegid?.() ?? 1000];
  const sandboxUser = uid === 0 ? { uid: 1000, gid: 1000 } : { uid, gid };
  return { gateway: { sources: ground, workspaceRoot, sandboxUser }, folders };
}

function requestFor(gateway: Gateway): MirrorSkillsRequest {
  return {
    ...gateway,
    scope: { kind: "session", key: "user:1" },
    workspaceAccess: "none",
    choice: { names: null, facts: null },
  };
}

/** What a container with these mounts has at a path inside. */
function onHost(mounts: readonly SandboxMount[], path: string): string {
  const mount = mounts.findLast(({ target }) => path.startsWith(`${target}/`));
  if (mount === undefined) throw new Error(`nothing is mounted at ${path}`);
  return join(mount.source, path.slice(mount.target.length));
}
