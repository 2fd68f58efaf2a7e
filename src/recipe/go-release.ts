import type { RecipePlatform } from "./resolve-context.ts";

/**
 * The Go that builds commands, as the module that the Go project publishes it as: Debian's own is too old for most
 * modules, and has bugs in its standard library that every program built with it would keep. A module that asks for a
 * newer one makes this one bring that.
 */
const goRelease = "1.27.1";

export function goToolchain(platform: RecipePlatform): { readonly name: string; readonly version: string } {
  const processor = platform === "linux/amd64" ? "amd64" : "arm64";
  return { name: "golang.org/toolchain", version: `v0.0.1-go${goRelease}.linux-${processor}` };
}
