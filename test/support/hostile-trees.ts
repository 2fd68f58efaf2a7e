import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { DiagnosticCode } from "../../src/diagnostic/codes.ts";

/** In everything that must not be mirrored. */
export const canary = "canary-7be2";

/** A skill that was made to do harm, or looks as if it were. */
export interface HostileTree {
  readonly name: string;
  /** Makes it in the skill's folder, which holds a SKILL.md; `secretFile` is somebody else's. */
  readonly make: (dir: string, secretFile: string) => void;
  readonly outcome: TreeOutcome;
  /** Where it differs for a user who is not root. */
  readonly asUser?: TreeOutcome;
}

export type TreeOutcome =
  | { readonly refused: DiagnosticCode; readonly at: string }
  /** Beside SKILL.md: a file's mode, a link's target, `empty` for a folder. */
  | { readonly mirrored: Readonly<Record<string, number | string>>; readonly leftOut?: string };

const link =
  (target: string, at = "link") =>
  (dir: string) =>
    symlinkSync(target, join(dir, at));
const leadsOut = { refused: "MIRROR_SKILL_LINK", at: "link" } as const;

const links: readonly HostileTree[] = [
  { name: "link-to-shadow", make: link("/etc/shadow"), outcome: leadsOut },
  {
    name: "link-to-secret",
    make: (dir, secret) => symlinkSync(secret, join(dir, "link")),
    outcome: leadsOut,
  },
  { name: "link-to-parent", make: link(".."), outcome: leadsOut },
  { name: "link-to-neighbour", make: link("../zz-good/SKILL.md"), outcome: leadsOut },
  { name: "link-to-itself", make: link("link"), outcome: leadsOut },
  { name: "link-to-nothing", make: link("nothing"), outcome: leadsOut },
  {
    name: "link-in-a-circle",
    make: (dir) => {
      symlinkSync("b", join(dir, "a"));
      symlinkSync("a", join(dir, "b"));
    },
    outcome: { refused: "MIRROR_SKILL_LINK", at: "a" },
  },
  {
    name: "link-absolute-to-inside",
    make: (dir) => symlinkSync(join(dir, "SKILL.md"), join(dir, "link")),
    outcome: leadsOut,
  },
  { name: "link-out-and-in-again", make: link("../link-out-and-in-again/SKILL.md"), outcome: leadsOut },
  {
    name: "link-out-through-a-link",
    make: (dir) => {
      mkdirSync(join(dir, "sub"));
      symlinkSync("..", join(dir, "sub", "up"));
      // By its text this is `SKILL.md` in here; by the disk it is two levels above.
      symlinkSync("sub/up/../../SKILL.md", join(dir, "out"));
    },
    outcome: { refused: "MIRROR_SKILL_LINK", at: "out" },
  },
  {
    name: "link-through-a-file",
    make: link("SKILL.md/../SKILL.md"),
    outcome: leadsOut,
  },
  {
    name: "link-to-what-is-left-out",
    make: (dir) => {
      writeFileSync(join(dir, ".env"), canary);
      symlinkSync(".env", join(dir, "link"));
    },
    outcome: leadsOut,
  },
  {
    name: "links-that-stay-inside",
    make: (dir) => {
      mkdirSync(join(dir, "sub"));
      symlinkSync("../SKILL.md", join(dir, "sub", "up"));
      symlinkSync("sub", join(dir, "folder"));
      symlinkSync("./sub/../SKILL.md", join(dir, "around"));
      symlinkSync("folder/up", join(dir, "through"));
    },
    outcome: {
      mirrored: {
        "sub/up": "../SKILL.md",
        folder: "sub",
        around: "./sub/../SKILL.md",
        through: "folder/up",
      },
    },
  },
];

