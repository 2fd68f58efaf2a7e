import { numberKind } from "../kinds/plain-kinds.ts";
import type { PruneConfig } from "../sandbox-config.ts";
import type { SettingsTable } from "./setting.ts";

/** `sandbox.prune`: when a container goes by itself. */
export const pruneSettings: SettingsTable<PruneConfig> = {
  idleHours: {
    key: "idleHours",
    doc: "Hours without use; 0 turns it off.",
    merge: "replace",
    kind: numberKind("a number of hours, 0 for never", { least: 0, most: 87_600, whole: false }),
    unset: { rule: "reference", value: 24 },
  },
  maxAgeDays: {
    key: "maxAgeDays",
    doc: "Days since it was made; 0 turns it off.",
    merge: "replace",
    kind: numberKind("a number of days, 0 for never", { least: 0, most: 36_500, whole: false }),
    unset: { rule: "reference", value: 7 },
  },
};
