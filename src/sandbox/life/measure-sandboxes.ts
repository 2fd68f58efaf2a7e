import { compareText } from "../../diagnostic/compare-text.ts";
import { closeFolder, type OpenFolder, openFolderIn } from "../../host/open-folder.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
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
  /** The sandbox's own workspace, and the skills that are mirrored for it. */
  readonly workspaceBytes: number;
  readonly homeBytes: number;
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
    if (!seen.has(slug)) usages.push(describe(slug, null, ofScope(containers, slug), 0, 0));
  }
  return usages.sort((a, b) => b.totalBytes - a.totalBytes || compareText(a.slug, b.slug));
}

function ofScope(containers: readonly FoundSandbox[], slug: string): readonly FoundSandbox[] {
  return containers.filter((sandbox) => slugOf(sandbox) === slug);
}

function slugOf({ labels }: FoundSandbox): string {
  return scopeSlug(labels.scope);
}

async function measureScope(
  { slug, dir, record }: FoundScope,
  containers: readonly FoundSandbox[],
  signal: AbortSignal | undefined,
): Promise<SandboxUsage> {
  const folder = openFoundScope(dir);
  try {
    const workspace = await measureNamed(folder, ["workspace", "skills"], openFolderIn, signal);
    const home = await measureNamed(folder, homeFolderNames, openHomeRoot, signal);
    const scope = record === null ? null : { kind: record.kind, key: record.key };
    return describe(slug, scope, containers, workspace, home);
  } finally {
    closeFolder(folder);
  }
}

async function measureNamed(
  scope: OpenFolder,
  names: readonly string[],
  open: typeof openFolderIn,
  signal: AbortSignal | undefined,
): Promise<number> {
  let sizeBytes = 0;
  for (const name of names) {
    const opened = open(scope, name);
    if (!opened.ok) continue;
    try {
      sizeBytes += (await measureFolder(opened.folder, signal)).sizeBytes;
    } finally {
      closeFolder(opened.folder);
    }
  }
  return sizeBytes;
}

function describe(
  slug: string,
  scope: Scope | null,
  containers: readonly FoundSandbox[],
  workspaceBytes: number,
  homeBytes: number,
): SandboxUsage {
  const containerBytes = containers.reduce((sum, { container }) => sum + (container.ownBytes ?? 0), 0);
  const totalBytes = containerBytes + workspaceBytes + homeBytes;
  const known = scope ?? containers[0]?.labels.scope ?? null;
  return { slug, scope: known, containerBytes, workspaceBytes, homeBytes, totalBytes };
}
