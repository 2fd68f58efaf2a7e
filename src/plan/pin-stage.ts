import type { BuildStage, PinnedPackage, TreeStage } from "./image-plan.ts";
import type { GoLock, PartLock } from "./part-lock.ts";

/** A stage whose packages have the versions that its lock says: commands name them, and people read them. */
export function pinStage<Stage extends BuildStage>(stage: Stage, lock: PartLock | undefined): Stage {
  if (lock === undefined || stage.kind === "toolchain") return stage;
  const { packages }: Pick<TreeStage, "packages"> = stage;
  return { ...stage, packages: packages.map((item) => pin(item, lock)) };
}

function pin(item: PinnedPackage, lock: PartLock): PinnedPackage {
  const version = item.version ?? lockedVersion(item.name, lock);
  return version === null ? item : { ...item, version };
}

/** Null where the lock does not name the package: a download's address has its version in it, or none. */
export function lockedVersion(name: string, lock: PartLock): string | null {
  switch (lock.kind) {
    case "npm":
      return lock.packages[`node_modules/${name}`]?.version ?? null;
    case "python":
      return lock.packages.find((wheel) => canonical(wheel.name) === canonical(name))?.version ?? null;
    case "go":
      return lockedModule(name, lock)?.replace(/^.*@/, "") ?? null;
    case "cargo":
      return lock.crates.find(({ entry }) => entry.name === name)?.entry.vers ?? null;
    case "debian":
    case "toolchain":
    case "download":
      return null;
  }
}

/** The module that holds a Go command, as `module@version`: of nested ones the deepest. Null where the lock has none. */
export function lockedModule(command: string, { sums }: GoLock): string | null {
  const modules = sums.map((line) => line.split(" "));
  const own = modules.filter(([module = ""]) => `${command}/`.startsWith(`${module}/`));
  own.sort(([left = ""], [right = ""]) => right.length - left.length);
  const [found] = own;
  return found === undefined ? null : `${found[0]}@${found[1]}`;
}

/** PEP 503: case, dots and underscores make no difference. */
function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]+/g, "-");
}
