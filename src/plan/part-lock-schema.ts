import { z } from "zod";
import type { CrateEntry, PartLock } from "./part-lock.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hex digits");
const size = z.int().min(0);

/** A word of a line or a path: nothing that a shell, a list or an address would read as more than itself. */
const word = (pattern: RegExp, what: string) => z.string().max(500).regex(pattern, what);

const deb = z.strictObject({
  name: word(/^[a-z0-9][a-z0-9+.-]+$/, "a Debian package's name"),
  version: word(/^[0-9][A-Za-z0-9.+:~-]*$/, "a Debian version"),
  architecture: word(/^[a-z0-9][a-z0-9-]*$/, "a Debian architecture"),
  archive: word(/^[a-z0-9][a-z0-9._-]*$/, "the last part of an archive's address"),
  path: word(
    /^(?!.*(?:^|\/)\.)[A-Za-z0-9._+~-]+(?:\/[A-Za-z0-9._+~%-]+)*\/[a-z0-9][A-Za-z0-9._+~%-]*\.deb$/,
    "the path of a .deb file in its archive",
  ),
  sha256,
  sizeBytes: size,
});

const npmName = word(/^(?:@[a-z0-9._~-]+\/)?[A-Za-z0-9][A-Za-z0-9._~-]*$/, "an npm package's name");
const npmPath = word(
  /^node_modules\/(?:@[a-z0-9._~-]+\/)?[A-Za-z0-9][A-Za-z0-9._~-]*(?:\/node_modules\/(?:@[a-z0-9._~-]+\/)?[A-Za-z0-9][A-Za-z0-9._~-]*)*$/,
  "a place below node_modules",
);
const npmPackage = z.strictObject({
  version: word(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/, "an npm version"),
  tarball: word(
    /^(?!.*\.\.)[A-Za-z0-9@][A-Za-z0-9@._~%+-]*(?:\/[A-Za-z0-9@._~%+-]+)*$/,
    "the path of a package's file",
  ),
  integrity: word(
    /^sha(?:256|384|512)-[A-Za-z0-9+/]+=*(?: sha(?:256|384|512)-[A-Za-z0-9+/]+=*)*$/,
    "an integrity of npm's",
  ),
  name: npmName.optional(),
  bin: z.record(word(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "a command"), z.string().max(500)).optional(),
  needs: z.array(npmName).optional(),
});

const wheel = z.strictObject({
  name: word(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "a Python package's name"),
  version: word(/^[0-9][A-Za-z0-9.!+_-]*$/, "a Python version"),
  sha256,
  url: word(
    /^(?:https?:\/)?\/[A-Za-z0-9\-._~:/[\]@!$&()*+,;=%]+$/,
    "an address, or a path on the index's host",
  ),
});

const featureTable = z.record(z.string().max(100), z.array(z.string().max(200))).optional();
/** The rest is read by cargo, and reaches nobody else. */
export const crateEntrySchema: z.ZodType<CrateEntry> = z.looseObject({
  name: word(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "the name of a crate"),
  vers: word(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/, "a crate's version"),
  cksum: sha256,
  features: featureTable,
  features2: featureTable,
  deps: z.array(z.looseObject({ name: z.string(), features: z.array(z.string()).optional() })),
}) as z.ZodType<CrateEntry>;

/** The shape of a part's lock, and the grammar of every value in it. */
export const partLockSchema: z.ZodType<PartLock> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("debian"), packages: z.array(deb) }),
  z.strictObject({ kind: z.literal("toolchain"), installed: z.array(deb), unpacked: z.array(deb) }),
  z.strictObject({ kind: z.literal("npm"), packages: z.record(npmPath, npmPackage) }),
  z.strictObject({ kind: z.literal("python"), packages: z.array(wheel) }),
  z.strictObject({
    kind: z.literal("go"),
    sums: z.array(word(/^[A-Za-z0-9][!-~]* v[0-9][!-~]* h1:[A-Za-z0-9+/]+=*$/, "a line of go.sum")),
  }),
  z.strictObject({
    kind: z.literal("cargo"),
    store: word(
      /^(?:https?:\/)?\/[A-Za-z0-9\-._~:/@!$&()*+,;=%{}]*$/,
      "an address, or a path on the registry's host",
    ),
    crates: z.array(
      z.strictObject({
        file: word(/^[A-Za-z0-9][A-Za-z0-9._+-]*\.crate$/, "a crate's file"),
        sha256,
        entry: crateEntrySchema,
        unused: z.literal(true).optional(),
      }),
    ),
  }),
  z.strictObject({ kind: z.literal("download"), sha256, sizeBytes: size }),
]) as z.ZodType<PartLock>;
