/**
 * A tag without the host that an engine adds of its own accord: Podman lists an image that was tagged `a:1` as
 * `localhost/a:1`, and what it pulled by `a:1` as `docker.io/library/a:1`.
 */
export function plainTag(tag: string): string {
  return tag.replace(/^(?:localhost\/|docker\.io\/(?:library\/)?)/, "");
}
