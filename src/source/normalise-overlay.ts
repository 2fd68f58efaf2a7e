import { dirname, resolve } from "node:path";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Place } from "../diagnostic/diagnostic.ts";
import type {
  AddedLibrary,
  AddedNeed,
  ImageProfile,
  Overlay,
  OverlayInstall,
  SkillCorrection,
} from "../recipe/overlay.ts";
import type { Findings } from "../skill/findings.ts";
import type { HeadNode } from "../skill/head-node.ts";
import { keyOffsetAt, nodeAt } from "../skill/node-at.ts";
import type { InstallSpec } from "../skill/skill.ts";
import type { WrittenInstall, WrittenOverlay } from "./overlay-schema.ts";

type PlaceOf = (path: readonly PropertyKey[]) => Place;
type Written<Part extends keyof WrittenOverlay> = NonNullable<WrittenOverlay[Part]>;
type WrittenCorrection = Written<"skills">[string];
type WrittenLibrary = NonNullable<NonNullable<WrittenCorrection["requires"]>["python"]>[number];

/** An overlay with every list in place and every value where it stands; `tree` is what it was read from. */
export function normaliseOverlay(written: WrittenOverlay, tree: HeadNode, findings: Findings): Overlay {
  const placeOf: PlaceOf = (path) =>
    findings.placeAt(keyOffsetAt(tree, path) ?? nodeAt(tree, path)?.offset ?? tree.offset);
  const { file } = placeOf([]);
  const { network = {} } = written;
  return {
    file,
    skills: toCorrections(written.skills ?? {}, placeOf),
    bins: toBins(written.bins ?? {}, placeOf),
    ecosystems: { allow: written.ecosystems?.allow ?? null, deny: written.ecosystems?.deny ?? [] },
    scripts: { npm: written.scripts?.npm ?? [] },
    network: {
      aptMirror: network.aptMirror ?? null,
      npmRegistry: network.npmRegistry ?? null,
      pythonIndex: network.pythonIndex ?? null,
      goProxy: network.goProxy ?? null,
      cargoRegistry: network.cargoRegistry ?? null,
      snapshot: network.snapshot ?? null,
    },
    images: toProfiles(written.images ?? {}, dirname(file), placeOf),
  };
}

function toCorrections(written: Written<"skills">, placeOf: PlaceOf): SkillCorrection[] {
  const corrections = Object.entries(written).map(([pattern, correction]) =>
    toCorrection(pattern, correction, placeOf),
  );
  return [
    ...corrections.filter(({ pattern }) => !isWild(pattern)),
    ...corrections.filter(({ pattern }) => isWild(pattern)),
  ];
}

function isWild(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

function toCorrection(
  pattern: string,
  { requires = {}, install = [], ignore = {} }: WrittenCorrection,
  placeOf: PlaceOf,
): SkillCorrection {
  const path = ["skills", pattern];
  const needs = (key: "bins" | "anyBins") =>
    (requires[key] ?? []).map(
      (name, index): AddedNeed => ({ name, place: placeOf([...path, "requires", key, index]) }),
    );
  const libraries = (key: "python" | "node") =>
    (requires[key] ?? []).map((library, index) =>
      toLibrary(library, placeOf([...path, "requires", key, index])),
    );
  return {
    pattern,
    place: placeOf(path),
    requires: {
      bins: needs("bins"),
      anyBins: needs("anyBins"),
      python: libraries("python"),
      node: libraries("node"),
    },
    install: install.map((spec, index) => toInstall(spec, [...path, "install", index], placeOf)),
    ignore: { bins: ignore.bins ?? [], python: ignore.python ?? [], node: ignore.node ?? [] },
  };
}

function toLibrary(written: WrittenLibrary, place: Place): AddedLibrary {
  if (typeof written === "string") return { name: written, range: null, package: null, place };
  return { name: written.import, range: written.version ?? null, package: written.package ?? null, place };
}

function toBins(written: Written<"bins">, placeOf: PlaceOf): Overlay["bins"] {
  return Object.fromEntries(
    Object.entries(written).map(([bin, specs]) => {
      const path = ["bins", bin];
      const installs = Array.isArray(specs)
        ? specs.map((spec, index) => toInstall(spec, [...path, index], placeOf))
        : [toInstall(specs, path, placeOf)];
      return [bin, installs.map((install) => givingToo(install, bin))];
    }),
  );
}

/** An entry that says which command it is for need not list it. */
function givingToo(install: OverlayInstall, bin: string): OverlayInstall {
  const { bins } = install.spec;
  return { ...install, spec: { ...install.spec, bins: bins.includes(bin) ? bins : [bin, ...bins] } };
}

function toInstall(written: WrittenInstall, path: readonly PropertyKey[], placeOf: PlaceOf): OverlayInstall {
  const { kind, bins = [], arch } = written;
  const shared = { declaredKind: kind, bins, os: [], place: placeOf(path) };
  return {
    spec: { ...shared, ...fieldsOf(written) },
    platform: arch === undefined ? null : `linux/${arch}`,
    key: path.join("."),
  };
}

function fieldsOf(written: WrittenInstall): Omit<InstallSpec, "declaredKind" | "bins" | "os" | "place"> {
  switch (written.kind) {
    case "go":
      return { kind: written.kind, packages: [], module: written.module };
    case "cargo": {
      const { kind, crate, features } = written;
      return { kind, packages: [crate], ...(features !== undefined && { features }) };
    }
    case "download": {
      const { kind, url, sha256, archive, stripComponents, files } = written;
      return {
        kind,
        packages: [],
        url,
        ...(sha256 !== undefined && { sha256 }),
        ...(archive !== undefined && { archive }),
        ...(stripComponents !== undefined && { stripComponents }),
        ...(files !== undefined && { files }),
      };
    }
    case "brew":
      return { kind: written.kind, packages: [], formula: written.formula };
    default: {
      const { kind, package: one, packages = one === undefined ? [] : [one] } = written;
      return { kind: kind === "npm" ? "node" : kind, packages };
    }
  }
}

function toProfiles(written: Written<"images">, dir: string, placeOf: PlaceOf): ImageProfile[] {
  return Object.entries(written)
    .map(
      ([name, { skills = ["*"], base = "base", from = "skills" }]): ImageProfile => ({
        name,
        skills,
        base,
        from: resolve(dir, from),
        place: placeOf(["images", name]),
      }),
    )
    .sort((left, right) => compareText(left.name, right.name));
}
