import { platforms } from "../plan/image-plan.ts";
import { isImageReference } from "../plan/image-reference.ts";
import { textPolicies } from "../sandbox/text-policy.ts";
import { choice, flag, type Grammar, list, type OptionValues, text } from "./option.ts";

const builtInImages: readonly string[] = ["base", "common", "browser"];

const imageName: Grammar = {
  accepts: (word) => /^[a-z0-9][a-z0-9._-]{0,62}$/.test(word) && !builtInImages.includes(word),
  expected: `lower-case letters, digits, dots, dashes and underscores, at most 63, and not ${builtInImages.join(", ")}`,
};

const imageReference: Grammar = {
  accepts: isImageReference,
  expected: "an image reference such as debian:bookworm-slim",
};

export const notEmpty: Grammar = { accepts: (word) => word.trim() !== "", expected: "a text" };

/** What an image's name may begin with; `registry.corp/team/openclaw` is one. */
const tagPrefix: Grammar = {
  accepts: (word) => isImageReference(`${word}-sandbox:tag`),
  expected: "lower-case letters and digits, as in moltbot or registry.corp/team/openclaw",
};

/** The images that can be chosen with `--only`; `skills` is the one made from PATHS. */
export const imageChoices = ["base", "common", "browser", "skills"] as const;
export type ImageChoice = (typeof imageChoices)[number];

/** How a network wants to be used; none of it stays in an image unless a `--keep` option says so. */
export const networkOptions = {
  aptMirror: text(
    "--apt-mirror <url>",
    "Debian mirror in place of the one in the base image's sources (default: SKILLCRATE_APT_MIRROR)",
  ),
  snapshot: text(
    "--snapshot <url>",
    "snapshots of Debian's archives, for locked packages that have left the mirror (default: SKILLCRATE_SNAPSHOT)",
  ),
  npmRegistry: text(
    "--npm-registry <url>",
    "npm registry in place of npm's own (default: SKILLCRATE_NPM_REGISTRY)",
  ),
  pythonIndex: text(
    "--python-index <url>",
    "Python package index, PEP 503 'simple' (default: SKILLCRATE_PYTHON_INDEX)",
  ),
  goProxy: text("--go-proxy <url>", "Go module proxy in place of Go's own (default: SKILLCRATE_GO_PROXY)"),
  goSumDb: text(
    "--go-sumdb <name>",
    "database of Go modules' sums, or off for private modules (default: SKILLCRATE_GO_SUMDB)",
  ),
  cargoRegistry: text(
    "--cargo-registry <url>",
    "sparse index of crates in place of cargo's own (default: SKILLCRATE_CARGO_REGISTRY)",
  ),
  httpProxy: text("--http-proxy <url>", "proxy for http (default: HTTP_PROXY)"),
  httpsProxy: text("--https-proxy <url>", "proxy for https (default: HTTPS_PROXY)"),
  noProxy: text("--no-proxy <hosts>", "hosts reached without a proxy (default: NO_PROXY)"),
  ca: text("--ca <file>", "extra CA certificates, PEM (default: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE)"),
  keepCa: flag("--keep-ca", "leave the CA certificates in the image"),
  keepMirror: flag("--keep-mirror", "leave the apt mirror in the image's sources"),
};

/** What shapes a plan. */
export const planOptions = {
  name: text(
    "--name <name>",
    "name of the skills image (default: the folder's name); without paths: one of the overlay's images",
    imageName,
  ),
  base: choice("--base <image>", "what the skills image stands on: base, or common with its toolchains", [
    "base",
    "common",
  ]),
  baseImage: text(
    "--base-image <reference>",
    "Debian image below them all (default: bookworm-slim)",
    imageReference,
  ),
  only: list("--only <images>", `images to take: ${imageChoices.join(",")}`, imageChoices),
  tagPrefix: text("--tag-prefix <prefix>", "first part of the tags (default: openclaw)", tagPrefix),
  platform: choice(
    "--platform <platform>",
    `one of ${platforms.join(", ")} (default: this machine's)`,
    platforms,
  ),
  allow: list("--allow <sources>", "also use what is off by default: homebrew", ["homebrew"]),
  accept: list("--accept <names>", "take what is only proposed for these binaries and libraries"),
  noInfer: flag("--no-infer", "only what skills declare, not what their files use"),
  config: text("--config <file>", "your corrections (default: skillcrate.json5 in this folder)", notEmpty),
};

export type PlanOptions = OptionValues<typeof planOptions>;

export const scanOptions = {};

export const lintOptions = {
  strict: flag("--strict", "end with 2 where there are warnings too"),
};

export const renderOptions = {
  output: text("--output <dir>", "folder to write; made where it is missing (required)"),
  rendering: choice("--rendering <kind>", "portable (any builder, the default) or buildkit (cache mounts)", [
    "portable",
    "buildkit",
  ]),
  force: flag("--force", "write into a folder that render did not make"),
  ...planOptions,
  ...networkOptions,
};

export const lockOptions = {
  ...planOptions,
  strict: flag("--strict", "end with 2, building nothing, where a skill would be left out"),
  refresh: flag("--refresh", "read the apt index anew: newest packages, security updates"),
  ...networkOptions,
};

