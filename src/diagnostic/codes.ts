/**
 * The catalogue of every code that a diagnostic or an error can carry, with its meaning. The reference page is made
 * from it; nobody matches on message text. Keep each group sorted.
 */
export const diagnosticCodes = {
  // SKILL.md
  SKILL_NAME_INVALID: "The skill's name is missing or cannot be used; the folder's name stands in.",
} as const satisfies Record<string, string>;

/** Codes of problems in the user's input. */
export type DiagnosticCode = keyof typeof diagnosticCodes;

export const errorCodes = {
  ENGINE_DENIED: "The engine's socket exists but this user may not use it.",
  ENGINE_DOWN: "No engine answers where one was expected.",
  ENGINE_NO_SPACE: "The engine's disk is full.",
  ENGINE_PROTOCOL: "The engine answered something that its API does not allow.",
  ENGINE_SILENT: "The engine accepted a request and then said nothing within the deadline.",
  IMAGE_IN_USE: "The engine keeps the image: a container, another image or a tag still needs it.",
  IMAGE_NOT_FOUND: "The engine has no such image and no registry gave it.",
  BUILD_FAILED: "A build step ended with an error.",
  PROBE_FAILED: "A promised binary does not run inside the built image.",
  USAGE: "The command was called in a way it does not take.",
  INPUT_INVALID: "A folder or file given by the user cannot be used.",
  CANCELLED: "The caller or a signal stopped the operation.",

  // Requests to an engine
  CONTAINER_GONE: "The engine has no such container, or it does not run any more.",
  CREDENTIALS_FAILED: "The credentials stored for a registry cannot be read.",
  ENGINE_REFUSED: "The engine refused a request; its own words are in the message.",
  REGISTRY_DENIED: "The registry asks for other credentials than those stored for it.",
  REGISTRY_FAILED: "The registry cannot be reached, or failed.",

  // Commands
  INTERNAL: "Something that this program does not expect; worth a report.",
  OUTPUT_FOREIGN: "The output folder holds something that this command did not make.",
  SYSTEM: "The operating system refused a file or a process.",
} as const satisfies Record<string, string>;

/** Codes of operations that failed. */
export type ErrorCode = keyof typeof errorCodes;
