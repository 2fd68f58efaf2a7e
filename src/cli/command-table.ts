import { type CommandTable, defineCommand } from "./command.ts";
import {
  buildOptions,
  cleanOptions,
  codesOptions,
  doctorOptions,
  planOptions,
  pushOptions,
  renderOptions,
  scanOptions,
  secretImportOptions,
  secretListOptions,
  secretRemoveOptions,
  secretRuleOptions,
  secretSetOptions,
  setupOptions,
  verifyOptions,
  whyOptions,
} from "./command-options.ts";
import { homeCommands } from "./home-commands.ts";
import { workspaceCommands } from "./workspace-commands.ts";

const paths =
  "PATHS are skill folders, or folders that hold them at any depth; without any, ./skills is taken where there is one.";

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
    name: "plan",
    summary: "show what provides each binary, and the images' layers",
    description: `Resolves every required binary and plans the images; builds nothing. ${paths}`,
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
    description: `The portable rendering builds with any builder: docker build, podman build, buildah. ${paths}`,
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
    description: `Builds the skills image and those it stands on. Skills that are invalid, refused or unresolved are left out and named. An image is tagged only after every promised binary has run in it. ${paths}`,
    arguments: "[paths...]",
    options: buildOptions,
    examples: [
      { command: "skillcrate build skills --name mine", meaning: "openclaw-sandbox-skills:mine" },
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
    summary: "trace a binary: skill, evidence, recipe, layer, image",
    description: `Says which line of which skill asks for a binary, what provides it, and in which layer of which image. ${paths}`,
    arguments: "<bin> [paths...]",
    options: whyOptions,
    examples: [{ command: "skillcrate why rg skills", meaning: "where rg comes from" }],
    load: async () => (await import("./commands/why.ts")).why,
  }),
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
  homeCommands,
  {
    name: "secret",
    summary: "give a sandbox's skills their keys, and see which arrive",
    description:
      "Each scope (session, agent, shared) has secrets of its own, in a .env file beside its workspace that no sandbox sees. An exec gets exactly the names that the scope's skills declare or that you allow a skill. Values are never shown, and never an argument.",
    commands: [
      defineCommand({
        name: "secret set",
        summary: "store a secret of one scope",
        description:
          "The value comes from standard input, where a terminal does not show what is typed; or from a file, a variable, or a program that prints it. One line end at the end of a single line is dropped.",
        arguments: "<name> [program...]",
        options: secretSetOptions,
        examples: [
          { command: "skillcrate secret set NOTES_KEY --agent main", meaning: "asks for the value" },
          {
            command: "skillcrate secret set NOTES_KEY --agent main --from-file key.txt",
            meaning: "from a file",
          },
          {
            command: "skillcrate secret set NOTES_KEY --shared --from-command -- pass show notes",
            meaning: "from a program",
          },
        ],
        load: async () => (await import("./commands/secret-set.ts")).secretSet,
      }),
      defineCommand({
        name: "secret list",
        summary: "show which names arrive, and why others do not",
        description:
          "One line for each name that is stored, configured for a skill, or declared by one: provided, missing, or refused, why, and what would change it. Never values.",
        arguments: "",
        options: secretListOptions,
        examples: [
          { command: "skillcrate secret list --session agent:main:main", meaning: "what that session gets" },
        ],
        load: async () => (await import("./commands/secret-list.ts")).secretList,
      }),
      defineCommand({
        name: "secret rm",
        summary: "remove secrets of one scope",
        description: "Other lines of the scope's file stay as they are.",
        arguments: "<names...>",
        options: secretRemoveOptions,
        examples: [{ command: "skillcrate secret rm NOTES_KEY --agent main", meaning: "one of them" }],
        load: async () => (await import("./commands/secret-rm.ts")).secretRemove,
      }),
      defineCommand({
        name: "secret import",
        summary: "store every secret of a .env file",
        description:
          "All of them or none. Lines that give nothing, empty values, and names that no sandbox may be given are left out and named, with their lines.",
        arguments: "<file>",
        options: secretImportOptions,
        examples: [{ command: "skillcrate secret import .env --agent main", meaning: "as people write it" }],
        load: async () => (await import("./commands/secret-import.ts")).secretImport,
      }),
      defineCommand({
        name: "secret allow",
        summary: "let a skill have a name that it does not declare",
        description:
          "Many skills declare nothing of what they need. For all scopes, unless one is named. Names that decide which code runs are refused.",
        arguments: "<name>",
        options: secretRuleOptions,
        examples: [
          {
            command: "skillcrate secret allow GOG_KEYRING_PASSWORD --skill gog",
            meaning: "wherever that skill is",
          },
        ],
        load: async () => (await import("./commands/secret-allow.ts")).secretAllow,
      }),
      defineCommand({
        name: "secret deny",
        summary: "keep a name from a skill, though it declares it",
        description: "Takes back what was allowed, too. For all scopes, unless one is named.",
        arguments: "<name>",
        options: secretRuleOptions,
        examples: [
          { command: "skillcrate secret deny GITHUB_TOKEN --skill notes --shared", meaning: "in one scope" },
        ],
        load: async () => (await import("./commands/secret-allow.ts")).secretDeny,
      }),
    ],
  },
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
