/**
 * The half of the public API that a gateway calls at every turn, without what builds images: a process that imports this
 * alone has some ten megabytes less in memory. Everything here is part of `skillcrate` too, and the same.
 *
 * @packageDocumentation
 */

// What everything speaks of: diagnostics and errors.

export type { DiagnosticCode } from "./diagnostic/codes.ts";
export type { Diagnostic, Place, Severity } from "./diagnostic/diagnostic.ts";
export type { ErrorCode } from "./diagnostic/error-codes.ts";
export { SkillcrateError } from "./diagnostic/skillcrate-error.ts";

// A gateway's settings of sandboxes: each value with its origin, each problem with its place.

export {
  type ConfigDocument,
  type ConfigGround,
  configDocumentOf,
  type ParsedConfigDocument,
  parseConfigDocument,
} from "./config/config-document.ts";
export { type GatewaySettings, readGatewaySettings } from "./config/gateway-settings.ts";
export { hiddenValue, type ListedSetting, listSettings } from "./config/list-settings.ts";
export {
  bindGround,
  type ResolvedSandboxConfig,
  resolveSandboxConfig,
} from "./config/resolve-sandbox-config.ts";
export type { BindGround } from "./config/rules/judge-bind-source.ts";
export {
  type BindSetting,
  type BrowserConfig,
  type DockerConfig,
  type GpuSetting,
  type Origin,
  type OriginRule,
  originRules,
  type PruneConfig,
  type SandboxConfig,
  type SandboxMode,
  type Sourced,
  type SourcedList,
  type SourcedMap,
  type TmpfsSetting,
  type UlimitSetting,
  type UserSetting,
} from "./config/sandbox-config.ts";
export { type CheckedBind, type CheckedBinds, checkBinds } from "./sandbox/config/check-binds.ts";
export { loadSandboxConfig } from "./sandbox/config/load-sandbox-config.ts";
export { readConfigDocument } from "./source/read-config-document.ts";

// Sessions: which sandbox a gateway's session has, and which tools.

export { normaliseAgentId } from "./config/session/agent-id.ts";
export {
  type ConfiguredAgent,
  defaultAgentId,
  findAgent,
  listAgents,
} from "./config/session/configured-agents.ts";
export { type DirectMessage, type DmScope, directSessionKey, dmScopes } from "./config/session/dm-scope.ts";
export {
  identifySession,
  type SessionIdentity,
  type SessionName,
} from "./config/session/identify-session.ts";
export type { KeyPath, PlaceOf } from "./config/session/key-path.ts";
export { resolveSession, type SessionRequest } from "./config/session/resolve-session.ts";
export type { Session, SessionSandbox } from "./config/session/session.ts";
export type { SessionKind, SessionRoute } from "./config/session/session-route.ts";
export { checkToolLists } from "./config/tools/check-tool-lists.ts";
export { applyConfigEdits, type ConfigEdit } from "./config/tools/config-edit.ts";
export { decideElevated, type ElevatedDecision, type ElevatedGate } from "./config/tools/decide-elevated.ts";
export {
  type DecideToolRequest,
  decideTool,
  type LayerDecision,
  type ToolDecision,
} from "./config/tools/decide-tool.ts";
export {
  describeEdit,
  describeToolDecision,
  type ToolDescriptionInput,
  type ToolLine,
} from "./config/tools/describe-tool-decision.ts";
export { type KnownTool, knownTools } from "./config/tools/known-tools.ts";
export { type ToolLayerName, toolLayers } from "./config/tools/layer-rule.ts";

// Sandboxes: who shares one, and where its things are.

export type { Owner } from "./host/write-in-folder.ts";
export type { SandboxMount, SandboxTmpfs, WorkspaceAccess } from "./sandbox/sandbox-mount.ts";
export { chooseSandboxUser } from "./sandbox/sandbox-user.ts";
export type { Scope, ScopeKind } from "./sandbox/scope.ts";
export { type ScopeFolder, scopeFolder } from "./sandbox/scope-folder.ts";

// Skills in a sandbox: mirrored, seen from inside, put before a model.

export { acquireGeneration } from "./mirror/acquire-generation.ts";
export { defaultMirrorLimits } from "./mirror/mirror-limits.ts";
export type {
  Generation,
  GenerationLease,
  GenerationSkill,
  ManifestEntry,
  MirrorLimits,
  MirrorManifest,
  MirrorRequest,
  MirrorResult,
  SkillToMirror,
} from "./mirror/mirror-request.ts";
export { publishSkills } from "./mirror/publish-skills.ts";
export { readManifest } from "./mirror/read-manifest.ts";
export { type GenerationProblem, verifyGeneration } from "./mirror/verify-generation.ts";
export type {
  ExcludedSkill,
  SandboxFacts,
  ShadowedName,
  SkillsChoice,
  SkillsGround,
} from "./sandbox/choose-skills.ts";
export { createMirrorCache, type MirrorCache } from "./sandbox/mirror-cache.ts";
export { mirrorSkills } from "./sandbox/mirror-skills.ts";
export type {
  ExposedSkills,
  MirroredSkills,
  MirrorSkillsRequest,
  RefusedSkill,
} from "./sandbox/mirror-skills-request.ts";
export type { MirroredSkill } from "./sandbox/mirrored-skill.ts";
export { renderBaseDir } from "./sandbox/render-base-dir.ts";
export {
  defaultSkillListLimits,
  formatSkillList,
  type ListableSkill,
  planSkillList,
  type SkillList,
  type SkillListForm,
  type SkillListLimits,
} from "./sandbox/skill-list.ts";
export { type TextPolicy, textPolicies } from "./sandbox/text-policy.ts";

