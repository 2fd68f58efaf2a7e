/**
 * Skillcrate's public API, in the order of its pipeline:
 *
 *     SKILL.md → Skill → Resolution → ImagePlan → Dockerfile and context → image → ImageFacts
 *
 * Verbs tell what a function touches: `parse`, `resolve`, `plan`, `render` and `judge` are pure; `read`, `open` and
 * `locate` read the disk; `connect`, `obtain`, `build`, `probe`, `verify`, `check` and `clean` speak to an engine.
 * Problems in the input come back as diagnostics; an operation that fails throws a {@link SkillcrateError}. Neither is
 * told apart by its text: every code is in {@link diagnosticCodes} or {@link errorCodes}.
 *
 * @packageDocumentation
 */

// What everything speaks of: diagnostics and errors.

export { diagnosticCodes } from "./diagnostic/codes.ts";
export { compareText } from "./diagnostic/compare-text.ts";
export { errorCodes } from "./diagnostic/error-codes.ts";
export { escapeText, quoteValue } from "./diagnostic/quote-value.ts";

// Skills: parsing, precedence, eligibility.

export {
  type BinaryWhereabouts,
  type Eligibility,
  type EligibilityContext,
  type EligibilityRule,
  judgeEligibility,
} from "./skill/judge-eligibility.ts";
export {
  type MergedSkills,
  mergeSources,
  type ShadowedSkill,
  type SkillSource,
  type SourcedSkill,
  type SourceKind,
  sourceKinds,
} from "./skill/merge-sources.ts";
export { parseSkill, type SkillLocation } from "./skill/parse-skill.ts";
export {
  defaultSourceLimits,
  type ParsedSkillsSettings,
  parseSkillsSettings,
  type SkillEntry,
  type SkillsSettings,
  type SourceLimits,
} from "./skill/parse-skills-settings.ts";
export {
  type InstallKind,
  type InstallSpec,
  type Namespace,
  namespaces,
  type Skill,
  type SkillOs,
  type SkillRequires,
  type SkillState,
} from "./skill/skill.ts";

// What skills use and do not declare.

export { type InferableSkill, type InferOptions, inferNeeds } from "./infer/infer-needs.ts";
export type {
  Confidence,
  InferResult,
  Inferred,
  InferredBin,
  InferredNode,
  InferredPython,
  SkillFile,
} from "./infer/inferred.ts";

// The disk: skill folders, gateways, image definitions, networks, remembered state.

export { builtInImagesDir } from "./host/package-dir.ts";
export { defaultStateDir } from "./source/default-state-dir.ts";
export {
  type GatewayLocation,
  type GatewayProduct,
  gatewayProducts,
  locateGateway,
} from "./source/locate-gateway.ts";
export { openState, type State } from "./source/open-state.ts";
export { readDebianIndex } from "./source/read-debian-index.ts";
export {
  type GatewaySources,
  type GatewaySourcesOptions,
  readGatewaySources,
} from "./source/read-gateway-sources.ts";
export { type ReadImageSpecsResult, readImageSpecs } from "./source/read-image-specs.ts";
export {
  type NetworkOptions,
  type ReadNetworkSettingsResult,
  readNetworkSettings,
} from "./source/read-network-settings.ts";
export {
  type ReadSkillFilesOptions,
  readSkillFiles,
  type SkillFiles,
  skillFileLimits,
} from "./source/read-skill-files.ts";
export {
  type ReadSkillFoldersOptions,
  type ReadSkillFoldersResult,
  readSkillFolders,
  unusableArgumentCodes,
} from "./source/read-skill-folders.ts";
export type { StateDocument, StateRead } from "./source/state-document.ts";
export type { AptEpochDocument, BaseDocument, UpdatesDocument } from "./source/state-documents.ts";

// Recipes: what provides a binary, and on which evidence.

