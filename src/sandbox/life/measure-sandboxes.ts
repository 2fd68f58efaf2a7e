import { compareText } from "../../diagnostic/compare-text.ts";
import { closeFolder, type OpenFolder, type OpenFolderResult, openFolderIn } from "../../host/open-folder.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { browserFolderName } from "../browser/browser-folders.ts";
import { type FoundScope, findScopes } from "../home/find-scope.ts";
import { openFoundScope } from "../home/home-folders.ts";
import { homeFolderNames } from "../home/home-paths.ts";
import { measureFolder } from "../home/measure-folder.ts";
import { openHomeRoot } from "../home/open-home-root.ts";
import { type Scope, scopeSlug } from "../scope.ts";
import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";

/** What one scope's sandbox takes on the disk, in bytes. An agent's own workspace is not counted. */
export interface SandboxUsage {
  /** The scope's folder below the workspace root. */
  readonly slug: string;
  /** Null: not on record, and no container tells. */
  readonly scope: Scope | null;
  /** What its containers have written into their own layers. */
  readonly containerBytes: number;
  /** The sandbox's own workspace. */
  readonly workspaceBytes: number;
  readonly homeBytes: number;
  /** The generations of skills that are mirrored for it. Scopes with the same skills may share what they take. */
  readonly generationsBytes: number;
  /** Its browser's profile and records. What that has downloaded is in the workspace. */
  readonly browserBytes: number;
  readonly totalBytes: number;
}

/** What the sandboxes of a gateway take on the disk, the largest first. The engine takes its time to measure containers. */
export async function measureSandboxes(
  request: GatewaySandboxes & { readonly signal?: AbortSignal },
): Promise<readonly SandboxUsage[]> {
  const { workspaceRoot, signal } = request;
  const containers = await findSandboxes(request, { ...request, sizes: true });
  const usages: SandboxUsage[] = [];
  const seen = new Set<string>();
  for (const scope of await findScopes(workspaceRoot, signal)) {
    throwIfCancelled(signal);
    seen.add(scope.slug);
    usages.push(await measureScope(scope, ofScope(containers, scope.slug), signal));
  }
  for (const slug of new Set(containers.map(slugOf))) {
    if (!seen.has(slug)) usages.push(describe(slug, null, ofScope(containers, slug), nothing));
  }
  return usages.sort((a, b) => b.totalBytes - a.totalBytes || compareText(a.slug, b.slug));
}

function ofScope(containers: readonly FoundSandbox[], slug: string): readonly FoundSandbox[] {
  return containers.filter((sandbox) => slugOf(sandbox) === slug);
}

function slugOf({ labels }: FoundSandbox): string {
  return scopeSlug(labels.scope);
}

type FolderBytes = Pick<SandboxUsage, "workspaceBytes" | "homeBytes" | "generationsBytes" | "browserBytes">;

const nothing: FolderBytes = { workspaceBytes: 0, homeBytes: 0, generationsBytes: 0, browserBytes: 0 };

async function measureScope(
  { slug, dir, record }: FoundScope,
  containers: readonly FoundSandbox[],
  signal: AbortSignal | undefined,
): Promise<SandboxUsage> {
  const folder = openFoundScope(dir);
  try {
    const scope = record === null ? null : { kind: record.kind, key: record.key };
    return describe(slug, scope, containers, await measureFolders(folder, signal));
  } finally {
    closeFolder(folder);
  }
}

async function measureFolders(scope: OpenFolder, signal: AbortSignal | undefined): Promise<FolderBytes> {
  const measure = async ({ folder }: Opened, except?: string) =>
    (await measureFolder(folder, signal, except)).sizeBytes;
  let generationsBytes = await withFolder(openFolderIn(scope, skillsName), measure);
  const workspaceBytes = await withFolder(openFolderIn(scope, "workspace"), async (workspace) => {
    generationsBytes += await withFolder(openFolderIn(workspace.folder, skillsName), measure);
    return measure(workspace, skillsName);
  });
  let homeBytes = 0;
  for (const name of homeFolderNames) homeBytes += await withFolder(openHomeRoot(scope, name), measure);
  const browserBytes = await withFolder(openFolderIn(scope, browserFolderName), measure);
  return { workspaceBytes, homeBytes, generationsBytes, browserBytes };
}

/** Of a mirror: in the workspace, or beside it where that is the agent's. */
const skillsName = "skills";

type Opened = Extract<OpenFolderResult, { readonly ok: true }>;

/** 0 where there is none. */
async function withFolder(
  opened: OpenFolderResult,
  measure: (opened: Opened) => Promise<number>,
): Promise<number> {
  if (!opened.ok) return 0;
  try {
    return await measure(opened);
  } finally {
    closeFolder(opened.folder);
  }
}

function describe(
  slug: string,
  scope: Scope | null,
  containers: readonly FoundSandbox[],
  bytes: FolderBytes,
): SandboxUsage {
  const containerBytes = containers.reduce((sum, { container }) => sum + (container.ownBytes ?? 0), 0);
  const totalBytes = Object.values(bytes).reduce((sum, each) => sum + each, containerBytes);
  const known = scope ?? containers[0]?.labels.scope ?? null;
  return { slug, scope: known, containerBytes, ...bytes, totalBytes };
}
