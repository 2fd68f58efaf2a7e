import { type CommandTable, defineCommand } from "./command.ts";
import {
  buildOptions,
  cleanOptions,
  codesOptions,
  diffOptions,
  doctorOptions,
  inferOptions,
  initOptions,
  lintOptions,
  lockOptions,
  mirrorOptions,
  planOptions,
  pushOptions,
  renderOptions,
  scanOptions,
  setupOptions,
  updateOptions,
  verifyOptions,
  whyOptions,
} from "./command-options.ts";
import { configCommands } from "./config-commands.ts";
import { explainCommands } from "./explain-commands.ts";
import { gatewayCommands } from "./gateway-commands.ts";
import { homeCommands } from "./home-commands.ts";
import { sandboxCommands } from "./sandbox-commands.ts";
import { secretCommands } from "./secret-commands.ts";
import { toolsCommand } from "./tools-command.ts";
import { workspaceCommands } from "./workspace-commands.ts";

const paths =
  "PATHS are skill folders, or folders that hold them at any depth; without any, ./skills is taken where there is one.";
const images = "Without PATHS the images of skillcrate.json5 are taken, if it has any (see skillcrate init).";

/** Every command: help, parsing and documentation are made from this table. In the order that help shows. */
export const commandTable: CommandTable = [
  defineCommand({
    name: "setup",
    summary: "build, verify and tag the sandbox images, from nothing",
    description:
      "Finds an engine or installs one (Debian and Ubuntu, as root), gets the base image, builds all four images, runs every promised binary in them, and prints the piece of openclaw.json that uses them. Run again, it does nothing.",
    arguments: "[paths...]",
    options: setupOptions,
    examples: [
      { command: "skillcrate setup", meaning: "all four images, with the example skills" },
      { command: "skillcrate setup ~/.openclaw/skills --name mine", meaning: "with your own skills" },
      { command: "skillcrate setup --only base", meaning: "one image" },
    ],
    load: async () => (await import("./commands/setup.ts")).setup,
  }),
  defineCommand({
    name: "scan",
    summary: "read skills and say what each one requires",
    description: `Reads every SKILL.md, repairs what can be repaired and names what cannot, with file, line and column. Needs no engine. ${paths}`,
    arguments: "[paths...]",
    options: scanOptions,
    examples: [
      { command: "skillcrate scan skills", meaning: "a row for each skill" },
      { command: "skillcrate scan skills --json | jq '.result.skills[].requires'", meaning: "for programs" },
    ],
    load: async () => (await import("./commands/scan.ts")).scan,
  }),
  defineCommand({
    name: "lint",
    summary: "say what in skills will not work in a sandbox, or needs a look",
    description: `Everything that scan repairs or refuses, text that nobody sees or that asks to run a download, and commands of the gateway's own command line, each with the tool that does the same. ${paths}`,
    arguments: "[paths...]",
    options: lintOptions,
    examples: [{ command: "skillcrate lint skills --strict", meaning: "for a CI job" }],
    load: async () => (await import("./commands/lint.ts")).lint,
  }),
  defineCommand({
    name: "init",
    summary: "write a skillcrate.json5 for your own corrections",
    description:
      "The file corrects what skills say of themselves: what they require, where it comes from, which of it they do not need. It names mirrors, ecosystems that may be used, and images that are built where no paths are given. Other commands read it from the current folder, or from where --config says. What is written here has comments and no effect yet.",
    arguments: "",
    options: initOptions,
    examples: [{ command: "skillcrate init", meaning: "./skillcrate.json5" }],
    load: async () => (await import("./commands/init.ts")).init,
  }),
  defineCommand({
    name: "infer",
    summary: "find what skills use and do not declare",
    description: `Reads their scripts, files of dependencies and texts; runs nothing. What is certain (an import in a script, a requirements.txt) is part of plans by itself; the rest are proposals, which --accept writes into skillcrate.json5. ${paths}`,
    arguments: "[paths...]",
    options: inferOptions,
    examples: [
      {
        command: "skillcrate infer skills",
        meaning: "commands and libraries, each with its place",
      },
      { command: "skillcrate infer skills --accept --only pandoc,docx", meaning: "take these two" },
    ],
    load: async () => (await import("./commands/infer.ts")).infer,
  }),
  defineCommand({
    name: "plan",
    summary: "show what provides each binary, and the images' layers",
    description: `Resolves every required binary and plans the images; builds nothing. ${paths} ${images}`,
    arguments: "[paths...]",
    options: planOptions,
    examples: [
      { command: "skillcrate plan skills --name mine", meaning: "the skills image and what it stands on" },
      { command: "skillcrate plan --only base,common,browser", meaning: "the built-in images" },
      { command: "skillcrate plan skills --accept foo", meaning: "take a proposal for the binary foo" },
    ],
    load: async () => (await import("./commands/plan.ts")).plan,
  }),
  defineCommand({
    name: "render",
    summary: "write each image's Dockerfile and context to a folder",
    description: `The portable rendering builds with any builder: docker build, podman build, buildah. ${paths} ${images}`,
    arguments: "[paths...]",
    options: renderOptions,
    examples: [
      {
        command: "skillcrate render skills --name mine --output images-out",
        meaning: "one folder for each image",
      },
    ],
    load: async () => (await import("./commands/render.ts")).render,
  }),
  defineCommand({
    name: "build",
    summary: "build, verify and tag images for skills",
    description: `Builds the skills image and those it stands on. Skills that are invalid, refused or unresolved are left out and named. An image is tagged only after every promised binary has run in it. ${paths} ${images}`,
    arguments: "[paths...]",
    options: buildOptions,
    examples: [
      { command: "skillcrate build skills --name mine", meaning: "openclaw-sandbox-skills:mine" },
      { command: "skillcrate build", meaning: "the images of skillcrate.json5, or of ./skills" },
      {
        command: "skillcrate build skills --name mine --strict --json",
        meaning: "for CI: all skills or nothing",
      },
      { command: "skillcrate build skills --name mine --refresh", meaning: "with today's security updates" },
      { command: "skillcrate build --only base,common", meaning: "built-in images alone" },
    ],
    load: async () => (await import("./commands/build.ts")).build,
  }),
  defineCommand({
    name: "lock",
    summary: "write what the images are made from into skillcrate.lock",
    description: `Builds what is not there yet, and reads back what is really inside: each Debian package with its version, digest and place, each npm, Python and Go package and each crate with its digest, each download. From that lock, build --frozen makes the same images again. ${paths}`,
    arguments: "[paths...]",
    options: lockOptions,
    examples: [
      { command: "skillcrate lock skills --name mine", meaning: "the skills image and what it stands on" },
      { command: "skillcrate lock skills --name mine --refresh", meaning: "of today's packages" },
    ],
    load: async () => (await import("./commands/lock.ts")).lock,
  }),
  defineCommand({
    name: "update",
    summary: "take newer versions into the images and the lock",
    description:
      "Names are commands and packages: these, and what they need, become what is newest today; without names everything does. Builds, locks, and prints what changes in versions and bytes.",
    arguments: "[names...]",
    options: updateOptions,
    examples: [
      { command: "skillcrate update --skills skills --name mine", meaning: "everything" },
      { command: "skillcrate update jq --skills skills --name mine", meaning: "jq, with what it needs" },
    ],
    load: async () => (await import("./commands/update.ts")).update,
  }),
  defineCommand({
    name: "diff",
    summary: "compare two locks, plans or images",
    description:
      "Each side is a skillcrate.lock, a document of plan --json, or an image of the engine. Ends with 3 where they differ. An image tells of its Debian packages alone.",
    arguments: "<a> <b>",
    options: diffOptions,
    examples: [
      { command: "skillcrate diff old.lock skillcrate.lock", meaning: "what an update has changed" },
      {
        command: "skillcrate diff skillcrate.lock moltbot-skills:mine --image mine",
        meaning: "whether an image is that of the lock",
      },
    ],
    load: async () => (await import("./commands/diff.ts")).diff,
  }),
  defineCommand({
    name: "verify",
    summary: "run the promised binaries inside an image, any image",
    description:
      "Runs each binary as the sandbox user, read-only, without network and capabilities, started in the five ways that gateways use.",
    arguments: "<image>",
    options: verifyOptions,
    examples: [
      { command: "skillcrate verify openclaw-sandbox:bookworm-slim", meaning: "what its labels promise" },
      { command: "skillcrate verify debian:bookworm --bin bash,jq", meaning: "a foreign image" },
    ],
    load: async () => (await import("./commands/verify.ts")).verify,
  }),
  defineCommand({
    name: "why",
    summary: "trace a command, library or package into its image",
    description: `Says which line of which skill asks for it, what provides it, and in which layer of which image, with its size; of a package that nobody asked for, what needs it. ${paths}`,
    arguments: "<name> [paths...]",
    options: whyOptions,
    examples: [
      { command: "skillcrate why rg skills", meaning: "where rg comes from" },
      { command: "skillcrate why libjq1 skills", meaning: "what needs that package" },
    ],
    load: async () => (await import("./commands/why.ts")).why,
  }),
  defineCommand({
    name: "why-not",
    summary: "say why something is not in an image, and what to do",
    description: `For a command or library that nothing provides, and for a skill that is left out: the reasons, and the nearest way out. ${paths}`,
    arguments: "<name> [paths...]",
    options: whyOptions,
    examples: [{ command: "skillcrate why-not shortcuts skills", meaning: "why it is not there" }],
    load: async () => (await import("./commands/why-not.ts")).whyNot,
  }),
  ...explainCommands,
  defineCommand({
    name: "doctor",
    summary: "check engine, base, disk, network and images",
    description: "Changes nothing. Every line that is not well says what to do about it.",
    arguments: "",
    options: doctorOptions,
    examples: [{ command: "skillcrate doctor", meaning: "before or after anything went wrong" }],
    load: async () => (await import("./commands/doctor.ts")).doctor,
  }),
  defineCommand({
    name: "push",
    summary: "push an image, and print its digest",
    description:
      "The credentials of the Docker configuration go to the image's own registry and to no other.",
    arguments: "<image>",
    options: pushOptions,
    examples: [
      {
        command: "skillcrate push registry.corp/team/openclaw-sandbox-skills:mine",
        meaning: "prints …@sha256:…",
      },
    ],
    load: async () => (await import("./commands/push.ts")).push,
  }),
  defineCommand({
    name: "clean",
    summary: "remove the images and leftovers that skillcrate made",
    description:
      "Takes the images of one tag prefix, the default one unless another is named, and the leftovers of interrupted runs. Touches nothing that it did not make, and nothing that a container or an image that stays needs.",
    arguments: "",
    options: cleanOptions,
    examples: [
      { command: "skillcrate clean --dry-run", meaning: "look first" },
      { command: "skillcrate clean --tag-prefix mine", meaning: "the images that were built with it" },
      { command: "skillcrate clean --all-prefixes", meaning: "everything that skillcrate made" },
    ],
    load: async () => (await import("./commands/clean.ts")).clean,
  }),
  defineCommand({
    name: "mirror",
    summary: "mirror a sandbox's skills, and say where they are inside",
    description:
      "Copies the skills of the gateway's sources to where the scope's sandbox sees them, read-only, as one whole; running containers see the new ones at once. With nothing changed nothing is written. Prints each skill with its path inside, and each that is not there with the reason.",
    arguments: "",
    options: mirrorOptions,
    examples: [
      { command: "skillcrate mirror --agent main", meaning: "all skills that are turned on" },
      {
        command: "skillcrate mirror --shared --image openclaw-sandbox:bookworm-slim",
        meaning: "those that work in that image",
      },
      { command: "skillcrate mirror --agent main --json | jq -r .result.list.text", meaning: "for a model" },
    ],
    load: async () => (await import("./commands/mirror.ts")).mirror,
  }),
  sandboxCommands,
  configCommands,
  toolsCommand,
  gatewayCommands,
  homeCommands,
  secretCommands,
  workspaceCommands,
  defineCommand({
    name: "codes",
    summary: "list every diagnostic and error code with its meaning",
    description: "Messages may change their words; codes do not.",
    arguments: "[code]",
    options: codesOptions,
    examples: [{ command: "skillcrate codes ENGINE_DOWN", meaning: "one of them" }],
    load: async () => (await import("./commands/codes.ts")).codes,
  }),
];
