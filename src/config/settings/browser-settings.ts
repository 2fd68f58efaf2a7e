import { addressRangeKind, hostKind, urlKind } from "../kinds/address-kinds.ts";
import { containerPrefixKind, imageKind, networkKind } from "../kinds/container-kinds.ts";
import { listKind } from "../kinds/list-kind.ts";
import { bindKind } from "../kinds/path-kinds.ts";
import { numberKind, portKind, truthKind } from "../kinds/plain-kinds.ts";
import type { BrowserConfig } from "../sandbox-config.ts";
import type { SettingsTable } from "./setting.ts";

/** `sandbox.browser`: a browser in a container of its own, beside the sandbox. */
export const browserSettings: SettingsTable<BrowserConfig> = {
  enabled: {
    key: "enabled",
    doc: "Whether a sandbox has a browser.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: false },
  },
  image: {
    key: "image",
    doc: "The image of the browser.",
    merge: "replace",
    kind: imageKind,
    unset: { rule: "reference", value: "openclaw-sandbox-browser:bookworm-slim" },
  },
  containerPrefix: {
    key: "containerPrefix",
    doc: "What browsers' containers begin with.",
    merge: "replace",
    kind: containerPrefixKind,
    unset: { rule: "reference", value: "openclaw-sbx-browser-" },
  },
  cdpPort: {
    key: "cdpPort",
    doc: "Port inside for the browser's control (CDP).",
    merge: "replace",
    kind: portKind,
    unset: { rule: "reference", value: 9222 },
  },
  vncPort: {
    key: "vncPort",
    doc: "Port inside for watching by VNC.",
    merge: "replace",
    kind: portKind,
    unset: { rule: "reference", value: 5900 },
  },
  noVncPort: {
    key: "noVncPort",
    doc: "Port inside for watching in another browser.",
    merge: "replace",
    kind: portKind,
    unset: { rule: "reference", value: 6080 },
  },
  headless: {
    key: "headless",
    doc: "Whether the browser runs without a screen.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: false },
  },
  enableNoVnc: {
    key: "enableNoVnc",
    doc: "Whether it can be watched in another browser.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: true },
  },
  autoStart: {
    key: "autoStart",
    doc: "Whether it starts by itself when an agent asks for it.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: true },
  },
  autoStartTimeoutMs: {
    key: "autoStartTimeoutMs",
    doc: "Milliseconds until it must answer.",
    merge: "replace",
    kind: numberKind("a whole number of milliseconds from 1 on", {
      least: 1,
      most: 3_600_000,
      whole: true,
    }),
    unset: { rule: "reference", value: 12_000 },
  },
  allowHostControl: {
    key: "allowHostControl",
    doc: "Whether a sandboxed agent may control the host's own browser.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: false },
  },
  allowedControlUrls: {
    key: "allowedControlUrls",
    doc: 'Addresses that an agent may name for control (`target: "custom"`).',
    merge: "replace",
    kind: listKind("a list of addresses", urlKind),
    unset: { rule: "reference", value: [] },
  },
  allowedControlHosts: {
    key: "allowedControlHosts",
    doc: "Hosts that an agent may name for control.",
    merge: "replace",
    kind: listKind("a list of hosts", hostKind),
    unset: { rule: "reference", value: [] },
  },
  allowedControlPorts: {
    key: "allowedControlPorts",
    doc: "Ports that an agent may name for control.",
    merge: "replace",
    kind: listKind("a list of ports", portKind),
    unset: { rule: "reference", value: [] },
  },
  network: {
    key: "network",
    doc: "The browser's network, by the same rules as that of the sandbox; `bridge` is one of its own for each browser.",
    merge: "replace",
    kind: networkKind,
    unset: { rule: "derived", words: "none: the web comes through a filtering proxy", derive: () => null },
  },
  cdpSourceRange: {
    key: "cdpSourceRange",
    doc: "Addresses from which the browser's control can be reached.",
    merge: "replace",
    kind: addressRangeKind,
    unset: { rule: "derived", words: "nobody on a network", derive: () => null },
  },
  binds: {
    key: "binds",
    doc: "Folders and files of the host, in place of those in `docker.binds`; an empty list means none.",
    merge: "append",
    item: bindKind,
    unset: null,
  },
};
