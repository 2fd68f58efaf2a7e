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

export interface InstallOptions {
  readonly settings: AptSettings;
  /** Whether the result becomes a layer of the finished image. */
  readonly tidy: boolean;
}

/** Reads the index of packages, for steps that have it mounted. */
export function updateScript(settings: AptSettings): Script {
  return { name: "read-package-lists", steps: [...configure([], settings), update] };
}

/** Installs the packages named by its arguments from lists that are in place. */
export function installScript({ settings, tidy }: InstallOptions): Script {
  return { name: "install-packages", steps: [...configure([], settings), ...install, ...tidySteps(tidy)] };
}

/** The same with lists and downloads of its own, which leave with the step. */
export function updateAndInstallScript({ settings, tidy }: InstallOptions): Script {
  const folders = [`${work}/lists/partial`, `${work}/cache/archives/partial`];
  const own = [`Dir::State::Lists "${work}/lists/";`, `Dir::Cache "${work}/cache/";`];
  return {
    name: "install-packages",
    steps: [
      `mkdir -p ${folders.join(" ")}`,
      ...configure(own, settings),
      update,
      ...install,
      ...tidySteps(tidy),
    ],
  };
}

/** Where a step keeps what it needs of apt and nobody else does. */
const work = "/tmp/apt";
const conf = `${work}/apt.conf`;

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
];

function configure(own: readonly string[], settings: AptSettings): string[] {
  const lines = [...confLines, ...own].map((line) => `'${line}'`).join(" ");
  return [`mkdir -p ${work}`, `printf '%s\\n' ${lines} > ${conf}`, ...settingsSteps[settings]];
}

const update = `apt-get -q -c ${conf} update`;

const install = [
  "export DEBIAN_FRONTEND=noninteractive",
  `apt-get -q -y -c ${conf} install --no-install-recommends --no-remove -- "$@"`,
];

/**
 * Leaves no log, no copy of what was before, and nothing that tells when or where it was installed. Font folders get a
 * whole second as their time before their cache is written, since it is only valid for exactly that time, and layers
 * keep no fractions of it.
 */
function tidySteps(tidy: boolean): string[] {
  if (!tidy) return [];
  const leftovers = ["/var/cache/debconf/*-old", "/var/lib/dpkg/*-old", "/var/cache/ldconfig/aux-cache"];
  return [
    `rm -rf ${work} ${leftovers.join(" ")} /var/lib/dbus/machine-id`,
    "find /var/log -type f -delete",
    "if [ -s /etc/machine-id ]; then : > /etc/machine-id; fi",
    `if [ -x /usr/bin/fc-cache ]; then ${fontCache.join(" && ")}; fi`,
  ];
}

const fontCache = [
  "mkdir -p /usr/share/fonts /usr/local/share/fonts",
  "find /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d @1 {} +",
  "rm -rf /var/cache/fontconfig/*",
  "fc-cache -s",
];

const settingsSteps: Readonly<Record<AptSettings, readonly string[]>> = {
  none: [],
  mounted: [`. ${settingsFolder}/settings.sh`],
  "kept-certificates": trust(`${certificateFolder}/*.crt`),
};

/** apt takes one bundle: the image's own and the extra certificates together. */
function trust(extra: string): string[] {
  const own = "/etc/ssl/certs/ca-certificates.crt";
  return [
    `cat ${extra} > ${work}/ca.pem`,
    ifFile(own, [`cat ${own} >> ${work}/ca.pem`]),
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
