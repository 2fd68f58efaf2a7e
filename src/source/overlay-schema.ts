import { z } from "zod";
import { ecosystemNames } from "../recipe/overlay.ts";
import { archiveKinds } from "../recipe/recipe.ts";

const bin = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, "a command's bare name");
const word = z
  .string()
  .min(1)
  .max(2_048)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "one line of text");
const pattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, "a skill's name, with * and ? for what may differ");
const imageName = z
  .string()
  .regex(
    /^(?!(?:base|browser|common)$)[a-z0-9][a-z0-9-]{0,62}$/,
    "lower-case letters, digits and dashes, and not base, browser or common",
  );
const moduleName = z
  .string()
  .regex(/^[A-Za-z_]\w{0,99}(?:\.[A-Za-z_]\w{0,99}){0,9}$/, "a Python module's name");
const distribution = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "a Python package's name");
const npmName = z
  .string()
  .max(214)
  .regex(/^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/, "an npm package's name");
const versions = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[<>=!~^0-9A-Za-z.*+,| -]+$/, "a version, or a range of versions");
const pathInside = z
  .string()
  .max(500)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._+@-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._+@-]*)*$/,
    "a path below the archive's own folder",
  );
const address = z.string().min(1).max(2_048);

const pythonLibrary = z
  .union([
    moduleName,
    z.strictObject({
      import: moduleName.describe("as programs import it"),
      package: distribution.optional().describe("as the index calls it, where that is another name"),
      version: versions.optional(),
    }),
  ])
  .describe('A module: "docx", or { import: "docx", package: "python-docx", version: ">=1.1" }');

const nodeLibrary = z
  .union([npmName, z.strictObject({ import: npmName, version: versions.optional() })])
  .describe('A package: "sharp", or { import: "sharp", version: "^0.33.0" }');

const shared = {
  bins: z.array(bin).max(256).optional().describe("The commands that it gives"),
  arch: z.enum(["amd64", "arm64"]).optional().describe("Only for this processor"),
};
const packages = {
  ...shared,
  package: word.optional(),
  packages: z.array(word).min(1).max(64).optional(),
};
const namesPackage = (entry: { package?: string | undefined; packages?: readonly string[] | undefined }) =>
  (entry.package === undefined) !== (entry.packages === undefined);
const namesPackageRule = "say what to install: package, or packages";

/** Where a command comes from: the install entries of a SKILL.md, without their looseness. */
const installSpec = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("apt"), ...packages }).refine(namesPackage, namesPackageRule),
  z.strictObject({ kind: z.enum(["node", "npm"]), ...packages }).refine(namesPackage, namesPackageRule),
  z
    .strictObject({ kind: z.enum(["uv", "pip", "pipx", "python"]), ...packages })
    .refine(namesPackage, namesPackageRule),
  z.strictObject({ kind: z.literal("go"), module: word.describe("path/of/the/command@v1.2.3"), ...shared }),
  z.strictObject({
    kind: z.literal("cargo"),
    crate: word.describe("name@1.2.3"),
    features: z.array(word).max(64).optional(),
    ...shared,
  }),
  z.strictObject({
    kind: z.literal("download"),
    url: word.describe("https only"),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits in lower case")
      .optional(),
    archive: z.enum(archiveKinds).optional(),
    stripComponents: z.int().min(0).max(99).optional(),
    files: z.record(bin, pathInside).optional().describe("Command → its file in the unpacked archive"),
    ...shared,
  }),
  z.strictObject({ kind: z.literal("brew"), formula: word, ...shared }),
]);

const correction = z.strictObject({
  requires: z
    .strictObject({
      bins: z.array(bin).max(256).optional(),
      anyBins: z.array(bin).max(256).optional(),
      python: z.array(pythonLibrary).max(256).optional(),
      node: z.array(nodeLibrary).max(256).optional(),
    })
    .optional()
    .describe("What the skill needs besides what it declares"),
  install: z
    .array(installSpec)
    .max(64)
    .optional()
    .describe("Where its commands come from, before anything that the skill says"),
  ignore: z
    .strictObject({
      bins: z.array(bin).max(256).optional(),
      python: z
        .array(z.union([moduleName, distribution]))
        .max(256)
        .optional(),
      node: z.array(npmName).max(256).optional(),
    })
    .optional()
    .describe("What the skill declares, or seems to use, and does not need"),
});

/** The schema of `skillcrate.json5`: the user's own corrections, as written. */
export const overlaySchema = z.strictObject({
  $schema: z.string().optional(),
  skills: z.record(pattern, correction).optional().describe("By a skill's name, or a pattern: notes-*"),
  bins: z
    .record(bin, z.union([installSpec, z.array(installSpec).min(1).max(2)]))
    .optional()
    .describe("Where a command comes from, for every skill; a list: one entry for each processor"),
  ecosystems: z
    .strictObject({
      allow: z
        .array(z.enum(ecosystemNames))
        .optional()
        .describe("Only these; without this list all but brew"),
      deny: z.array(z.enum(ecosystemNames)).optional(),
    })
    .optional(),
  scripts: z
    .strictObject({ npm: z.array(npmName).max(256).optional() })
    .optional()
    .describe("Packages whose lifecycle scripts may run while they are installed"),
  network: z
    .strictObject({
      aptMirror: address.optional(),
      npmRegistry: address.optional(),
      pythonIndex: address.optional(),
      goProxy: address.optional(),
      cargoRegistry: address.optional(),
      snapshot: address.optional().describe("Archive of past Debian packages, for locked builds"),
    })
    .optional()
    .describe("Mirrors and indexes; options and environment variables come before them"),
  images: z
    .record(
      imageName,
      z.strictObject({
        skills: z
          .array(pattern)
          .min(1)
          .max(1_024)
          .optional()
          .describe("Names and patterns; a leading ! takes away. Default: all"),
        base: z.enum(["base", "common"]).optional().describe("What the image stands on. Default: base"),
        from: word.optional().describe("Folder of skills, relative to this file. Default: skills"),
      }),
    )
    .optional()
    .describe("Images that build makes where it is given no paths"),
});

/** As written in the file. */
export type WrittenOverlay = z.input<typeof overlaySchema>;
export type WrittenInstall = z.input<typeof installSpec>;
