import { compareText } from "../../diagnostic/compare-text.ts";
import type { DownloadTreeStage } from "../../plan/image-plan.ts";
import { from, type Instruction, type Mount, run } from "../instruction.ts";
import { type RenderTarget, settingsMounts } from "../render-target.ts";
import { fetchProgramFile, recordFile } from "../settings-paths.ts";

/** How a stage calls the program that its toolchain has; before its arguments comes a name for people. */
export const fetchCommand = ["python3", "-I", fetchProgramFile] as const;

/** Where files with a digest are kept between builds. */
const downloadCache = "/var/cache/downloads";

/** The stage that fetches one file and unpacks it. */
export function renderDownload(stage: DownloadTreeStage, target: RenderTarget): Instruction[] {
  const { id, archive, stripComponents, files, output } = stage;
  const [file] = stage.packages;
  if (file === undefined) throw new RangeError(`stage ${id} names no file`);
  const bins = [...new Set([...stage.bins, ...Object.keys(files)])].sort(compareText);
  const command = [
    ...fetchCommand,
    "fetch-download",
    file.name,
    digestOf(stage, target) ?? "-",
    archive ?? "-",
    String(stripComponents),
    output,
    recordFile,
    ...bins.map((bin) => `${bin}=${Object.hasOwn(files, bin) ? files[bin] : ""}`),
  ];
  const mounts: Mount[] =
    target.rendering === "portable"
      ? []
      : [
          { type: "cache", id: "skillcrate-downloads", target: downloadCache },
          ...settingsMounts("download", target),
        ];
  return [from(id, stage.toolchain, id), run(id, command, mounts)];
}

/** The digest that the skill or the catalog declares, else the one that a lock has recorded. */
function digestOf({ id, sha256 }: DownloadTreeStage, { plan }: RenderTarget): string | null {
  const lock = plan.locked?.parts[id];
  return sha256 ?? (lock?.kind === "download" ? lock.sha256 : null);
}