// Secrets: what a scope's skills may know, and how it reaches one exec.

export {
  type EnvironmentLine,
  type EnvironmentRequest,
  type SandboxEnvironment,
  sandboxEnvironment,
} from "./sandbox/sandbox-environment.ts";
export { createRedactor, type Redactor } from "./sandbox/secrets/create-redactor.ts";
export {
  planSecretFiles,
  type SecretFileEntry,
  type SecretFilesPlan,
} from "./sandbox/secrets/plan-secret-files.ts";
export {
  planSecrets,
  type SecretLine,
  type SecretsPlan,
  type SecretsRequest,
} from "./sandbox/secrets/plan-secrets.ts";
export { type NameRefusal, refuseName } from "./sandbox/secrets/refuse-name.ts";
export {
  type ChangedSecrets,
  changeSecretFile,
  readSecretFile,
  type SecretFile,
} from "./sandbox/secrets/secret-file.ts";
export type { SecretRule, SecretSkill } from "./sandbox/secrets/secret-skill.ts";
export { type ExecWithInput, writeSecretFiles } from "./sandbox/secrets/write-secret-files.ts";

// Watching: sources of skills, and scopes that are kept up to date with them.

export type { SkillWatchEvent } from "./mirror/watch-event.ts";
export {
  type SkillWatcher,
  type WatchSkillSourcesOptions,
  watchSkillSources,
} from "./mirror/watch-skill-sources.ts";
export type { SkillRoot } from "./mirror/watched-place.ts";
export type { SkillsDifference } from "./sandbox/diff-skills.ts";
export {
  type KeepSkillsMirroredOptions,
  type KeptSkillsEvent,
  keepSkillsMirrored,
  type SkillsKeeper,
} from "./sandbox/keep-skills-mirrored.ts";
export { type GatewayRoot, listGatewayRoots } from "./source/read-gateway-sources.ts";

// Workspaces: an agent's files in, what was received in, results out; safe while a sandbox writes there.

export type { MediaRetention } from "./sandbox/workspace/collect-media.ts";
export {
  type CopyFromWorkspaceRequest,
  type CopyFromWorkspaceResult,
  copyFromWorkspace,
} from "./sandbox/workspace/copy-from-workspace.ts";
export type { CopyLimits } from "./sandbox/workspace/copy-tree.ts";
export {
  type ListWorkspaceRequest,
  listWorkspace,
  type WorkspaceEntry,
  type WorkspaceListing,
} from "./sandbox/workspace/list-workspace.ts";
export type { MediaSource } from "./sandbox/workspace/media-source.ts";
export type { InsideRequest } from "./sandbox/workspace/open-inside.ts";
export {
  type ReadFromWorkspaceRequest,
  readFromWorkspace,
  type WorkspaceFile,
  type WorkspaceFileContent,
} from "./sandbox/workspace/read-from-workspace.ts";
export {
  defaultSeedFiles,
  type SeedWorkspaceRequest,
  type SeedWorkspaceResult,
  seedWorkspace,
} from "./sandbox/workspace/seed-workspace.ts";
export { type StagedMedia, type StageMediaRequest, stageMedia } from "./sandbox/workspace/stage-media.ts";
export { streamFromWorkspace, type WorkspaceFileStream } from "./sandbox/workspace/stream-from-workspace.ts";
export { type HostPath, toHostPath } from "./sandbox/workspace/to-host-path.ts";

// Homes: HOME and the XDG tree of each scope, and what an operator does with them.

export {
  type CollectableHome,
  type CollectedHomes,
  type CollectHomesRequest,
  collectHomes,
} from "./sandbox/home/collect-homes.ts";
export {
  describeSharing,
  type SharedBy,
  type Sharing,
  type SharingInput,
} from "./sandbox/home/describe-sharing.ts";
export {
  type ExportHomeRequest,
  exportHome,
  type HomeExport,
  type LeftOutEntry,
  type LeftOutReason,
} from "./sandbox/home/export-home.ts";
export {
  type HomeImport,
  type ImportedItem,
  type ImportName,
  type ImportSource,
  importNames,
} from "./sandbox/home/home-import.ts";
export type { Home, HomeRequest, HomeUse } from "./sandbox/home/home-request.ts";
export { type HomeSummary, type ListHomesRequest, listHomes } from "./sandbox/home/list-homes.ts";
export { prepareHome } from "./sandbox/home/prepare-home.ts";
export { type HomeTemplate, type TemplateKind, templateKinds } from "./sandbox/home/read-template.ts";
export { type RemovedHome, type RemoveHomeRequest, removeHome } from "./sandbox/home/remove-home.ts";
export type { KnownSession } from "./sandbox/scope-record.ts";

