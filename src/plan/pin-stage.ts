import type { BuildStage, PinnedPackage, TreeStage } from "./image-plan.ts";
import type { PartLock } from "./part-lock.ts";

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
    case "go": {
      const modules = lock.sums.map((line) => line.split(" "));
      const own = modules.filter(([module = ""]) => `${name}/`.startsWith(`${module}/`));
      // Of nested modules the deepest holds the command.
      own.sort(([left = ""], [right = ""]) => right.length - left.length);
      return own[0]?.[1] ?? null;
    }
    case "cargo": {
      const files = lock.crates.map(({ file }) => file.replace(/\.crate$/, ""));
      const own = files.find(
        (file) => file.startsWith(`${name}-`) && /^\d/.test(file.slice(name.length + 1)),
      );
      return own?.slice(name.length + 1) ?? null;
    }
    case "debian":
    case "toolchain":
    case "download":
      return null;
  }
}

/** PEP 503: case, dots and underscores make no difference. */
function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]+/g, "-");
}
