import { z } from "zod";

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and dashes");
const bin = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, "a command name");
const debianPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]+(?<![-+])$|^[a-z0-9][a-z0-9.-]*\+\+$/, "a Debian package name");
const absolutePath = z.string().regex(/^(\/[A-Za-z0-9._+@-]+)+$/, "an absolute path without spaces");
const sharedFolder = z.string().regex(/^\/usr\/share(\/[A-Za-z0-9._+@-]+)+$/, "a folder below /usr/share");
const relativePath = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._+@-]*(\/[A-Za-z0-9_][A-Za-z0-9._+@-]*)*$/, "a relative path");
const exactVersion = z.string().regex(/^[0-9]+(\.[0-9A-Za-z+-]+)+$/, "an exact version");

/** A tool from a language's registry, in a tree of its own under `/opt/skills`. */
const tool = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("node"), version: exactVersion, npm: exactVersion, bins: z.array(bin) }),
  z.strictObject({
    kind: z.literal("npm"),
    package: z.string(),
    version: exactVersion,
    /** npm packages whose name depends on the processor, e.g. `{ amd64: "@oven/bun-linux-x64" }`; same version. */
    platformPackage: z.strictObject({ amd64: z.string(), arm64: z.string() }).optional(),
    bins: z.array(bin).min(1),
    /** Command → file inside the package, where the package declares no such command. */
    links: z.record(bin, relativePath).default({}),
  }),
  z.strictObject({
    kind: z.literal("python"),
    package: z.string(),
    version: exactVersion,
    bins: z.array(bin).min(1),
    /** Left out, with a diagnostic, where its index cannot be reached. */
    optional: z.boolean().default(false),
  }),
]);

/** The schema of `images/*.json5`: a built-in image as data. */
export const imageSpecSchema = z.strictObject({
  name,
  /** Repository and tag without the prefix: `sandbox:bookworm-slim` becomes `openclaw-sandbox:bookworm-slim`. */
  tag: z.string().regex(/^[a-z0-9-]+:[a-z0-9.-]+$/),
  description: z.string().max(200),
  /** The built-in image below, or absent for the Debian base. */
  below: name.optional(),
  /** Debian package → the commands it is installed for. */
  packages: z.record(debianPackage, z.array(bin)),
  /** Debian package → folders of it that are taken alone: nothing else of it, and nothing that it depends on. */
  folders: z.record(debianPackage, z.array(sharedFolder).min(1)).default({}),
  /** Command → absolute path of what Debian ships under another name. */
  links: z.record(bin, absolutePath).default({}),
  tools: z.array(tool).default([]),
  user: z
    .strictObject({ name, uid: z.int().min(1000), gid: z.int().min(1000), home: absolutePath })
    .optional(),
  /** Folders that any uid may write, made with the user. */
  writable: z.array(absolutePath).default([]),
  files: z
    .array(z.strictObject({ source: relativePath, target: absolutePath, mode: z.enum(["0644", "0755"]) }))
    .default([]),
  env: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), z.string()).default({}),
  workdir: absolutePath.optional(),
  entrypoint: z.array(z.string()).optional(),
  cmd: z.array(z.string()).optional(),
  /** A command that ends with 0 while the image's program does its work; times are those of Docker's `HEALTHCHECK`. */
  healthcheck: z
    .strictObject({
      command: z.array(z.string()).min(1),
      intervalSeconds: z.int().min(1),
      timeoutSeconds: z.int().min(1),
      startSeconds: z.int().min(0),
      retries: z.int().min(1),
    })
    .optional(),
  expose: z.array(z.string().regex(/^[0-9]{1,5}\/(tcp|udp)$/)).default([]),
  /** Arguments that make a command print its version, where `--version` is not it. */
  versionArgs: z.record(bin, z.array(z.string())).default({}),
});

/** As written in the file. */
export type WrittenImageSpec = z.input<typeof imageSpecSchema>;
/** Normalised: every default in place. */
export type ImageSpec = z.output<typeof imageSpecSchema>;

/** An image definition with the bytes of the files it copies in, as `source/` read them. */
export interface LoadedImageSpec {
  readonly spec: ImageSpec;
  /** Keyed by `files[].source`. */
  readonly contents: Readonly<Record<string, Uint8Array>>;
}
