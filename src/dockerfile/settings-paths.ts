import type { TreeStage } from "../plan/image-plan.ts";

/** The clients that a build step may run. */
export const networkClients = ["apt", "npm", "python", "go", "cargo", "download"] as const;
export type NetworkClient = (typeof networkClients)[number];

/** Which client makes the trees of an ecosystem. */
export const clientsOfEcosystems: Readonly<Record<TreeStage["ecosystem"], NetworkClient>> = {
  node: "npm",
  npm: "npm",
  "node-libraries": "npm",
  python: "python",
  "python-libraries": "python",
  go: "go",
  cargo: "cargo",
  download: "download",
  // Only certificates: nothing else of the settings is for it.
  brew: "download",
};

/** Where a step finds its client's settings: a folder that every Debian image has, and keeps empty. */
export const settingsFolder = "/mnt";

/** The folder of the context that holds a client's settings. */
export function settingsSource(client: NetworkClient): string {
  return `.skillcrate/${client}`;
}

/** The file of the context that holds the program of download stages, and where their toolchain has it. */
export const fetchProgramSource = ".skillcrate/fetch.py";
export const fetchProgramFile = "/opt/fetch.py";

/** The same for the program that makes Node trees. */
export const nodeProgramSource = ".skillcrate/node.py";
export const nodeProgramFile = "/opt/node.py";

/** The folder of the context that holds certificates which stay in the image, one a file. */
export const certificateSource = ".skillcrate/certificates";

/** Where `update-ca-certificates` looks for them. */
export const certificateFolder = "/usr/local/share/ca-certificates/skillcrate";

/** Where a stage finds what it is to be made from, exactly; a stage without a lock has no such folder. */
export const lockFolder = "/opt/lock";

/** The folder of the context that holds a stage's lock. */
export function lockSource(stage: string): string {
  return `.skillcrate/lock/${stage}`;
}

/** What a tree was made from, as the client of its ecosystem tells it: beside the tree, so that no image has it. */
export const recordFile = "/opt/record";

/** How many bytes were fetched for that, compilers not counted: a number alone, beside the record. */
export const fetchedBytesFile = "/opt/record.bytes";
