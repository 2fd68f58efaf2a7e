/**
 * A URL, or what was meant to be one, as it may be shown: everything between `//` and the last `@` becomes `***`. Works
 * on text that no URL parser takes, since those are the ones that end up in messages; so a password with a `/` in it is
 * hidden too, at the price of hiding a path that holds an `@`.
 */
export function redactUrl(text: string): string {
  const at = text.lastIndexOf("@");
  if (at === -1) return text;
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? "";
  return `${start}***${text.slice(at)}`;
}

/** Whether a URL carries a user name or a password. */
export function hasCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}
