import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";

/** The last lines that a browser's container printed, its reason among them where it has ended. Foreign text. */
export async function readLastLines(engine: Engine, containerId: string): Promise<readonly string[]> {
  try {
    const { stdout, stderr } = await engine.sandboxes.logs(containerId, shownLines);
    return `${stdout}\n${stderr}`
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .slice(-shownLines)
      .map((line) => line.slice(0, longestLine));
  } catch (error) {
    // Somebody has removed it meanwhile.
    if (error instanceof SkillcrateError && error.code === "CONTAINER_GONE") return [];
    throw error;
  }
}

const shownLines = 10;
const longestLine = 500;