// Containers: a session's sandbox brought up, commands run in it, and the list of all.

export { type ConnectOptions, connectEngine } from "./engine/connect/connect-engine.ts";
export type { Engine } from "./engine/engine.ts";
export { labelledBinaries } from "./engine/label/labelled-binaries.ts";
export type { ContainerAction, ContainerEvent } from "./sandbox/container/ensure-request.ts";
export {
  createSandboxManager,
  type SandboxManager,
  type SandboxManagerOptions,
  type WarmPoolOptions,
} from "./sandbox/create-sandbox-manager.ts";
export type { BuildImage, Sandbox, SandboxRequest } from "./sandbox/ensure/sandbox-request.ts";
export { execInSandbox } from "./sandbox/exec/exec-in-sandbox.ts";
export type { SandboxExecRequest, SandboxExecResult } from "./sandbox/exec/sandbox-exec.ts";
export type { GatewaySandboxes } from "./sandbox/life/find-sandboxes.ts";
export { listSandboxes, type SandboxSummary } from "./sandbox/life/list-sandboxes.ts";
export {
  type PrunedSandbox,
  type PrunedSandboxes,
  type PruneRequest,
  pruneSandboxes,
} from "./sandbox/life/prune-sandboxes.ts";
export type { PoolState } from "./sandbox/pool/look-up-entry.ts";

// Commands in sandboxes: one, one that stays, and many small ones.

export type { ExecPort, ExecState, OpenExec, OpenExecSpec, TerminalSize } from "./engine/exec/exec-port.ts";
export type { OutputChunk, OutputStream } from "./engine/port/split-frames.ts";
export {
  createSandboxProcesses,
  type SandboxProcesses,
  type SandboxProcessesOptions,
} from "./sandbox/exec/create-sandbox-processes.ts";
export { createWardens, type Wardens } from "./sandbox/exec/create-wardens.ts";
export type { EndedBy, LastResort } from "./sandbox/exec/end-command.ts";
export type { ExecInput } from "./sandbox/exec/feed-input.ts";
export type { KeptOutput } from "./sandbox/exec/keep-output.ts";
export {
  openSandboxRunner,
  type RunnerCommand,
  type RunnerOptions,
  type RunnerResult,
  type SandboxRunner,
} from "./sandbox/exec/open-sandbox-runner.ts";
export type { Warden, WardenSignal, WardenTarget } from "./sandbox/exec/open-warden.ts";
export type { LogSlice } from "./sandbox/exec/output-log.ts";
export type { RefusalCounts } from "./sandbox/exec/refusal-counts.ts";
export type { RunningCommand } from "./sandbox/exec/sandbox-exec.ts";
export type { SandboxProcess } from "./sandbox/exec/sandbox-process.ts";
export type { SpilledOutput, SpillTarget } from "./sandbox/exec/spill-file.ts";
export type { StartRequest } from "./sandbox/exec/start-process.ts";
export type { FailureCause } from "./sandbox/exec/tell-cause.ts";

// Browsers: one for each session that asks, where they may go, and what is told of it.

export {
  type BrowserGate,
  type BrowserTarget,
  type BrowserTargetDecision,
  type BrowserTargetRequest,
  browserTargets,
  decideBrowserTarget,
} from "./config/browser/decide-browser-target.ts";
export { type BrowserPage, listPages, openPage, takeScreenshot } from "./sandbox/browser/browser-pages.ts";
export type {
  Browser,
  BrowserEvent,
  BrowserRequest,
  BrowserStep,
} from "./sandbox/browser/browser-request.ts";
export type { BrowserDoorEvent, DoorName } from "./sandbox/browser/doors/browser-doors.ts";
export {
  type BrowserStatus,
  readBrowserStatus,
  type StatusRequest,
} from "./sandbox/browser/read-browser-status.ts";
export { type StopBrowserRequest, stopBrowser } from "./sandbox/browser/stop-browser.ts";
export { loadWebPolicy, type NamedWebPolicy } from "./sandbox/browser/web-proxy/load-web-policy.ts";
export {
  type ReadWebPolicyResult,
  readWebPolicy,
  type WrittenWebPolicy,
} from "./sandbox/browser/web-proxy/read-web-policy.ts";
export type { WebEvent, WebLimits } from "./sandbox/browser/web-proxy/web-event.ts";
export {
  publicWeb,
  type UpstreamProxy,
  type WebEntry,
  type WebPolicy,
} from "./sandbox/browser/web-proxy/web-policy.ts";
export type { WebRule } from "./sandbox/browser/web-proxy/web-rule.ts";