export const buildOptions = {
  ...lockOptions,
  lock: flag("--lock", "write what the images were made from into skillcrate.lock"),
  frozen: flag(
    "--frozen",
    "build from skillcrate.lock and nothing else; 3 where something else is asked for",
  ),
  noCache: flag(
    "--no-cache",
    "build the asked-for images anew, every layer; those below them only where needed",
  ),
  cacheFrom: list("--cache-from <references>", "images whose build cache may be used", null, imageReference),
  cacheTo: text(
    "--cache-to <reference>",
    "push the image with its build cache to this reference",
    imageReference,
  ),
  events: flag("--events", "NDJSON of build events on stdout (on stderr with --json)"),
};

export const updateOptions = {
  skills: list("--skills <paths>", "skill folders, or folders that hold them, as the lock was made from"),
  ...lockOptions,
};

export const diffOptions = {
  image: text("--image <name>", "only this image of a lock or plan (default: all)"),
};

export const verifyOptions = {
  bin: list("--bin <names>", "binaries to run (default: those that the image's labels promise)"),
};

export const setupOptions = {
  only: planOptions.only,
  name: text("--name <name>", "name of the skills image (default: examples)", imageName),
  baseImage: planOptions.baseImage,
  tagPrefix: planOptions.tagPrefix,
  config: planOptions.config,
  noInfer: planOptions.noInfer,
  refresh: buildOptions.refresh,
  events: buildOptions.events,
  ...networkOptions,
};

export const doctorOptions = {
  baseImage: planOptions.baseImage,
  tagPrefix: planOptions.tagPrefix,
  config: planOptions.config,
  ...networkOptions,
};

export const whyOptions = planOptions;

export const inferOptions = {
  accept: flag("--accept", "write what is likely, and can be had, into your corrections"),
  only: list("--only <names>", "these commands and libraries alone, guesses among them too"),
  guesses: flag("--guesses", "also what is no more than a guess"),
  platform: planOptions.platform,
  config: planOptions.config,
};

export const initOptions = {
  config: text("--config <file>", "file to write (default: skillcrate.json5 in this folder)", notEmpty),
};

export const pushOptions = {};

export const cleanOptions = {
  tagPrefix: planOptions.tagPrefix,
  allPrefixes: flag("--all-prefixes", "images of every tag prefix"),
  dryRun: flag("--dry-run", "say what would be removed, remove nothing"),
};

export const codesOptions = {};

/** Whose sandbox a command is about. */
export const scopeOptions = {
  session: text("--session <key>", "the sandbox of one session, by its whole key", notEmpty),
  agent: text("--agent <id>", "the sandbox of one agent", notEmpty),
  shared: flag("--shared", "the sandbox that all share"),
  workspaceRoot: text(
    "--workspace-root <dir>",
    "where sandboxes are kept (default: as the gateway's configuration says)",
    notEmpty,
  ),
};

export const secretSetOptions = {
  fromFile: text("--from-file <file>", "take the value from a file", notEmpty),
  fromEnv: text("--from-env <name>", "take the value from an environment variable", notEmpty),
  fromCommand: flag("--from-command", "take the value from what a program prints: -- program arguments"),
  ...scopeOptions,
};

/** Where a scope's skills come from besides what the gateway's configuration says. */
export const skillSourceOptions = {
  agentWorkspace: text(
    "--agent-workspace <dir>",
    "the agent's workspace, whose skills count too (default: as configured)",
  ),
  bundled: text("--bundled <dir>", "the folder of skills that the gateway comes with"),
};

export const mirrorOptions = {
  skill: list("--skill <names>", "only these skills (default: the agent's list)"),
  image: text("--image <reference>", "only skills whose requirements this image meets", imageReference),
  workspaceAccess: choice(
    "--workspace-access <access>",
    "what the sandbox sees of the agent's workspace: none, ro, rw (default: as configured, or none)",
    ["none", "ro", "rw"],
  ),
  textPolicy: choice(
    "--text-policy <policy>",
    "skills whose text hides something or asks to run a download: warn (default), deny",
    textPolicies,
  ),
  adopt: flag("--adopt", "rename what stands in the mirror's place and is none, instead of refusing it"),
  ...skillSourceOptions,
  ...scopeOptions,
};

export const secretListOptions = {
  ...skillSourceOptions,
  ...scopeOptions,
};

export const secretRemoveOptions = scopeOptions;

export const secretImportOptions = scopeOptions;

export const secretRuleOptions = {
  skill: text("--skill <name>", "the skill that the name is allowed or denied (required)", notEmpty),
  ...scopeOptions,
};

const wholeDays: Grammar = {
  accepts: (word) => /^[0-9]{1,5}$/.test(word) && Number(word) > 0,
  expected: "a number of days, 1 or more",
};

export const homeListOptions = { workspaceRoot: scopeOptions.workspaceRoot };

export const homeRemoveOptions = {
  force: flag("--force", "also while a process uses it"),
  workspaceRoot: scopeOptions.workspaceRoot,
};

export const homeExportOptions = {
  output: text("--output <file>", "tar archive to write, 0600; must not exist yet (required)", notEmpty),
  withSecrets: flag("--with-secrets", "also files that hold logins"),
  withCache: flag("--with-cache", "also .cache, which programs can download again"),
  workspaceRoot: scopeOptions.workspaceRoot,
};

export const homeGcOptions = {
  olderThan: text("--older-than <days>", "days without use after which a home goes (default: 30)", wholeDays),
  dryRun: flag("--dry-run", "say what would be removed, remove nothing"),
  workspaceRoot: scopeOptions.workspaceRoot,
};
