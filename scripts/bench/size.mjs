import { run } from "./measure.mjs";

/** Bytes of each image on top of the one below, against the files of the packages and trees that it adds. */
export async function benchSize({ cli, report, root }) {
  const only = ["--only", "base,common,browser,skills"];
  const built = JSON.parse(
    run(process.execPath, [cli, "build", `${root}/skills`, "--name", "examples", ...only, "--json"]),
  );
  const images = new Map(built.result.images.map((image) => [image.name, image]));
  for (const image of built.result.images) {
    const below = images.get(image.below) ?? null;
    const added = sizeOf(image.tag) - (below === null ? sizeOf(built.result.base) : sizeOf(below.tag));
    const needed = neededBytes(image.tag) - neededBytes(below === null ? built.result.base : below.tag);
    report(
      `${image.name}: image over below / files of its packages (MB)`,
      added / 1e6,
      needed / 1e6,
      "at most 1.05",
    );
  }
}

function sizeOf(reference) {
  return Number(run("docker", ["image", "inspect", "--format", "{{.Size}}", reference]).trim());
}

/** Files that dpkg lists, once each, and everything below /opt/skills. */
function neededBytes(reference) {
  const script = `
    { cat /var/lib/dpkg/info/*.list; find /opt/skills 2>/dev/null; } | sort -u |
    while IFS= read -r file; do if [ -f "$file" ] && [ ! -L "$file" ]; then printf '%s\\0' "$(readlink -f "$file")"; fi; done |
    sort -zu | xargs -0 stat -c %s | awk '{ total += $1 } END { print total }'`;
  const args = [
    "run",
    "--rm",
    "--network",
    "none",
    "--user",
    "0",
    "--entrypoint",
    "bash",
    reference,
    "-c",
    script,
  ];
  return Number(run("docker", args).trim());
}
