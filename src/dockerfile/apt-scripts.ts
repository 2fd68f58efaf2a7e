import type { Script } from "./instruction.ts";
import { certificateFolder, settingsFolder } from "./settings-paths.ts";

/** What the settings of a network add to a step that runs apt. */
export type AptSettings =
  /** Nothing. */
  | "none"
  /** Files in a mounted folder, which are gone after the step. */
  | "mounted"
  /** Certificates that were copied into the image to stay, and are not in its trust store yet. */
  | "kept-certificates";

/** Whose package lists a step reads: those that are mounted, or some that it fetches and drops. */
export type AptLists = "mounted" | "own";

export interface AptStep {
  readonly lists: AptLists;
  readonly settings: AptSettings;
}

/** Reads the index of packages, for steps that have it mounted. */
export function updateScript(settings: AptSettings): Script {
  return { name: "read-package-lists", steps: [...configure([], settings), update] };
}

/** Installs the packages named by its arguments. */
export function installScript({ lists, settings }: AptStep): Script {
  const own = lists === "own" ? [...ownLists, ...ownCache] : [];
  return {
    name: "install-packages",
    steps: [...configure(own, settings), ...(lists === "own" ? [update] : []), install('"$@"'), ...tidy],
  };
}

/**
 * Only unpacks packages: a third of the time, and enough for programs in a stage that is thrown away. Its arguments are
 * packages to take alone, `--`, and packages to take with what they need; to those the former count as installed.
 * Certificates are of no use without their set-up.
 */
export function unpackScript({ lists, settings }: AptStep): Script {
  const own = lists === "own" ? [...ownLists, ...ownCache] : ownCache;
  const archives = `${work}/cache/archives`;
  return {
    name: "unpack-packages",
    steps: [
      ...configure(own, settings),
      ...(lists === "own" ? [update] : []),
      `if [ ! -e ${trustStore} ]; then ${install("ca-certificates")}; fi`,
      'alone=""',
      'while [ "$1" != -- ]; do alone="$alone $1"; shift; done',
      "shift",
      `cp /var/lib/dpkg/status ${work}/status`,
      `if [ -n "$alone" ]; then apt-cache -c ${conf} show --no-all-versions -- $alone | ${assumeInstalled} >> ${work}/status; fi`,
      install('"$@"', "--download-only", `-o Dir::State::status=${work}/status`),
      `if [ -n "$alone" ]; then (cd ${archives} && apt-get -q -c ${conf} download -- $alone); fi`,
      `for archive in ${archives}/*.deb; do if [ -e "$archive" ]; then ${unpackArchive}; fi; done`,
      `rm -rf ${work}`,
    ],
  };
}

/**
 * Only downloads packages into the cache. Its arguments are packages that count as installed, with what they need, `--`,
 * and the packages to download.
 */
export function fetchScript(settings: AptSettings): Script {
  return {
    name: "fetch-packages",
    steps: [
      ...configure([], settings),
      'below=""',
      'while [ "$1" != -- ]; do below="$below $1"; shift; done',
      "shift",
      `cp /var/lib/dpkg/status ${work}/status`,
      `below=$(${install("$below", "--simulate")} | sed -n 's/^Inst \\([^ ]*\\) .*/\\1/p')`,
      `if [ -n "$below" ]; then apt-cache -c ${conf} show --no-all-versions -- $below | ${assumeInstalled} >> ${work}/status; fi`,
      install('"$@"', "--download-only", `-o Dir::State::status=${work}/status`),
      `rm -rf ${work}`,
    ],
  };
}

/** Turns a package's entry in the index into one of dpkg's database, of an installed package that needs nothing. */
const assumeInstalled =
  "sed -e 's/^Package:.*/&\\nStatus: install ok installed/' -e '/^Pre-Depends:/d' -e '/^Depends:/d'";

// Not dpkg's own way, which may put a folder in the place of a link such as /lib.
export const unpackArchive = 'dpkg-deb --fsys-tarfile "$archive" | tar -x --keep-directory-symlink -C /';

/** Where a step keeps what it needs of apt and nobody else does. */
export const work = "/tmp/apt";
export const conf = `${work}/apt.conf`;
export const ownLists: readonly string[] = [`Dir::State::Lists "${work}/lists/";`, indexCache(work)];
export const ownCache: readonly string[] = [`Dir::Cache "${work}/cache/";`];
const trustStore = "/etc/ssl/certs/ca-certificates.crt";

