/** Linux gives a program no `NAME=value` longer than this, the closing NUL included (execve(2), MAX_ARG_STRLEN). */
const maxAssignmentBytes = 131_072;

/** Why a text cannot be the value of an environment variable of this name, as a clause: "it …". Null: it can. */
export function refuseValue(name: string, value: string): string | null {
  if (value.includes("\0")) return "it holds a NUL, which ends a value";
  if (/\p{Cs}/u.test(value)) return "it is not Unicode text";
  if (Buffer.byteLength(`${name}=${value}`) + 1 > maxAssignmentBytes) {
    return `it is longer than the ${maxAssignmentBytes} bytes that Linux lets a variable have`;
  }
  return null;
}

/** The text of a value that came as bytes; null: it is not UTF-8. Nothing is trimmed, a byte order mark stays. */
export function decodeValue(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // ERR_ENCODING_INVALID_ENCODED_DATA
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}
