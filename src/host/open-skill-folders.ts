import { dirname, parse, relative, sep } from "node:path";
import { basename } from "node:path/posix";
import {
  closeFolder,
  type OpenFolder,
  type OpenFolderResult,
  openFolder,
  openFolderIn,
} from "./open-folder.ts";

/** Opens folders by their absolute paths, component by component, without following a link anywhere. */
export interface SkillFolders {
  /** The caller closes it. */
  open(dir: string): OpenFolderResult;
  close(): void;
}

/** Keeps the folder above the last one open: skills stand side by side. */
export function openSkillFolders(): SkillFolders {
  let parent: OpenFolder | null = null;
  const close = () => {
    if (parent !== null) closeFolder(parent);
    parent = null;
  };
  return {
    open: (dir) => {
      const above = dirname(dir);
      if (above === dir) return openFolder(dir);
      if (parent?.path !== above) {
        close();
        const opened = openFromRoot(above);
        if (!opened.ok) return opened;
        parent = opened.folder;
      }
      return openFolderIn(parent, basename(dir));
    },
    close,
  };
}

function openFromRoot(dir: string): OpenFolderResult {
  const { root } = parse(dir);
  let opened = openFolder(root);
  for (const name of relative(root, dir).split(sep)) {
    if (!opened.ok || name === "") return opened;
    const parent = opened.folder;
    try {
      opened = openFolderIn(parent, name);
    } finally {
      closeFolder(parent);
    }
  }
  return opened;
}
