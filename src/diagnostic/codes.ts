/**
 * The catalogue of every code that a diagnostic can carry, with its meaning. The reference page is made
 * from it; nobody matches on message text. Keep each group sorted.
 */
export const diagnosticCodes = {
  // SKILL.md
  SKILL_BINARY_INVALID: "A binary is not a plain program name.",
  SKILL_BRACKETS_UNBALANCED:
    "A value has a bracket too few or too many at its end; it was read as if balanced.",
  SKILL_BYTE_ORDER_MARK: "The file starts with a byte order mark; gateways then see no head.",
  SKILL_CONFIG_PATH_INVALID: "A required configuration key is not a dotted path.",
  SKILL_CONTROL_CHARACTER: "The head has a control character, or the file a NUL.",
  SKILL_DESCRIPTION_MISSING: "The head has no description; the body's first paragraph stands in.",
  SKILL_DIAGNOSTICS_CUT: "The skill has more problems than are shown.",
  SKILL_ENCODING: "The file is not UTF-8 text.",
  SKILL_ENV_NAME_INVALID: "A required environment variable has no valid name.",
  SKILL_ENV_OPTIONAL: "An environment variable is marked as optional and is not required.",
  SKILL_FENCE_CLOSE_MALFORMED:
    "The line that closes the head is indented, longer than three dashes, or has text on it.",
  SKILL_FENCE_CLOSE_MISSING: "No line of three dashes closes the head; its end was found by its shape.",
  SKILL_FENCE_OPEN_MALFORMED: "The line that opens the head has more than three dashes.",
  SKILL_FENCE_OPEN_MISSING: "No line of three dashes opens the head.",
  SKILL_FIELD_MISPLACED: "A field stands at another level than the format says; it was read all the same.",
  SKILL_FIELD_RESPELLED: "A field is spelled another way than the format says; it was read all the same.",
  SKILL_FIELD_UNKNOWN: "A field is not part of the format and has no effect.",
  SKILL_FILE_EMPTY: "The file has no text.",
  SKILL_FLOW_INDENT:
    "Lines inside brackets are indented too little for YAML; the brackets were read by themselves.",
  SKILL_FLOW_JSON5:
    "A value in brackets is JSON5 and not YAML (comments, for example); it was read as JSON5.",
  SKILL_HEAD_CONFLICT: "The head has the marks of an unresolved merge; both sides were read.",
  SKILL_HEAD_DOCUMENTS: "The head holds more than one YAML document.",
  SKILL_HEAD_LANGUAGE: "The head is written in a language that is not YAML; it is never run.",
  SKILL_HEAD_LATE: "The head does not start on the first line; gateways then see no head.",
  SKILL_HEAD_MISSING: "The file has no head; name and description come from the folder and the body.",
  SKILL_HEAD_NOT_MAP: "The head is not a map of keys and values.",
  SKILL_HEAD_TOO_COMPLEX: "The head is nested too deeply or has too many parts to be a skill's.",
  SKILL_HEAD_TOO_LARGE: "The head is longer than the limit.",
  SKILL_HOMEPAGE_INVALID: "The homepage is not an http or https address.",
  SKILL_INSTALL_FIELD_INVALID: "A field of an install entry cannot be used.",
  SKILL_INSTALL_INCOMPLETE: "An install entry does not say what to install.",
  SKILL_INSTALL_KIND_INFERRED:
    "An install entry does not name its kind in the usual way; its other fields tell it.",
  SKILL_INSTALL_KIND_UNSUPPORTED: "An install entry is of a kind that cannot be used.",
  SKILL_INSTALL_SOURCE_UNSUPPORTED:
    "An install entry takes its package from a source that cannot be honoured.",
  SKILL_KEY_DUPLICATE: "A key stands twice; maps and lists were joined, of other values the last counts.",
  SKILL_KEY_FORBIDDEN: "A key would reach into JavaScript's own objects.",
  SKILL_KEY_INVALID: "A key is a list or a map.",
  SKILL_LIST_EMPTY: "A list of names has an entry without a value.",
  SKILL_LIST_JOINED: "One entry of a list holds several names, separated by commas.",
  SKILL_LIST_SHAPE: "Names stand in objects where plain names were expected.",
  SKILL_LIST_TOO_LONG: "A list is longer than the limit.",
  SKILL_METADATA_INVALID: "The metadata is neither a map nor a string of JSON5.",
  SKILL_NAMESPACE_SEVERAL:
    "More than one namespace is present under metadata; the first in order of precedence counts.",
  SKILL_NAMESPACE_UNKNOWN:
    "What looks like a skill's requirements stands under no known namespace, and has no effect.",
  SKILL_NAME_INVALID: "The skill's name is missing or cannot be used; the folder's name stands in.",
  SKILL_NAME_MIXED_SCRIPT: "The name mixes letters of scripts that look alike.",
  SKILL_OS_ALIAS: "An operating system is called by another name than the format's.",
  SKILL_OS_UNKNOWN: "An operating system is not one of the format's.",
  SKILL_REQUIREMENT_UNKNOWN: "A requirement is of a kind that the format does not define.",
  SKILL_TABS: "Tabs stand where YAML wants spaces.",
  SKILL_TEXT_TYPED: "A text looks like a number, a date or a truth value to YAML; it was read as written.",
  SKILL_TEXT_UNQUOTED: "A text holds characters that YAML wants in quotes; it was read as written.",
  SKILL_VALUE_TRIMMED: "Spaces around a value were removed.",
  SKILL_VALUE_TYPE: "A value has the wrong type.",
  SKILL_YAML_ALIAS: "The head uses an anchor or an alias, which are refused.",
  SKILL_YAML_INVALID: "The head cannot be read as YAML.",
  SKILL_YAML_TAG: "The head uses a YAML tag, which are refused.",
  TEXT_ENCODED_BLOCK: "The text has an encoded block, or decodes one into a shell.",
  TEXT_HIDDEN_CHARACTERS: "The text has characters that nobody sees.",
  TEXT_LOCKED_ARCHIVE: "The text opens an archive with a password.",
  TEXT_PIPED_DOWNLOAD: "The text hands a download to a program that runs it.",

  // Reading from the disk: folders of skills, gateways, image definitions, network settings, state
  GATEWAY_CONFIG_TYPE: "A setting of the gateway has the wrong type and counts as not set.",
  GATEWAY_CONFIG_UNREADABLE: "A gateway's configuration cannot be read.",
  GATEWAY_PATH_RELATIVE:
    "A path for the gateway is neither absolute nor below the home folder, and is not used.",
  IMAGE_SPEC_FILE: "A file that an image definition copies in cannot be read, or lies outside its folder.",
  IMAGE_SPEC_NAME: "An image definition's name is taken, or differs from its file's.",
  IMAGE_SPEC_SHAPE: "An image definition has a key or a value that its schema does not allow.",
  IMAGE_SPEC_SYNTAX: "An image definition is not JSON5.",
  IMAGE_SPEC_UNREADABLE: "An image definition, or the folder of them, cannot be read.",
  NETWORK_CA_EMPTY: "A file of CA certificates holds no certificate, or one that cannot be decoded.",
  NETWORK_CA_UNREADABLE: "A file of CA certificates cannot be read.",
  NETWORK_CREDENTIALS_KEPT:
    "An apt mirror with credentials was to be kept in the image, where anybody could read them.",
  NETWORK_NO_PROXY_INVALID: "The list of hosts without a proxy has characters that no host name has.",
  NETWORK_URL_INVALID: "The address of a proxy, mirror or registry is not a plain http or https URL.",
  SKILL_FILE_LETTER_CASE: "A skill's file is not spelled SKILL.md; gateways do not see it.",
  SKILL_FILE_LINK: "A SKILL.md is a symbolic link, and links in a skill are not followed.",
  SKILL_FILE_NOT_REGULAR: "A SKILL.md is a folder, a pipe, a socket or a device.",
  SKILL_FILE_TOO_LARGE: "A SKILL.md is larger than the limit and was not read.",
  SKILL_FILE_TWIN: "Two files in one folder differ from SKILL.md only in letter case; one is read.",
  SKILL_FILE_UNREADABLE: "A SKILL.md cannot be read.",
  SKILL_NAME_LOOKALIKE: "Two skills' names differ but look alike; both are kept.",
  SKILL_SHADOWED: "A skill is not used because a later source has one of the same name.",
  SKILL_SHADOW_INVALID: "An invalid skill would have had a name that another, valid skill is now used under.",
  SOURCE_CANDIDATE_LIMIT: "A source holds more folders than the limit; the rest was not searched.",
  SOURCE_EMPTY: "A folder that was named as a source of skills is empty.",
  SOURCE_FOLDER_LIMIT: "The search for skills ended at its limit of folders.",
  SOURCE_FOLDER_UNREADABLE: "A folder below a source cannot be searched.",
  SOURCE_LINK_SKIPPED: "A symbolic link to a folder was not followed.",
  SOURCE_MISSING: "A source of skills is not there.",
  SOURCE_NOT_A_SKILL: "A source of skills is neither a folder nor a SKILL.md.",
  SOURCE_NO_SKILL: "No SKILL.md in a source or below it.",
  SOURCE_SKILL_LIMIT: "A source holds more skills than the limit; the rest is not used.",
  SOURCE_TOO_DEEP: "Folders below the limit of nesting were not searched.",
  SOURCE_UNREADABLE: "A source of skills cannot be read.",
  IMAGE_UPDATES_WAITING: "An image waits for security updates; it is as old as its apt index.",
  STATE_BROKEN:
    "A file of remembered state was damaged or of another version; it was set aside and is made anew.",

  // Building and probing images
  IMAGE_PART_LEFT_OUT:
    "Part of an image was left out because the package index it comes from cannot be reached.",
  IMAGE_PROMISES_NOTHING:
    "An image says nothing about its binaries; well-known commands were looked for instead.",

  // Plans and their renderings
  PLAN_IMAGE_CIRCLE: "An image definition stands on itself.",
  PLAN_IMAGE_UNKNOWN: "An image that is wanted, or that another stands on, has no definition.",
  PLAN_NAME_INVALID: "The name of a skills image cannot be used.",
  PLAN_TAG_INVALID: "The tag prefix does not make an image's name that engines take.",
  RENDER_FILE_MISSING: "A file that a plan copies is not there, or is not the one that was planned.",
  RENDER_INDEX_MISSING: "Files of a lock are on the host of an index that is not configured.",
  RENDER_NETWORK_KEPT: "A network setting would stay in the finished image, and nothing says that it may.",
  RENDER_NETWORK_REFUSED: "A network setting has characters that the file it goes into would misread.",
  RENDER_VALUE_REFUSED: "A value of a plan does not fit the grammar of its place in a Dockerfile.",

  // Skills in a sandbox, and the list of them that a model gets
  LIST_COMPACT: "The list of skills is over its limit of characters and is given without descriptions.",
  LIST_CUT: "The list of skills is over a limit; some skills are not in it.",
  LIST_DESCRIPTION_CUT: "A skill's description is longer than the format allows and is cut in the list.",
  LIST_PATH_HIDDEN: "A skill's path has characters that a list cannot show; the skill is not in it.",
  SKILL_NAME_UNKNOWN: "A skill that was chosen by name is in none of the sources.",
  WORKSPACE_OWNER: "A sandbox's workspace belongs to another user than the sandbox runs as.",

  // Files of a sandbox's workspace
  WORKSPACE_ENTRY_LEFT_OUT: "Something in a folder was not copied: a link, a pipe, a device, or unreadable.",
  WORKSPACE_FILE_CHANGED: "A file was written to while it was copied out of a workspace.",
  WORKSPACE_SEED_PATH: "A file to seed a workspace with is named by a path that cannot be used.",
  WORKSPACE_SEED_REFUSED:
    "A file was not seeded: it cannot be read safely, or something stands in its place.",

  // Libraries of skills
  LIBRARY_CONFLICT: "Two skills want different versions of a library; the image has that of one of them.",
  LIBRARY_PROPOSED: "What a library comes from is likely, but must be confirmed.",
  LIBRARY_UNPINNED: "A library has no exact version.",
  LIBRARY_UNRESOLVED: "Nothing provides a library.",

  // Resolving what skills require
  RECIPE_BIN_INVALID: "A required command has a name that no command can have.",
  RECIPE_CONFLICT: "Two skills mean different programs by one command; one of them is taken for both.",
  RECIPE_FAILED:
    "What a skill is to have could not be fetched or built, and what requires it is left out of the image.",
  RECIPE_INSTALL_UNUSED: "An install entry gives none of the commands that its skill requires.",
  RECIPE_NEED_OPEN:
    "A command that a skill's files use, and that its head does not require, is not provided.",
  RECIPE_PACKAGE_REFUSED: "A package is written in a way that an installer would not read as its name.",
  RECIPE_PACKAGE_TWICE: "An install entry names one package at versions that exclude each other.",
  RECIPE_PROPOSED: "A command has a likely source that a person must confirm.",
  RECIPE_UNPINNED: "A package has no exact version, so builds can differ.",
  RECIPE_UNRESOLVED: "Nothing is known that provides a required command on Linux.",
  RECIPE_VERSION_CONFLICT: "Two skills name different versions of one command; one of them is left out.",
  RECIPE_VERSION_SHARED:
    "Skills ask for different ranges of versions of one command; one that suits them is taken.",

  // What skills use and do not declare
  INFER_CUT: "A skill uses more things than are listed; the rest was left out.",
  INFER_FILES_CUT:
    "Not every file of a skill was looked at for what it needs: it has too many, or too large ones.",
  INFER_FILE_INVALID: "A file of dependencies cannot be read as what its name says.",
  INFER_FILE_SKIPPED: "A file or folder of a skill was not looked at for what it needs.",
  INFER_PACKAGE_REFUSED:
    "A file of dependencies names a package in a way that an installer would not read as its name.",
  INFER_PACKAGE_UNSUPPORTED:
    "A file of dependencies takes a package from elsewhere than a package index, or sets an option; that is not followed.",

  // A gateway's settings of sandboxes
  CONFIG_AGENT_DUPLICATE: "An agent is configured twice; the first entry counts.",
  CONFIG_AGENT_UNKNOWN: "No agent of the configuration has the given name.",
  CONFIG_BIND_MISSING: "A folder or file that is to be mounted is not there.",
  CONFIG_BIND_PROGRAMS: "Programs of the host are mounted; they belong into the image.",
  CONFIG_BIND_REFUSED: "A mount would show a sandbox what none may see, or has a form that is not taken.",
  CONFIG_BIND_SHARED: "One writable folder is mounted into several sandboxes.",
  CONFIG_ENV_REFERENCE: "A variable refers to one of the gateway's own, which is not filled in here.",
  CONFIG_ENV_TLS: "A variable turns off the check of whom a TLS connection leads to.",
  CONFIG_KEY_DUPLICATE: "A key stands twice in the settings of a sandbox; the last one counts.",
  CONFIG_KEY_UNKNOWN: "The settings of a sandbox have a key that does not exist.",
  CONFIG_LIMIT_UNLIMITED: "A limit has a value that means no limit to the engine.",
  CONFIG_NETWORK_REFUSED: "A sandbox would share the host's or another container's network.",
  CONFIG_OLD_FORM: "A setting is written in its old form.",
  CONFIG_OPENED: "A protection of the sandbox is turned off by name.",
  CONFIG_PROFILE_UNCONFINED: "A sandbox would run without a profile that confines it.",
  CONFIG_SCOPE_SHARED: "Settings of one agent do not apply, since all agents share one sandbox.",
  CONFIG_SETUP_NEEDS: "A setup command lacks what such commands usually need.",
  CONFIG_TARGET_REFUSED: "Something would be mounted over what the sandbox stands on.",
  CONFIG_USER_ROOT: "A sandbox would run as root, or as a user whose number is not known.",
  CONFIG_VALUE_INVALID: "A setting of a sandbox has a value of another type or form than it takes.",

  // A gateway's lists of tools
  TOOL_GROUP_UNKNOWN: "A list of tools names a group that does not exist.",
  TOOL_LISTS_EXCLUSIVE: "One place has both allow and alsoAllow, which newer gateways refuse.",
  TOOL_LIST_SHAPE: "Where a list of tools belongs stands something else; it lets no tool through.",
  TOOL_NAME_UNKNOWN: "A list of tools names one that is nearly, but not quite, a known tool.",
  TOOL_PROFILE_UNKNOWN: "A tool profile does not exist; it lets no tool through.",

  // The overlay
  OVERLAY_SHAPE: "The overlay has a key or a value that its schema does not allow.",
  OVERLAY_SYNTAX: "The overlay is not JSON5.",
  OVERLAY_UNREADABLE: "The overlay cannot be read.",
  OVERLAY_UNUSED: "A part of the overlay fits none of the skills, and has no effect.",

  // The lock
  LOCK_DIFFERENCE: "What is asked for is not what the lock was made for.",
  LOCK_EPOCH: "The lock was made with another catalog or index than there is now; it is built as it is.",
  LOCK_UNUSED: "The lock cannot be used, so a plan knows no sizes from it.",

  // Mirroring skills
  MIRROR_LEFT_OUT: "Parts of a mirrored skill were left out: repositories, dependencies, secrets.",
  MIRROR_NAME_TAKEN: "A skill is not mirrored because another one in the same list has its name.",
  MIRROR_NAME_TWIN: "Two skills' names would share a folder; each has its own.",
  MIRROR_SKILL_CHANGING: "A skill kept changing while it was read, and is not mirrored.",
  MIRROR_SKILL_HARD_LINK: "A skill holds a file that has a second name elsewhere, and is not mirrored.",
  MIRROR_SKILL_LINK: "A skill holds a link that leads out of it or nowhere, and is not mirrored.",
  MIRROR_SKILL_NAME: "A skill holds a name that cannot be mirrored.",
  MIRROR_SKILL_SPECIAL: "A skill holds a pipe, a socket or a device, and is not mirrored.",
  MIRROR_SKILL_TOO_LARGE: "A skill is above a limit of files, bytes or depth, and is not mirrored.",
  MIRROR_SKILL_UNREADABLE: "A skill, or something in it, cannot be read, and is not mirrored.",

  // Watching sources of skills
  WATCH_FOLDER_LIMIT:
    "The sources of skills have more folders than are watched; changes in the rest are not seen.",
  WATCH_LIMIT: "The system does not watch some sources of skills; they are polled instead.",

  // Secrets
  SECRET_CONFIG_VALUE:
    "A secret in the gateway's configuration has a form that cannot be given to a sandbox, or refers to what is not set.",
  SECRET_ENV_LITERAL:
    "A literal in docker.env looks like a secret; everybody who may inspect the container reads it.",
  SECRET_FILE_COMMENT: "A value without quotes ends at a # in its middle.",
  SECRET_FILE_DUPLICATE: "A name stands twice in a .env file; the later one counts.",
  SECRET_FILE_LINE: "A line of a .env file is neither an assignment nor a comment, and gives nothing.",
  SECRET_FILE_MODE: "Other users of the machine may read a .env file.",
  SECRET_FILE_NAME: "A .env file assigns to something that is no variable's name; the line gives nothing.",
  SECRET_FILE_PROBLEMS_CUT: "A .env file has more problems than are shown.",
  SECRET_FILE_QUOTE:
    "A quote in a .env file is not closed, or text follows it; the assignment gives nothing.",
  SECRET_FILE_UNREADABLE: "A .env file cannot be used: no regular file, no text, too large, or not readable.",
  SECRET_IMPORT_REFUSED:
    "An entry of an imported .env file was left out, since its name or value cannot be a secret's.",
  SECRET_VALUES_DIFFER: "Two skills have different values for one name; an exec can have only one of them.",

  // Homes
  HOME_ENTRY_KEPT: "A sandbox has put something else where a folder of its home belongs; it was left there.",
  HOME_IMPORT_MISSING: "A login of the host was asked for by name, and the host has none that can be given.",
  HOME_OWNER_CHANGED: "A home belonged to another user than the sandbox runs as.",
  HOME_PATH_REFUSED: "HOME or an XDG variable in docker.env is not a path where a home can be.",
  HOME_SHARED: "Several people share one home, and so one login of every tool in it.",
  HOME_TEMPLATE_ENTRY: "Something in a template of a home cannot be read, or is no regular file.",
  HOME_TEMPLATE_KEPT: "A template's file was not put into a home, since the user has one of their own.",
  HOME_TEMPLATE_TOO_LARGE: "A template of a home is above a limit and is not used.",

  // Auditing
  AUDIT_WITHOUT_ENGINE: "Only the configuration was audited, since no engine answered.",

  // Explaining
  SANDBOX_ULIMITS_LOWERED: "An engine may not give a sandbox the limits of processes that are asked for.",
  EXPLAIN_DIFFERENCE: "A sandbox is not what would be made of its settings now.",
  EXPLAIN_IMAGE_MISSING: "The engine does not have the image that a sandbox is to be made of.",
  EXPLAIN_IMAGE_MOVED: "A sandbox's image was built again since, and the old one still runs.",
  EXPLAIN_SETUP_FAILED: "The command that prepares a sandbox failed.",

  // Linting
  LINT_GATEWAY_COMMAND: "A skill runs the gateway's command line, which a sandbox does not have.",

  // Reaching the gateway from inside
  GATEWAY_CLIENT_CONFIG_UNREAD:
    "A gateway's client in a sandbox reads no configuration that says where the gateway is.",
  GATEWAY_CLIENT_LOCALHOST:
    "A gateway's client in a sandbox is sent to localhost, which is the sandbox itself.",
  GATEWAY_CLIENT_MISSING: "The gateway's client program is not in the sandbox.",
  GATEWAY_LOOPBACK_ONLY: "The gateway listens on the host's loopback interface only.",
  GATEWAY_NAME_UNKNOWN: "The gateway's name has no address inside the sandbox.",
  GATEWAY_NOT_A_GATEWAY: "What listens where the gateway should be is something else.",
  GATEWAY_NOT_RUNNING: "Nothing listens where the gateway should be.",
  GATEWAY_NO_NETWORK: "The sandbox has no network, so the gateway cannot be reached from it.",
  GATEWAY_PAIRING_NEEDED: "The gateway wants the client to be paired before it lets it in.",
  GATEWAY_PLAIN_PORT: "The client's address begins with wss://, and the gateway speaks plain WebSocket.",
  GATEWAY_PROBE_LOCALHOST: "A command of the gateway's client always asks localhost, and fails in a sandbox.",
  GATEWAY_REFUSED: "The gateway refuses the client for a reason of its own.",
  GATEWAY_SPEAKS_TLS: "The gateway speaks TLS, and the client's address begins with ws://.",
  GATEWAY_TLS_UNVERIFIED: "Certificates are not verified inside the sandbox, which helps nothing.",
  GATEWAY_TOKEN_MISSING: "The gateway asks for a token, and the client in the sandbox has none.",
  GATEWAY_TOKEN_WRONG: "The gateway refuses the token of the client in the sandbox.",
  GATEWAY_UNREACHABLE: "The gateway listens, and the way from the sandbox's network to it is closed.",
  GATEWAY_UNTRIED: "The way to the gateway could not be tried from inside the sandbox.",
  GATEWAY_WS_POLICY: "Newer clients of the gateway refuse plain ws:// to a name.",
  GATEWAY_WS_REFUSED: "The gateway refuses plain ws:// by policy.",

  // Containers' plans
  CONTAINER_FIELD_REFUSED: "A container's plan sets what no sandbox is created with.",
  CONTAINER_IDENTITY_INVALID: "A container's plan has no usable name, image or working folder.",
  CONTAINER_MOUNT_REFUSED: "A container's plan mounts what would open the sandbox, or over what confines it.",
  CONTAINER_NAMESPACE_REFUSED: "A container's plan shares a namespace with the host or another container.",
  CONTAINER_UNCONFINED: "A container's plan has a security option that confines nothing.",
  CONTAINER_UNLIMITED: "A container's plan lacks a limit, and nobody asked for that by name.",
  CONTAINER_USER_REFUSED: "A container's plan runs as root, or as a user without numbers.",

  // Sessions that other sessions start
  SESSION_CONFINED:
    "A session's container is narrower than configured, like that of the session that started it.",
  SESSION_CONFINEMENT_UNKNOWN:
    "A session's container and that of the session that started it differ, and nobody can tell which is the stricter one.",

  // A browser's way to the web
  WEB_ENTRY_INVALID:
    "A list of what a browser may reach holds what is no host, pattern, address or range; the whole list is not used.",
  WEB_POLICY_SHAPE: "The file of what browsers may reach has a key or a value that does not belong there.",
  WEB_POLICY_UNREADABLE: "The file of what browsers may reach cannot be read.",
  WEB_UPSTREAM_INVALID: "The proxy that a browser's web is to go through has no usable address.",
} as const satisfies Record<string, string>;

/** Codes of problems in the user's input. */
export type DiagnosticCode = keyof typeof diagnosticCodes;
