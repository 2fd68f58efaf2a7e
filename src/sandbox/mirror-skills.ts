import { createHash } from "node:crypto";
import { join } from "node:path";
import { isSettled, isUnchanged, takeFingerprint } from "../host/fingerprint.ts";
import { shareRun } from "../host/share-run.ts";
import { mirrorNames } from "../mirror/mirror-paths.ts";
import type { MirrorResult } from "../mirror/mirror-request.ts";
import { type ChosenSkills, chooseSkills } from "./choose-skills.ts";
import { isLive } from "./is-live.ts";
import { cacheOfOneCall, type KnownSkills, type MirrorCache, rememberSkills } from "./mirror-cache.ts";
import type { ExposedSkills, MirroredSkills, MirrorSkillsRequest } from "./mirror-skills-request.ts";
import { isSeenInPlace, listMirroredSkills } from "./mirrored-skill.ts";
import { hasFolders, type PreparedMounts, prepareMounts } from "./prepare-mounts.ts";
import { defaultSkillListLimits, planSkillList } from "./skill-list.ts";

/**
 * Brings a scope's skills up to date: finds the gateway's skills, chooses, publishes them as one generation in the
 * scope's mirror, and says how they look from inside. Meant for every turn of an agent: where nothing has changed since
 * a call with the same cache, that is found out by looking at files, not by reading them. Calls at one time for
 * the same thing share one run and what it saw; running containers see a new generation at once and whole.
 *
 * Throws `CANCELLED` on the signal, `INPUT_INVALID` for an agent's workspace that cannot be used,
 * `SANDBOX_FOLDER_FAILED` and `SCOPE_FOREIGN` for folders that cannot be made, and what {@link publishSkills} throws;
 * what was live before is then still live.
 */
export async function mirrorSkills(request: MirrorSkillsRequest): Promise<MirroredSkills> {
  const { scope, sandboxUser, workspaceRoot, cache = cacheOfOneCall(), signal } = request;
  const key = keyOf(request);
  const run = JSON.stringify([workspaceRoot, scope, sandboxUser, key]);
  return shareRun(cache.runs, run, (shared) => mirrorOnce(request, key, cache, shared), signal);
}

/** Over everything that decides which skills there are and where they are seen. */
function keyOf(request: MirrorSkillsRequest): string {
  const { sources, choice, workspaceAccess, mirrorLimits, listLimits } = request;
  // Hashed, since configurations hold secrets.
  return createHash("sha256")
    .update(JSON.stringify([sources, choice, workspaceAccess, mirrorLimits, listLimits]))
    .digest("base64");
}

async function mirrorOnce(
  request: MirrorSkillsRequest,
  key: string,
  cache: MirrorCache,
  signal: AbortSignal,
): Promise<MirroredSkills> {
  const { sources, choice, workspaceAccess, sandboxUser, adopt = false } = request;
  const prepared = await prepare(request, cache, signal);
  const target = { targetDir: prepared.skillsDir, recordsDir: prepared.folder.recordsDir, adopt };
  const remembered = cache.known.get(key);
  const live = remembered !== undefined && isLive(target, remembered.exposed.generation);
  const known =
    remembered !== undefined && (await isStill(remembered, live, cache, signal)) ? remembered : null;
  if (known !== null && live) {
    return toResult(known.exposed, { changed: false, copied: { files: 0, bytes: 0 } }, prepared);
  }
  const startedMs = Date.now();
  const chosen = known?.chosen ?? (await chooseSkills(sources, choice, signal));
  const skills = chosen.skills
    .filter(({ source }) => !isSeenInPlace(source, workspaceAccess))
    .map(({ skill, source }) => ({ name: skill.name, dir: skill.dir, source }));
  const publication = {
    skills,
    ...target,
    storeDir: join(prepared.folder.dir, "..", ".store"),
    sandboxUid: sandboxUser.uid,
    limits: request.mirrorLimits ?? {},
    tellVisited: known === null,
  };
  const published = await cache.thread.run("publishSkills", publication, signal);
  if (known !== null && isSame(known.exposed, published)) return toResult(known.exposed, published, prepared);
  const exposed = expose(chosen, published, request);
  // The mirror's own link may have been made just now; whether it is as it should be is seen at each call.
  const link = join(target.targetDir, mirrorNames.live);
  const visited = published.visited.filter((path) => path !== link);
  if (known === null) await remember(cache, key, { chosen, exposed }, visited, startedMs);
  return toResult(exposed, published, prepared);
}

/** Folders are looked at here; a new scope's are made where waiting for the disk holds nobody up. */
async function prepare(
  { scope, workspaceRoot, workspaceAccess, sources, sandboxUser }: MirrorSkillsRequest,
  { thread }: MirrorCache,
  signal: AbortSignal,
): Promise<PreparedMounts> {
  const agentWorkspaceDir = sources.workspaceDir;
  const mounts = { scope, workspaceRoot, workspaceAccess, agentWorkspaceDir, sandboxUser };
  return hasFolders(mounts) ? prepareMounts(mounts) : thread.run("prepareMounts", mounts, signal);
}

/** Whether the host is as it was. Where the mirror has to be written anyway, that is left to the thread that writes. */
async function isStill(
  { fingerprint }: KnownSkills,
  live: boolean,
  { thread }: MirrorCache,
  signal: AbortSignal,
): Promise<boolean> {
  return live
    ? isUnchanged(fingerprint, (look) => thread.letHelp("helpLook", look))
    : thread.run("isUnchanged", fingerprint, signal);
}

/** Unless something was changed just now: then a change may have been missed, and the next call reads again. */
async function remember(
  cache: MirrorCache,
  key: string,
  skills: Omit<KnownSkills, "fingerprint">,
  visited: readonly string[],
  startedMs: number,
): Promise<void> {
  const fingerprint = await takeFingerprint([...new Set([...skills.chosen.lookedAt, ...visited])]);
  if (isSettled(fingerprint, startedMs)) rememberSkills(cache, key, { ...skills, fingerprint });
}

/** Whether a scope sees what others see already: then they share it in memory too. */
function isSame({ generation, refused }: ExposedSkills, published: MirrorResult): boolean {
  return generation.id === published.generation.id && refused.length + published.refused.length === 0;
}

function expose(
  { skills: sourced, roots, excluded, shadowed, diagnostics }: ChosenSkills,
  published: MirrorResult,
  { workspaceAccess, listLimits }: MirrorSkillsRequest,
): ExposedSkills {
  const skills = listMirroredSkills({ skills: sourced, roots }, published.generation.skills, workspaceAccess);
  const planned = planSkillList(
    skills.filter(({ modelInvocable }) => modelInvocable),
    { ...defaultSkillListLimits, ...listLimits },
  );
  return {
    generation: published.generation,
    skills,
    list: planned.list,
    excluded,
    refused: published.refused.map(({ skill, diagnostic }) => ({ name: skill.name, diagnostic })),
    shadowed,
    diagnostics: [
      ...diagnostics,
      ...published.refused.map(({ diagnostic }) => diagnostic),
      ...published.diagnostics,
      ...planned.diagnostics,
    ],
  };
}

function toResult(
  exposed: ExposedSkills,
  { changed, copied }: Pick<MirrorResult, "changed" | "copied">,
  { mounts, diagnostics }: PreparedMounts,
): MirroredSkills {
  return { ...exposed, diagnostics: [...diagnostics, ...exposed.diagnostics], changed, copied, mounts };
}
