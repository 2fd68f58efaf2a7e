/**
 * The catalogue of every code that an error can carry: operations that failed, and not problems in the input. The
 * reference page is made from it.
 */
export const errorCodes = {
  ENGINE_DENIED: "The engine's socket exists but this user may not use it.",
  ENGINE_DOWN: "No engine answers where one was expected.",
  ENGINE_NO_SPACE: "The engine's disk is full.",
  ENGINE_PROTOCOL: "The engine answered something that its API does not allow.",
  ENGINE_SILENT: "The engine accepted a request and then said nothing within the deadline.",
  IMAGE_IN_USE: "The engine keeps the image: a container, another image or a tag still needs it.",
  IMAGE_NOT_FOUND: "The engine has no such image and no registry gave it.",
  BUILD_FAILED: "A build step ended with an error.",
  DOWNLOAD_REFUSED:
    "What a skill downloads has another content than declared, or is an archive that may not be unpacked.",
  PROBE_FAILED: "A promised binary does not run inside the built image.",
  USAGE: "The command was called in a way it does not take.",
  INPUT_INVALID: "A folder or file given by the user cannot be used.",
  CANCELLED: "The caller or a signal stopped the operation.",

  // The overlay
  OVERLAY_EXISTS: "The overlay that was to be written is there already.",

  // Requests to an engine
  CONTAINER_GONE: "The engine has no such container, or it does not run any more.",
  CREDENTIALS_FAILED: "The credentials stored for a registry cannot be read.",
  ENGINE_REFUSED: "The engine refused a request; its own words are in the message.",
  ULIMIT_REFUSED: "A container is to have a higher limit (docker.ulimits) than its engine may give.",
  REGISTRY_DENIED: "The registry asks for other credentials than those stored for it.",
  REGISTRY_FAILED: "The registry cannot be reached, or failed.",

  // Commands
  BUILD_REFUSED:
    "Nothing was built: no usable skill is left, or one would be left out and that was forbidden.",
  INTERNAL: "Something that this program does not expect; worth a report.",
  OUTPUT_FOREIGN: "The output folder holds something that this command did not make.",
  SYSTEM: "The operating system refused a file or a process.",

  // The life of a sandbox's container
  CONTAINER_NAME_TAKEN: "Another container has the name that one was to get.",
  NETWORK_NAME_TAKEN: "Another network has the name that a browser's own was to get.",
  SANDBOX_DIFFERS: "The engine made a container otherwise than it was asked to; it was removed.",
  SANDBOX_IN_USE: "Somebody uses a sandbox, so it was neither stopped nor removed.",
  SANDBOX_NOT_FOUND: "No sandbox has the given name, or several have.",
  SANDBOX_SETUP_FAILED:
    "The command that prepares a new sandbox failed; it is not run again until the sandbox is recreated.",

  // The browser of a sandbox
  BROWSER_ANSWER_INVALID:
    "A browser answered something that its protocol does not allow, or refused what it was asked.",
  BROWSER_ENDED: "A browser's container ended, or was ended, before the browser answered.",
  BROWSER_NOT_RUNNING: "A browser does not run, and is not started by itself (autoStart is off).",
  BROWSER_TIMEOUT: "A browser did not answer in time (autoStartTimeoutMs).",

  // Commands in sandboxes
  EXEC_NOT_ENDED: "A command in a sandbox was to end and still runs.",
  EXEC_NOT_STARTED: "A command could not be started in a sandbox.",
  EXEC_WARDEN_LOST: "The process that ends commands in a sandbox is gone or does not answer.",
  PROCESS_NOT_FOUND: "No process of a sandbox has this id, or it was forgotten after its end.",
  RUNNER_LOST: "The program that runs small commands in a sandbox ended while one was running.",

  // Sandboxes
  SANDBOX_FOLDER_FAILED: "A folder of a sandbox cannot be made, or something else has its name.",

  // Files of a sandbox's workspace
  WORKSPACE_CHANGED: "A file or folder was exchanged, cut or written to while it was used.",
  WORKSPACE_EXISTS: "Something has the name already that a copy was to get.",
  WORKSPACE_LINK: "A path in a sandbox leads over a symbolic link that is not followed.",
  WORKSPACE_NOT_FOUND: "Nothing is at this path in the sandbox.",
  WORKSPACE_PATH_INVALID: "A path in a sandbox holds '..' or a NUL, or is too long.",
  WORKSPACE_PATH_OUTSIDE: "A path in a sandbox leads out of its workspace, home and skills.",
  WORKSPACE_TOO_LARGE: "A file or folder is above a limit of bytes, entries or depth.",
  WORKSPACE_UNREADABLE: "Something in a sandbox may not or cannot be read.",
  WORKSPACE_WRITE_FAILED: "A file could not be written to or from a workspace: full, read-only or forbidden.",
  WORKSPACE_WRONG_TYPE: "Something else is where a regular file or a plain folder was expected.",

  // The disk
  DISK_FAILED: "The system could not read from the disk: no descriptors, no memory, or an error of its own.",
  STATE_FAILED: "The folder of remembered state cannot be read or written.",

  // Building and probing images
  APT_FAILED: "apt could not read its index from inside an image.",
  BASE_UNAVAILABLE:
    "No way to a Debian base image worked: neither one at hand, nor a registry, nor a bootstrap.",
  ECOSYSTEM_UNREACHABLE: "A package index that an image needs cannot be reached from inside a build.",
  IMAGE_BELOW_CHANGED: "The image below is another one than the plan or the finished build stands on.",
  IMAGE_CANNOT_RUN: "No container of an image can be kept running.",

  // The lock
  LOCK_BROKEN: "The lock is damaged, was edited, or is of another version.",
  LOCK_INDEX_MOVED: "The Debian index is not the one that an image was built from, so it cannot be locked.",
  LOCK_MISMATCH: "A locked image was built and does not hold what the lock says; it was not tagged.",
  LOCK_MISSING: "There is no lock, or it does not have an image that is wanted.",
  LOCK_PACKAGES_GONE: "Packages of the lock have left the mirror, or are other files now.",
  LOCK_UNREADABLE: "What an image was made from cannot be written into a lock.",

  // Mirroring skills
  MIRROR_FAILED: "The disk failed while skills were mirrored; what was live before still is.",
  MIRROR_GENERATION_MISSING: "The generation of skills that was asked for is not there any more.",
  MIRROR_NO_DESCRIPTORS: "The process may not open more files; what was live before still is.",
  MIRROR_NO_SPACE: "The disk of the mirrored skills is full; what was live before still is.",
  MIRROR_NOT_WRITABLE: "The folder of the mirrored skills cannot be written.",
  MIRROR_TARGET_FOREIGN: "The folder for mirrored skills holds, or is, something else.",

  // Secrets
  SECRET_COMMAND_FAILED: "The program that was to print a secret failed, or printed none.",
  SECRET_FILES_FAILED: "Secrets could not be written as files into a container's memory.",

  // Homes
  HOME_IN_USE: "A home is in use, and was not removed.",
  HOME_MOUNT_BLOCKED: "Where a home is to be mounted in a workspace, something else than a folder is.",
  HOME_NOT_FOUND: "No sandbox has a home under the given name, or several have.",
  HOME_USER_REFUSED: "A home cannot be made for this user by the user that this process runs as.",
  SCOPE_FOREIGN: "A sandbox's folder is a link, a file, or somebody else's.",
  SCOPE_MISMATCH: "A sandbox's folder belongs to another session, agent or shared sandbox.",

  // A gateway in a container
  HOST_PATH_UNKNOWN: "A folder of a gateway that runs in a container is not one that the engine can mount.",

  // Reaching the gateway from inside
  GATEWAY_LINK_EXISTS: "A sandbox has a configuration of the gateway's client already.",

  // A browser's doors
  BROWSER_DOORS_FAILED: "A door of a browser, or its way to the web, cannot be opened on this machine.",
  BROWSER_VIEWER_ABSENT: "A browser cannot be watched: it has no screen, or nobody keeps its doors open.",
} as const satisfies Record<string, string>;

/** Codes of operations that failed. */
export type ErrorCode = keyof typeof errorCodes;