/**
 * How apt is called. A package's name is never a pattern; a list that could not be fetched is a failure; downloads
 * stay where they are put, for the caller to keep or to drop; nothing waits for a disk, since an image that was not
 * finished is thrown away.
 */
const confLines = [
  'APT::Cmd::Pattern-Only "true";',
  'APT::Update::Error-Mode "any";',
  'Acquire::Retries "3";',
  "#clear APT::Update::Post-Invoke;",
  "#clear DPkg::Post-Invoke;",
  'DPkg::Options { "--force-unsafe-io"; };',
  'DPkg::Use-Pty "false";',
  indexCache("/var/lib/apt/lists"),
];

/**
 * The index as apt has read it, beside the lists: reading them takes half a second, and a build calls apt ten times.
 * Debian's images switch this off to stay small; here it goes with the lists.
 */
function indexCache(folder: string): string {
  return `Dir::Cache::srcpkgcache "${folder}/srcpkgcache.bin";`;
}

/** The first steps of every script: {@link conf} says what apt is to do. */
export function configure(own: readonly string[], settings: AptSettings): string[] {
  const lines = [...confLines, ...own].map((line) => `'${line}'`).join(" ");
  return [
    `mkdir -p ${work}/lists/partial ${work}/cache/archives/partial`,
    `printf '%s\\n' ${lines} > ${conf}`,
    ...settingsSteps[settings],
  ];
}

const update = `apt-get -q -c ${conf} update`;

export function install(packages: string, ...options: readonly string[]): string {
  const all = ["--no-install-recommends", "--no-remove", ...options].join(" ");
  return `DEBIAN_FRONTEND=noninteractive apt-get -q -y -c ${conf} install ${all} -- ${packages}`;
}

/**
 * Leaves no log, no copy of what was before, and nothing that tells when or where it was installed. Font folders get a
 * whole second as their time before their cache is written, since it is only valid for exactly that time, and layers
 * keep no fractions of it.
 */
export const tidy: readonly string[] = [
  `rm -rf ${work} /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/cache/ldconfig/aux-cache`,
  "rm -f /var/lib/dbus/machine-id",
  "find /var/log -type f -delete",
  "if [ -s /etc/machine-id ]; then : > /etc/machine-id; fi",
  `if [ -x /usr/bin/fc-cache ]; then ${[
    "mkdir -p /usr/share/fonts /usr/local/share/fonts",
    "find /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d @1 {} +",
    "rm -rf /var/cache/fontconfig/*",
    "fc-cache -s",
  ].join("; ")}; fi`,
];

const settingsSteps: Readonly<Record<AptSettings, readonly string[]>> = {
  none: [],
  mounted: [`. ${settingsFolder}/settings.sh`],
  "kept-certificates": trust(`${certificateFolder}/*.crt`),
};

/** apt takes one bundle: the image's own and the extra certificates together. */
function trust(extra: string): string[] {
  return [
    `cat ${extra} > ${work}/ca.pem`,
    ifFile(trustStore, [`cat ${trustStore} >> ${work}/ca.pem`]),
    `echo 'Acquire::https::CaInfo "${work}/ca.pem";' >> ${conf}`,
  ];
}

function ifFile(path: string, steps: readonly string[]): string {
  return `if [ -f ${path} ]; then ${steps.join("; ")}; fi`;
}

const mirrorFile = `${settingsFolder}/mirror.sed`;

/** What a step with mounted settings reads: the image's own trust store and sources stay as they are. */
export const mountedAptSettings = [
  ifFile(`${settingsFolder}/ca.pem`, trust(`${settingsFolder}/ca.pem`)),
  ifFile(mirrorFile, [
    `mkdir -p ${work}/sources`,
    [
      "for list in /etc/apt/sources.list /etc/apt/sources.list.d/*",
      `do if [ -f "$list" ]`,
      `then sed -E -f ${mirrorFile} "$list" > ${work}/sources/"$(basename "$list")"`,
      "fi",
      "done",
    ].join("; "),
    `printf '%s\\n' 'Dir::Etc::SourceList "/dev/null";' 'Dir::Etc::SourceParts "${work}/sources/";' >> ${conf}`,
  ]),
  "",
].join("\n");
