import { platformOfProcess } from "../platform-of-process.ts";
import { type Check, ok, type Patient } from "./check.ts";

/** Whether the engine still has the Debian image that everything here was built on. */
export async function checkBase({ engine, state }: Patient): Promise<Check> {
  const name = "debian";
  const platform = platformOfProcess();
  const remembered = (await state.base.read()).value.platforms[platform];
  if (remembered === undefined) {
    return { name, status: "warning", detail: "no base image was obtained yet", fix: "skillcrate setup" };
  }
  const { reference, digest, imageId, origin } = remembered;
  const image = await engine.images.inspect(imageId ?? reference);
  const which = `${reference} (${origin}, ${(digest ?? imageId ?? "").slice(0, 19)})`;
  if (image !== null) return ok(name, which);
  return { name, status: "warning", detail: `the engine has lost ${which}`, fix: "skillcrate setup" };
}
