import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { ImagePlan, Requester } from "../../plan/image-plan.ts";
import type { LeftOut } from "../label/label-values.ts";
import { placesOf } from "./build-image-places.ts";

/** Says of each part that an image was built without it, at the lines that asked for it. */
export function describeLeftOut(asked: ImagePlan, leftOut: readonly LeftOut[]): readonly Diagnostic[] {
  return leftOut.flatMap((part): Diagnostic[] => {
    const { bins, libraries = [], reason, recipe } = part;
    const names = [...bins, ...libraries].join(", ");
    const what = names === "" ? part.package : `${names} (${part.package})`;
    const message = `${asked.name} is without ${what}: ${reason}`;
    const places = placesOf(requestersOf(asked, part));
    if (recipe !== undefined) {
      const failed = { code: "RECIPE_FAILED", severity: "error", message, hint: correctHint } as const;
      return places.length === 0 ? [failed] : places.map((place) => ({ ...failed, place }));
    }
    const [place] = places;
    return [
      {
        code: "IMAGE_PART_LEFT_OUT",
        severity: "warning",
        message,
        hint: reachHint,
        ...(place === undefined ? {} : { place }),
      },
    ];
  });
}

function requestersOf(asked: ImagePlan, { bins, libraries = [] }: LeftOut): Requester[] {
  return [
    ...asked.promises.filter(({ name }) => bins.includes(name)).flatMap((promise) => promise.requestedBy),
    ...(asked.libraries ?? [])
      .flatMap((promise) => promise.requestedBy)
      .filter(({ library }) => library !== undefined && libraries.includes(library.name)),
  ];
}

const correctHint =
  "Correct what is named there, or say in skillcrate.json5 where it comes from. If it only could not be had today, " +
  "build again: skillcrate build --no-cache.";

export const reachHint =
  "Name an index or a proxy that this network lets containers reach (--python-index, --go-proxy, --cargo-registry, " +
  "--https-proxy), and build again: skillcrate build --no-cache.";
