import { formatCommand } from "../../diagnostic/format-command.ts";
import { readOwnImageName } from "./own-image-name.ts";

/** The command that builds an image of ours, or fetches another one, as a sentence without its full stop. */
export function howToGetImage(reference: string): string {
  const name = readOwnImageName(reference);
  if (name === null) return `Fetch it: ${formatCommand(["docker", "pull", reference])}`;
  const tagPrefix = name.prefix === "openclaw" ? [] : ["--tag-prefix", name.prefix];
  const build =
    name.kind === "skills" ? ["build", "PATHS...", "--name", name.tag] : ["setup", "--only", name.kind];
  return `Build it: ${formatCommand(["skillcrate", ...build, ...tagPrefix])}`;
}
