import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { PrunedSandboxes } from "../../src/index.ts";
import { ownerId } from "../../src/sandbox/container/owner-id.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { writeSkill } from "../support/gateway-ground.ts";
import { connectTestEngine } from "../support/test-engine.ts";

interface Sample {
  openGateway(
    stateDir: string,
    homeDir: string,
    env: NodeJS.ProcessEnv,
  ): Promise<{
    answer(sessionKey: string, command: readonly string[]): Promise<string>;
    prune(): Promise<PrunedSandboxes>;
    close(): Promise<void>;
  }>;
}

const repository = fileURLToPath(new URL("../..", import.meta.url));
let dir: string;
let stateDir: string;
let code: string;

beforeAll(() => {
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-sample-"));
  const homeDir = join(dir, "home");
  stateDir = join(homeDir, ".openclaw");
  mkdirSync(join(stateDir, "workspace"), { recursive: true });
  if (process.geteuid?.() === 0) chownSync(join(stateDir, "workspace"), 1000, 1000);
  writeSkill(join(stateDir, "skills"), "greeter");
  const docker = { image: inject("baseImage"), containerPrefix: "skillcrate-test-" };
  writeFileSync(
    join(stateDir, "openclaw.json"),
    JSON.stringify({ agents: { defaults: { sandbox: { mode: "non-main", docker } } } }),
  );
  const document = readFileSync(join(repository, "docs/gateway.md"), "utf8");
  code = /^```ts gateway\n(.*?)^```$/ms.exec(document)?.[1] ?? "";
});

afterAll(async () => {
  const engine = await connectTestEngine();
  const request = { engine, owner: ownerId(stateDir), workspaceRoot: join(stateDir, "sandboxes") };
  for (const { id } of await listSandboxes(request)) await engine.containers.remove(id);
  rmSync(dir, { recursive: true, force: true });
});

describe("the gateway of docs/gateway.md", () => {
  test("is of sixty lines, and answers each session from a sandbox of its own", async () => {
    expect(code.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    const file = join(dir, "gateway.ts");
    writeFileSync(file, code.replaceAll('"skillcrate"', JSON.stringify(join(repository, "src/index.ts"))));
    const { openGateway }: Sample = await import(file);
    const gateway = await openGateway(stateDir, homedir(), process.env);
    const [alice, bob] = ["agent:main:telegram:dm:alice", "agent:main:telegram:dm:bob"] as const;
    expect(await gateway.answer(alice, ["sh", "skills/greeter/scripts/run.sh"])).toBe("greeter\n");
    await gateway.answer(alice, ["sh", "-c", "echo token > ~/.netrc"]);
    expect(await gateway.answer(alice, ["sh", "-c", "cat ~/.netrc"])).toBe("token\n");
    expect(await gateway.answer(bob, ["sh", "-c", "ls -A ~"])).not.toContain(".netrc");
    // The main session is not sandboxed here, and the gateway says why.
    expect(await gateway.answer("agent:main:main", ["id"])).toContain("main");
    expect(await gateway.prune()).toEqual({ removed: [], kept: [] });
    await gateway.close();
  });
});
