import { docker, run } from "./measure.mjs";

/** Bytes of each image on top of the one below, against the files of the packages and trees that it adds. */
export async function benchSize({ cli, report, root }) {
  const images = [`${root}/skills`, "--name", "examples", "--only", "base,common,browser,skills", "--json"];
  await run(process.execPath, [cli, "build", ...images]);
  const planned = JSON.parse(await run(process.execPath, [cli, "plan", ...images]));
  for (const { name, tag, below } of planned.result.images) {
    const added = (await sizeOf(tag)) - (await sizeOf(below.reference));
    const needed = (await neededBytes(tag)) - (await neededBytes(below.reference));
    report(
      `${name}: image over below / files of its packages (MB)`,
      added / 1e6,
      needed / 1e6,
      "at most 1.05",
    );
  }
}

async function sizeOf(reference) {
  return Number(await run(docker, ["image", "inspect", "--format", "{{.Size}}", reference]));
}

/** Files that dpkg lists, once each, and everything below /opt/skills. */
async function neededBytes(reference) {
  const script = `
    { cat /var/lib/dpkg/info/*.list; find /opt/skills 2>/dev/null; } | sort -u |
    while IFS= read -r file; do if [ -f "$file" ] && [ ! -L "$file" ]; then printf '%s\\0' "$(readlink -f "$file")"; fi; done |
    sort -zu | xargs -0 stat -c %s | awk '{ total += $1 } END { print total }'`;
  const confined = ["--rm", "--network", "none", "--user", "0", "--entrypoint", "bash"];
  return Number(await run(docker, ["run", ...confined, reference, "-c", script]));
}
