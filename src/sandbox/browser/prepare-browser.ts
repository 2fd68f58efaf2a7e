import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { withLock } from "../../host/with-lock.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import type { ContainerAllowances } from "../container/check-container-plan.ts";
import type { ContainerPlan } from "../container/container-plan.ts";
import type { ContainerRequest } from "../container/container-request.ts";
import { bindsOnEngine } from "../ensure/binds-on-engine.ts";
import { chooseUser } from "../ensure/choose-user.ts";
import { containerAllowances } from "../ensure/container-settings.ts";
import { findImage } from "../ensure/find-image.ts";
import { findOrMakeRoot } from "../ensure/find-or-make-root.ts";
import { bindGroundOf, judgeBinds } from "../ensure/judge-binds.ts";
import { mountsOnEngine } from "../ensure/mounts-on-engine.ts";
import { homeLockName } from "../home/prepare-home.ts";
import { prepareMounts } from "../prepare-mounts.ts";
import { type ScopeFolder, scopeFolder } from "../scope-folder.ts";
import { recordScopeUse } from "../scope-record.ts";
import { asDockerConfig } from "./as-docker-config.ts";
import { type BrowserFolder, makeBrowserFolders } from "./browser-folders.ts";
import type { BrowserGround, BrowserRequest } from "./browser-request.ts";
import { browserPaths, hasWebProxy, planBrowser } from "./plan-browser.ts";

/** A browser whose folders are there, and whose container is planned. */
export interface PreparedBrowser {
  readonly folder: ScopeFolder;
  readonly places: BrowserFolder;
  readonly user: Owner;
  readonly plan: ContainerPlan;
  readonly allowances: ContainerAllowances;
}

/** Makes a browser's folders, and plans its container: one question to the engine, for its image. */
export async function prepareBrowser(
  request: BrowserRequest,
  ground: BrowserGround,
): Promise<PreparedBrowser> {
  const { config, session, signal } = request;
  const root = findOrMakeRoot(config.workspaceRoot.value);
  const access = session.workspaceAccess.value;
  const user = chooseUser(config, access === "rw", scopeFolder(root, session.scope));
  const { folder, mounts: ofWorkspace } = prepareMounts({
    scope: session.scope,
    workspaceRoot: root,
    workspaceAccess: access,
    agentWorkspaceDir: config.agentWorkspace.value,
    sandboxUser: user,
  });
  await noteScopeUse(folder, request);
  const workspace = ofWorkspace.filter(({ purpose }) => purpose === "workspace");
  const places = makeBrowserFolders(folder, workspace[0]?.source ?? folder.workspaceDir, user);
  const [image, facts] = await Promise.all([
    findImage(asDockerConfig(config), ground, signal),
    ground.facts(),
  ]);
  const own = [...workspace, ...browserMounts(places, hasWebProxy(config))];
  const mounts = await mountsOnEngine(own, folder, ground.hostPaths, image.id, signal);
  const seenHere = bindGroundOf(config, ground);
  const judged = judgeBinds(asDockerConfig(config), seenHere);
  const { binds, ground: bindGround } = await bindsOnEngine(judged, seenHere, ground.hostPaths, signal);
  const plan = planBrowser({
    ...{ config, session, facts, image, folder, user, mounts },
    owner: ground.owner,
    product: ground.engine.info.product,
    binds,
    unsandboxed: ground.unsandboxed,
  });
  return { folder, places, user, plan, allowances: allowancesOf(config, mounts, bindGround, facts) };
}

/** Its own limits are always there, whatever the sandbox's are. */
function allowancesOf(
  config: BrowserRequest["config"],
  mounts: ContainerRequest["mounts"],
  bindGround: BindGround,
  facts: Parameters<typeof containerAllowances>[3],
): ContainerAllowances {
  const sources = mounts.map(({ source }) => source);
  const allowances = containerAllowances(config, sources, bindGround, facts);
  return { ...allowances, unlimited: facts.countsSwap ? [] : ["swap"] };
}

function browserMounts(
  { doorsDir, webDir, profileDir }: BrowserFolder,
  hasProxy: boolean,
): ContainerRequest["mounts"] {
  return [
    { source: doorsDir, target: browserPaths.doors, readOnly: false },
    { source: profileDir, target: browserPaths.profile, readOnly: false },
    ...(hasProxy ? [{ source: webDir, target: browserPaths.web, readOnly: true }] : []),
  ];
}

/** What nobody uses any more is found by when it was used last. */
async function noteScopeUse(folder: ScopeFolder, { session, signal }: BrowserRequest): Promise<void> {
  const note = async () =>
    recordScopeUse(folder, { agent: session.agentId, session: session.key, nowMs: Date.now() });
  try {
    await withLock(folder.recordsDir, homeLockName, note, signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("keep a sandbox's records in", folder.recordsDir, error);
  }
}