const special: readonly HostileTree[] = [
  {
    name: "named-pipe",
    make: (dir) => void execFileSync("mkfifo", [join(dir, "pipe")]),
    outcome: { refused: "MIRROR_SKILL_SPECIAL", at: "pipe" },
  },
  {
    name: "socket",
    make: (dir) => {
      // Whoever listens takes the socket away when it ends of its own will.
      const code =
        'require("node:net").createServer().listen("socket", () => process.kill(process.pid, "SIGKILL"))';
      spawnSync(process.execPath, ["-e", code], { cwd: dir });
    },
    outcome: { refused: "MIRROR_SKILL_SPECIAL", at: "socket" },
  },
  {
    name: "sparse-file",
    make: (dir) => {
      const fd = openSync(join(dir, "large"), "w");
      ftruncateSync(fd, 10 * 1024 ** 3);
      closeSync(fd);
    },
    outcome: { refused: "MIRROR_SKILL_TOO_LARGE", at: "large" },
  },
  {
    name: "hard-link-to-a-secret",
    make: (dir, secret) => linkSync(secret, join(dir, "mine")),
    outcome: { refused: "MIRROR_SKILL_HARD_LINK", at: "mine" },
  },
  {
    name: "closed-file",
    make: (dir) => writeFileSync(join(dir, "closed"), "x", { mode: 0o000 }),
    outcome: { mirrored: { closed: 0o644 } },
    asUser: { refused: "MIRROR_SKILL_UNREADABLE", at: "closed" },
  },
  {
    name: "closed-folder",
    make: (dir) => {
      mkdirSync(join(dir, "closed"));
      writeFileSync(join(dir, "closed", "file"), "x");
      chmodSync(join(dir, "closed"), 0o000);
    },
    outcome: { mirrored: { "closed/file": 0o644 } },
    asUser: { refused: "MIRROR_SKILL_UNREADABLE", at: "closed" },
  },
  {
    name: "modes",
    make: (dir) => {
      for (const [name, mode] of [
        ["setuid", 0o4755],
        ["setgid", 0o2755],
        ["everybody", 0o666],
        ["owner-only", 0o600],
        ["owner-runs", 0o700],
      ] as const) {
        writeFileSync(join(dir, name), "x");
        chmodSync(join(dir, name), mode);
      }
      mkdirSync(join(dir, "sticky"));
      chmodSync(join(dir, "sticky"), 0o1777);
    },
    outcome: {
      mirrored: {
        setuid: 0o755,
        setgid: 0o755,
        everybody: 0o644,
        "owner-only": 0o644,
        "owner-runs": 0o755,
        sticky: "empty",
      },
    },
  },
];

const secrets = [
  ".git/config",
  "node_modules/x/index.js",
  "sub/node_modules/x/index.js",
  ".env",
  ".env.local",
  ".ENV",
  "sub/.envrc",
  "id_rsa",
  "keys/id_ed25519",
  ".ssh/config",
  ".netrc",
  ".npmrc",
  "server.pem",
];

const names = [
  "..hidden",
  "...",
  "-rf",
  "with space",
  `it's "quoted"`,
  "back\\slash",
  "a:b,c",
  "$(id)",
  "`id`",
  "*",
  "…技能-ナ",
  "e\u0301 and \u00e9",
  "\u202egnp.exe",
  "__proto__",
  "manifest.json",
  "x".repeat(255),
];

const named: readonly HostileTree[] = [
  {
    name: "secrets",
    make: (dir) => {
      for (const path of secrets) {
        mkdirSync(join(dir, path, ".."), { recursive: true });
        writeFileSync(join(dir, path), `-----BEGIN PRIVATE KEY-----\n${canary}\n`);
      }
      writeFileSync(join(dir, "id_rsa.pub"), "ssh-rsa AAAA me");
      writeFileSync(join(dir, "certificate.pem"), "-----BEGIN CERTIFICATE-----\n");
    },
    outcome: {
      mirrored: { "id_rsa.pub": 0o644, "certificate.pem": 0o644, keys: "empty", sub: "empty" },
      leftOut:
        'The skill "secrets" is mirrored without ".ENV", ".env", ".env.local", ".git", ".netrc", ".npmrc", ".ssh", "id_rsa" and 5 more.',
    },
  },
  {
    name: "names",
    make: (dir) => {
      for (const name of names) writeFileSync(join(dir, name), "x");
    },
    outcome: { mirrored: Object.fromEntries(names.map((name) => [name, 0o644])) },
  },
  {
    name: "name-with-a-newline",
    make: (dir) => writeFileSync(join(dir, "new\nline"), "x"),
    outcome: { refused: "MIRROR_SKILL_NAME", at: "new\nline" },
  },
  {
    name: "name-that-is-no-text",
    make: (dir) => writeFileSync(Buffer.concat([Buffer.from(`${dir}/bad-`), Buffer.from([0xff, 0xfe])]), "x"),
    outcome: { refused: "MIRROR_SKILL_NAME", at: "bad-\ufffd\ufffd" },
  },
];

export const hostileTrees: readonly HostileTree[] = [...links, ...special, ...named];

/** What only root can make, and not in every container. */
export const deviceTree: HostileTree = {
  name: "device",
  make: (dir) => void execFileSync("mknod", [join(dir, "device"), "c", "1", "5"]),
  outcome: { refused: "MIRROR_SKILL_SPECIAL", at: "device" },
};

export function canMakeDevices(dir: string): boolean {
  return spawnSync("mknod", [join(dir, "null"), "c", "1", "3"]).status === 0;
}
