import { quoteValue } from "../../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../../host/file-problem.ts";
import { closeFolder, openFolder } from "../../../host/open-folder.ts";
import type { DoorsTarget } from "./browser-doors.ts";
import type { DoorAddress } from "./connect-door.ts";

/** Where each door leads; a folder of sockets is held until nobody connects any more. */
export interface DoorAddresses {
  readonly cdp: DoorAddress;
  readonly vnc: DoorAddress;
  readonly noVnc: DoorAddress;
  /** Nobody connects any more. */
  letGo(): void;
}

/** Throws `BROWSER_DOORS_FAILED` where the folder is none. */
export function findDoorAddresses(target: DoorsTarget): DoorAddresses {
  if (target.kind === "address") {
    const { host } = target;
    const at = (port: number): DoorAddress => ({ kind: "address", host, port });
    return {
      cdp: at(target.cdpPort),
      vnc: at(target.vncPort),
      noVnc: at(target.noVncPort),
      letGo: () => undefined,
    };
  }
  const opened = openFolder(target.folder);
  if (!opened.ok) {
    const why = describeFileProblem(opened.problem);
    throw new SkillcrateError(
      "BROWSER_DOORS_FAILED",
      `The folder ${quoteValue(target.folder)} of a browser's doors cannot be used: ${why}.`,
      {
        hint: "Start the browser again, so that its folders are made.",
      },
    );
  }
  const { folder } = opened;
  const at = (name: string): DoorAddress => ({ kind: "socket", folder, name });
  return {
    cdp: at("cdp.sock"),
    vnc: at("vnc.sock"),
    noVnc: at("novnc.sock"),
    letGo: () => closeFolder(folder),
  };
}