export { type AddedPackage, closeOver, type DebianClosure } from "./recipe/debian-closure.ts";
export { type DebianFileDigest, findDebianDigest } from "./recipe/debian-digests.ts";
export { debianIndex } from "./recipe/debian-index.ts";
export { type DebianModules, debianModules } from "./recipe/debian-modules.ts";
export { type DebianPackage, type DebianPackages, debianPackages } from "./recipe/debian-packages.ts";
export type { DebianTableName, DebianTables } from "./recipe/debian-tables.ts";
export { describeRecipe } from "./recipe/describe-recipe.ts";
export {
  type LibraryLanguage,
  type LibraryName,
  type LibraryNaming,
  type LibraryResolution,
  type LibraryResult,
  libraryLanguages,
  libraryNamings,
  type SkillLibraries,
  type WantedLibrary,
} from "./recipe/library.ts";
export type {
  AptRecipe,
  ArchiveKind,
  BrewRecipe,
  CargoRecipe,
  DownloadRecipe,
  Evidence,
  EvidenceSource,
  GoRecipe,
  LibraryRecipe,
  NodeLibraryRecipe,
  NodeRecipe,
  NpmRecipe,
  PythonLibraryRecipe,
  PythonRecipe,
  Recipe,
  RecipeKind,
  Resolution,
  ResolutionStatus,
  ResolveResult,
} from "./recipe/recipe.ts";
export type { DebianFile, DebianIndex, RecipePlatform, ResolveContext } from "./recipe/resolve-context.ts";
export { resolveLibraries } from "./recipe/resolve-libraries.ts";
export { type ResolvedRequirements, resolveRequirements } from "./recipe/resolve-requirements.ts";
export type { NeededBin, SkillNeeds } from "./recipe/skill-needs.ts";
export type { Unavailable } from "./recipe/unavailable.ts";

// The overlay: the user's own word on skills and commands.

export { type CorrectedSkill, correctSkill } from "./recipe/correct-skill.ts";
export { deniedKinds } from "./recipe/denied-kinds.ts";
export {
  type AddedLibrary,
  type AddedNeed,
  type EcosystemName,
  ecosystemNames,
  emptyOverlay,
  type ImageProfile,
  type Overlay,
  type OverlayInstall,
  type OverlayNetwork,
  type SkillCorrection,
} from "./recipe/overlay.ts";
export { selectByPatterns } from "./skill/select-by-patterns.ts";
export { overlayFileName, type ReadOverlayResult, readOverlay } from "./source/read-overlay.ts";

// Image plans: everything about an image before anything is built.

export type { ExternalBase } from "./plan/external-base.ts";
export {
  type BrewTreeStage,
  type BuildStage,
  type CargoTreeStage,
  type CopiedTree,
  type DownloadTreeStage,
  type GoTreeStage,
  type ImageBelow,
  type ImageConfig,
  type ImagePlan,
  type Layer,
  type LayerKind,
  type Link,
  type NodeLibrariesStage,
  type NodeTreeStage,
  type NpmTreeStage,
  type PinnedPackage,
  type PlannedFile,
  type Platform,
  type PromisedBinary,
  type PromisedLibrary,
  type PythonLibrariesStage,
  type PythonTreeStage,
  platforms,
  type Requester,
  type SandboxUser,
  type ToolchainStage,
  type TreeStage,
} from "./plan/image-plan.ts";
export {
  type ImageSpec,
  imageSpecSchema,
  type LoadedImageSpec,
  type WrittenImageSpec,
} from "./plan/image-spec.ts";
export { knownBinaries } from "./plan/known-binaries.ts";
export { type BuiltInImagesInput, planBuiltInImages } from "./plan/plan-built-in-images.ts";
export {
  planSkillsImage,
  type SkillsBelow,
  type SkillsImageInput,
  type SkillsImagePlan,
} from "./plan/plan-skills-image.ts";
export type { PredictedLayer } from "./plan/predict-layer.ts";
export { type PredictedSize, predictSizes, type SizedPlan, type SizeInput } from "./plan/predict-sizes.ts";
export type { IncludedSkill, LeftOutSkill, PlannableSkill } from "./plan/select-skills.ts";
export type { SkillShare } from "./plan/share-by-skill.ts";

// Locks: what images were really made from.

