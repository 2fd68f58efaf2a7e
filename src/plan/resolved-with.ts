import { catalogRows } from "../recipe/catalog/find-rows.ts";
import type { DebianTables } from "../recipe/debian-tables.ts";
import { goToolchain } from "../recipe/go-release.ts";
import { nodeLibraryPins } from "../recipe/node-library-pins.ts";
import { nodeRuntime } from "../recipe/node-runtime.ts";
import { npmPins } from "../recipe/npm-pins.ts";
import { pythonLibraryRows } from "../recipe/python-library-rows.ts";
import { pythonPins } from "../recipe/python-pins.ts";
import { findLine } from "../recipe/sorted-lines.ts";
import type { ResolvedWith } from "./compare-epochs.ts";
import { hashValue } from "./hash-value.ts";
import type { ImagePlan } from "./image-plan.ts";

/** What requirements are resolved with today. */
export function resolvedWith(debian: DebianTables, platform: ImagePlan["platform"]): ResolvedWith {
  const catalog = [
    catalogRows,
    [...npmPins],
    [...pythonPins],
    [...nodeLibraryPins],
    pythonLibraryRows,
    nodeRuntime,
    goToolchain(platform),
  ];
  return {
    catalog: hashValue(catalog).slice(0, 16),
    debianIndex: findLine(debian("epoch"), "epoch") ?? "",
  };
}
