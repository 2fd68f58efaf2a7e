import type { Script } from "./instruction.ts";
import { certificateFolder } from "./settings-paths.ts";

/** Pairs of a new name and what it leads to, which must be there. */
export const linksScript: Script = {
  name: "link-commands",
  steps: [
    "mkdir -p /usr/local/bin",
    'while [ $# -gt 0 ]; do ls -Ld "$2" > /dev/null; ln -s "$2" "$1"; shift 2; done',
  ],
};

/**
 * `$1`: the user, `$2`: uid, `$3`: gid, `$4`: home, then folders. Any uid may write in home and folders, and nobody
 * can remove what is another's. The day of a password's last change is left empty, so that every day makes the same
 * file.
 */
export const userScript: Script = {
  name: "add-user",
  steps: [
    "export SOURCE_DATE_EPOCH=0",
    'groupadd --gid "$3" "$1"',
    'useradd --uid "$2" --gid "$3" --home-dir "$4" --no-create-home --no-log-init --shell /bin/bash "$1"',
    "rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-",
    "shift 3",
    'for folder in "$@"; do mkdir -p "$folder"; chmod 1777 "$folder"; done',
  ],
};

/** `$1`: a sed expression for sources files. */
export const keepMirrorScript: Script = {
  name: "keep-mirror",
  steps: [
    'for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do if [ -f "$list" ]; then sed -E -i "$1" "$list"; fi; done',
  ],
};

/** Takes the copied certificates into the trust store; without the package that does it, says so and fails. */
export const keepCertificatesScript: Script = {
  name: "keep-certificates",
  steps: [`test -d ${certificateFolder}`, "update-ca-certificates", "rm -f /etc/ssl/certs/*.dpkg-*"],
};
