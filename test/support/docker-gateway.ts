import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, inject } from "vitest";
import type { Engine, ImageDetails } from "../../src/engine/engine.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";
import type { ContainerSettings } from "../../src/sandbox/container/container-request.ts";
import { createContainerUses } from "../../src/sandbox/container/container-use.ts";
import { ensureContainer } from "../../src/sandbox/container/ensure-container.ts";
import { ownerId } from "../../src/sandbox/container/owner-id.ts";
import { planContainer } from "../../src/sandbox/container/plan-container.ts";
import { explainContainer } from "../../src/sandbox/explain/explain-container.ts";
import type { GatewaySandboxes } from "../../src/sandbox/life/find-sandboxes.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { containerRequest } from "./container-request.ts";
import { expectExplained } from "./expect-explained.ts";
import { allowancesOf } from "./sandbox-world.ts";
import { testLabel } from "./test-run.ts";

/** What prepares a container, and can be seen in it: `/tmp/prepared` says so. */
export const setup = { command: ["sh", "-c", "echo prepared > /tmp/prepared"], timeoutMs: 30_000 };

/** One gateway on the engine of the tests: a state folder of its own below `dir`. */
export class DockerGateway {
  readonly stateDir: string;
  readonly workspaceRoot: string;
  readonly uses = createContainerUses();
  readonly #engine: Engine;
  readonly #image: ImageDetails;

  constructor(dir: string, engine: Engine, image: ImageDetails) {
    this.stateDir = join(dir, randomBytes(4).toString("hex"));
    this.workspaceRoot = join(this.stateDir, "sandboxes");
    this.#engine = engine;
    this.#image = image;
    mkdirSync(this.workspaceRoot, { recursive: true });
  }

  get sandboxes(): GatewaySandboxes {
    return { engine: this.#engine, owner: ownerId(this.stateDir), workspaceRoot: this.workspaceRoot };
  }

  folder(session: string) {
    const folder = scopeFolder(this.workspaceRoot, { kind: "session", key: session });
    mkdirSync(folder.recordsDir, { recursive: true });
    mkdirSync(folder.workspaceDir, { recursive: true });
    if (process.geteuid?.() === 0) chownSync(folder.workspaceDir, 1000, 1000);
    return folder;
  }

  plan(session: string, settings: Partial<ContainerSettings> = {}, of: ImageDetails = this.#image) {
    const folder = this.folder(session);
    const user = process.geteuid?.() === 0 ? 1000 : (process.geteuid?.() ?? 1000);
    const plan: ContainerPlan = planContainer(
      containerRequest(
        {
          scope: folder.scope,
          scopeDir: folder.dir,
          ownerId: this.sandboxes.owner,
          user: { uid: user, gid: user },
          image: { reference: inject("baseImage"), id: of.id, env: of.env },
          mounts: [{ source: folder.workspaceDir, target: "/workspace", readOnly: false }],
          engine: { ...containerRequest().engine, product: this.#engine.info.product },
        },
        { containerPrefix: "skillcrate-test-", ...settings },
      ),
    );
    const Labels = { ...plan.body.Labels, [testLabel]: inject("testRun") };
    return { ...plan, body: { ...plan.body, Labels } };
  }

  /** What a call is about, as plain JSON. */
  request(session: string, plan: ContainerPlan) {
    return { plan, recordsDir: this.folder(session).recordsDir, allowances: allowancesOf(plan) };
  }

  /** What `explain` would say of the container has to be what the engine has. */
  async ensure(session: string, plan: ContainerPlan = this.plan(session), over: Engine = this.#engine) {
    const ensured = await ensureContainer({ ...this.request(session, plan), engine: over, uses: this.uses });
    const details = await this.#engine.sandboxes.inspect(ensured.id);
    if (details === null) throw new Error("the container is gone");
    const explained = explainContainer(details, plan);
    await expectExplained(explained);
    if (ensured.outdated.length === 0) expect(explained.differences).toEqual([]);
    return ensured;
  }

  /** `name state`, of what there is by the labels. */
  async there(): Promise<readonly string[]> {
    return (await listSandboxes(this.sandboxes)).map(({ name, state }) => `${name} ${state}`);
  }
}