export {
  compareEpochs,
  type EpochDifference,
  type Epochs,
  type ResolvedWith,
} from "./plan/compare-epochs.ts";
export { compareInventories, type InventoryDifference } from "./plan/compare-inventories.ts";
export {
  type InventoryGroup,
  type InventoryItem,
  inventoryOfPackages,
  inventoryOfPlan,
} from "./plan/inventory.ts";
export type {
  Lock,
  LockedImage,
  LockedLeftOut,
  LockedPlan,
  LockedSize,
  LockedSizes,
  LockInputs,
} from "./plan/lock.ts";
export { compareInputs, type InputDifference, inputsOfSkills, inputsOfSpec } from "./plan/lock-inputs.ts";
export { type BuiltParts, makeLock } from "./plan/make-lock.ts";
export type {
  CargoLock,
  CrateEntry,
  DebianLock,
  DownloadLock,
  GoLock,
  LockedCrate,
  LockedDeb,
  LockedNpmPackage,
  LockedParts,
  LockedWheel,
  NpmLock,
  PartLock,
  PythonLock,
  ToolchainLock,
} from "./plan/part-lock.ts";
export { plansOfLock } from "./plan/plans-of-lock.ts";
export { resolvedWith } from "./plan/resolved-with.ts";
export { readLock, writeLock } from "./source/lock-file.ts";
export { lockFileName } from "./source/lock-file-name.ts";

// Dockerfiles and build contexts.

export type { ContextFile, RenderedImage, Rendering } from "./dockerfile/build-context.ts";
export { type NetworkSettings, noNetworkSettings } from "./dockerfile/network-settings.ts";
export { type RenderOptions, renderImage } from "./dockerfile/render-image.ts";

// The engine: builds, probes, bases, updates.

export {
  type BaseOrigin,
  type BaseProgress,
  type ObtainBaseOptions,
  type ObtainedBase,
  obtainBase,
  type RecordedBase,
} from "./engine/base/obtain-base.ts";
export { type BuildRun, buildImages } from "./engine/build/build-images.ts";
export type {
  CancelledImage,
  FailedImage,
  FinishedImage,
  ImageOutcome,
} from "./engine/build/build-outcome.ts";
export type { BuildEvent } from "./engine/build-event.ts";
export { type BuildSettings, defaultBuildSettings, type RenderPlan } from "./engine/build-settings.ts";
export { type CleanOptions, type CleanResult, cleanImages } from "./engine/clean-images.ts";
export {
  type ConnectionStrategy,
  connectionStrategies,
  type Proposal,
} from "./engine/connect/connection-strategies.ts";
export type {
  BuildPort,
  BuildRequest,
  BuildStepEvent,
  ContainerEntry,
  ContainerPort,
  ContainerSpec,
  EngineInfo,
  ExecResult,
  ExecSpec,
  ImageDetails,
  ImagePort,
  RegistryAuth,
  RegistryPort,
  TransferProgress,
} from "./engine/engine.ts";
export type { BinaryFacts, ImageFacts, LibraryFacts } from "./engine/image-facts.ts";
export { imageLabels } from "./engine/label/label-names.ts";
export { type ImageLabels, type LabelledBinary, readImageLabels } from "./engine/label/label-reader.ts";
export type { LeftOut } from "./engine/label/label-values.ts";
export { type LockSettings, readLockedParts } from "./engine/lock/read-locked-parts.ts";
export {
  checkUpdates,
  type PackageUpdate,
  type UpdateOptions,
  type WaitingUpdates,
} from "./engine/network/check-updates.ts";
export { type ReachabilityOptions, unreachableEcosystems } from "./engine/network/reachability.ts";
export { readAptEpoch } from "./engine/network/read-apt-epoch.ts";
export { type ProbeOptions, probeImage } from "./engine/probe/probe-image.ts";
export { type VerifyOptions, type VerifyResult, verifyImage } from "./engine/probe/verify-image.ts";
export type { CleanedImage } from "./engine/remove-own-image.ts";

// Sandboxes and browsers as a gateway needs them at every turn.

