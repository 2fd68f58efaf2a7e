const host = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const domain = `${host}(?:\\.${host})*(?::[0-9]{1,5})?`;
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const reference = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/**
 * Whether an engine takes the text as an image's name: registry, path, tag and digest as the distribution project's
 * reference grammar has them, with SHA-256 as the only digest.
 */
export function isImageReference(text: string): boolean {
  return text.length <= 255 && reference.test(text);
}
