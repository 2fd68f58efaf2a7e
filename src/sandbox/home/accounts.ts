import { closeFolder, type OpenFolder, pathIn } from "../../host/open-folder.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { makeFolderIn, type Owner, replaceFileIn } from "../../host/write-in-folder.ts";
import { accountName } from "./home-environment.ts";

/**
 * Writes `accounts/passwd` and `accounts/group` for inside: the user first, so that a look-up by id finds it whatever
 * the id, then the accounts that every Debian has, so that packages find theirs. Written only where they differ: a
 * container that mounts a file goes on seeing the one it was started with.
 */
export function writeAccounts(scope: OpenFolder, user: Owner, home: string): void {
  const folder = makeFolderIn(scope, "accounts", { mode: 0o700, owner: null });
  try {
    for (const [name, text] of [
      ["passwd", renderPasswd(user, home)],
      ["group", renderGroup(user)],
    ] as const) {
      const read = readRegularFile(pathIn(folder, name), 100_000);
      if (read.ok && read.bytes.equals(Buffer.from(text))) continue;
      replaceFileIn(folder, name, text, { mode: 0o644, owner: null });
    }
  } finally {
    closeFolder(folder);
  }
}

/** passwd(5). `home` has neither colons nor line ends. */
export function renderPasswd({ uid, gid }: Owner, home: string): string {
  return `${[`${accountName}:x:${uid}:${gid}:sandbox:${home}:/bin/sh`, ...debianAccounts].join("\n")}\n`;
}

/** group(5). */
export function renderGroup({ gid }: Owner): string {
  const groups = debianGroups.map(([name, id]) => `${name}:x:${id}:`);
  return `${[`${accountName}:x:${gid}:`, ...groups].join("\n")}\n`;
}

/** Static accounts of Debian 12 (Debian Policy §9.2.2: ids below 100, and nobody). */
const debianAccounts: readonly string[] = [
  "root:x:0:0:root:/root:/bin/sh",
  "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
  "bin:x:2:2:bin:/bin:/usr/sbin/nologin",
  "sys:x:3:3:sys:/dev:/usr/sbin/nologin",
  "sync:x:4:65534:sync:/bin:/bin/sync",
  "games:x:5:60:games:/usr/games:/usr/sbin/nologin",
  "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin",
  "lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin",
  "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin",
  "news:x:9:9:news:/var/spool/news:/usr/sbin/nologin",
  "uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin",
  "proxy:x:13:13:proxy:/bin:/usr/sbin/nologin",
  "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
  "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin",
  "list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin",
  "irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin",
  "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin",
  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
];

const debianGroups: readonly (readonly [string, number])[] = [
  ["root", 0],
  ["daemon", 1],
  ["bin", 2],
  ["sys", 3],
  ["adm", 4],
  ["tty", 5],
  ["disk", 6],
  ["lp", 7],
  ["mail", 8],
  ["news", 9],
  ["uucp", 10],
  ["man", 12],
  ["proxy", 13],
  ["kmem", 15],
  ["dialout", 20],
  ["fax", 21],
  ["voice", 22],
  ["cdrom", 24],
  ["floppy", 25],
  ["tape", 26],
  ["sudo", 27],
  ["audio", 29],
  ["dip", 30],
  ["www-data", 33],
  ["backup", 34],
  ["operator", 37],
  ["list", 38],
  ["irc", 39],
  ["src", 40],
  ["shadow", 42],
  ["utmp", 43],
  ["video", 44],
  ["sasl", 45],
  ["plugdev", 46],
  ["staff", 50],
  ["games", 60],
  ["users", 100],
  ["nogroup", 65_534],
];