export * from "./gateway.ts";
export { type SecretRulesDocument, secretRules } from "./sandbox/secrets/secret-rules.ts";

// Containers of sandboxes: made once, kept, cleaned up by their labels.

export type { NetworkDetails, NetworkPort, NetworkSpec } from "./engine/sandbox/network-port.ts";
export type { ContainerFacts } from "./engine/sandbox/read-container-facts.ts";
export type {
  ContainerDetails,
  ContainerLogs,
  ContainerState,
  ListedContainer,
  SandboxPort,
} from "./engine/sandbox/sandbox-port.ts";
export type { CollectableFolder, CollectedFolders } from "./sandbox/collect-unused.ts";
export {
  type ContainerAllowances,
  checkContainerPlan,
  type LimitName,
} from "./sandbox/container/check-container-plan.ts";
export {
  compareContainer,
  type Difference as ContainerDifference,
} from "./sandbox/container/compare-container.ts";
export type {
  ContainerBody,
  ContainerHostConfig,
  ContainerMount,
  ContainerPlan,
} from "./sandbox/container/container-plan.ts";
export type {
  ContainerEngine,
  ContainerRequest,
  ContainerSettings,
  PlannedImage,
  SeccompProfile,
} from "./sandbox/container/container-request.ts";
export { type ContainerUses, createContainerUses } from "./sandbox/container/container-use.ts";
export { ensureContainer } from "./sandbox/container/ensure-container.ts";
export type {
  ContainerStep,
  EnsureContainerRequest,
  EnsuredContainer,
  OutdatedReason,
  PooledContainer,
  SettledContainer,
} from "./sandbox/container/ensure-request.ts";
export { ownerId } from "./sandbox/container/owner-id.ts";
export { planContainer } from "./sandbox/container/plan-container.ts";
export { readSeccompProfile } from "./sandbox/container/read-seccomp-profile.ts";
export type { CollectedImages, ConfiguredImages } from "./sandbox/life/collect-images.ts";
export type { CollectableGeneration, CollectedMirrors } from "./sandbox/life/collect-mirrors.ts";
export {
  type CollectedGarbage,
  type CollectGarbageRequest,
  collectSandboxGarbage,
  type GarbageContainer,
} from "./sandbox/life/collect-sandbox-garbage.ts";
export type { Mismatch } from "./sandbox/life/find-mismatched.ts";
export { type ImageUsage, measureSandboxImages } from "./sandbox/life/measure-sandbox-images.ts";
export { measureSandboxes, type SandboxUsage } from "./sandbox/life/measure-sandboxes.ts";
export { type LogsRequest, readSandboxLogs, type SandboxLogs } from "./sandbox/life/read-sandbox-logs.ts";
export {
  type RecreatedSandbox,
  type RecreatedSandboxes,
  type RecreateRequest,
  recreateSandboxes,
} from "./sandbox/life/recreate-sandboxes.ts";
export type { SandboxSelection } from "./sandbox/life/select-sandboxes.ts";
export { type StopRequest, stopSandbox } from "./sandbox/life/stop-sandbox.ts";

// Browsers: their doors on this machine, and their way to the web, for who keeps them otherwise than a manager does.

export type {
  BrowserDoors,
  BrowserDoorsRequest,
  DoorLimits,
  DoorsTarget,
  ViewerLink,
} from "./sandbox/browser/doors/browser-doors.ts";
export { openBrowserDoors } from "./sandbox/browser/doors/open-browser-doors.ts";
export { requestViewerLink, type ViewerLinkRequest } from "./sandbox/browser/doors/request-viewer-link.ts";
export type { AddressRange } from "./sandbox/browser/web-proxy/address-range.ts";
export type { OwnNetworks } from "./sandbox/browser/web-proxy/judge-address.ts";
export type { LookUpName } from "./sandbox/browser/web-proxy/look-up-name.ts";
export {
  startWebProxy,
  type WebProxy,
  type WebProxyRequest,
} from "./sandbox/browser/web-proxy/start-web-proxy.ts";
export { webRules } from "./sandbox/browser/web-proxy/web-rule.ts";
