import { docker, run } from "./measure.mjs";

/** Bytes of each image on top of the one below, against the files of the packages and trees that it adds. */
export async function benchSize({ cli, report, root }) {
  const images = [`${root}/skills`, "--name", "examples", "--only", "base,common,browser,skills", "--json"];
  await run(process.execPath, [cli, "build", ...images]);
  const planned = JSON.parse(await run(process.execPath, [cli, "plan", ...images]));
  for (const { name, tag, below, layers } of planned.result.images) {
    const copied = layers.flatMap(({ trees = [] }) => trees.map(({ path }) => `${path}/`));
    const added = (await sizeOf(tag)) - (await sizeOf(below.reference));
    const needed = await neededBytes(tag, below.reference, copied);
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

/**
 * Files that the image has and the one below has not, which belong to a package: those that dpkg lists, what package
 * installation compiled from them, and everything in a folder that is copied whole. Hard links count once.
 */
async function neededBytes(tag, below, copied) {
  const [files, old, listed] = await Promise.all([listFiles(tag), listFiles(below), listPackaged(tag)]);
  const counted = new Set();
  let bytes = 0;
  for (const [path, { size, inode }] of files) {
    if (old.get(path)?.size === size || counted.has(inode)) continue;
    if (!listed.has(sourceOf(path)) && !copied.some((folder) => path.startsWith(folder))) continue;
    counted.add(inode);
    bytes += size;
  }
  return bytes;
}

/** `lib/__pycache__/name.cpython-311.pyc` was compiled from `lib/name.py`. */
function sourceOf(path) {
  return path.replace(/\/__pycache__\/([^/]+)\.cpython-[0-9]+(?:\.opt-[12])?\.pyc$/, "/$1.py");
}

async function listFiles(reference) {
  const lines = await runInside(reference, "find / -xdev -type f -printf '%s %D:%i %p\\0'");
  return new Map(
    lines.split("\0").flatMap((line) => {
      const [, size, inode, path] = /^([0-9]+) ([^ ]+) (.*)$/s.exec(line) ?? [];
      return path === undefined ? [] : [[path, { size: Number(size), inode }]];
    }),
  );
}

async function listPackaged(reference) {
  const script = "cat /var/lib/dpkg/info/*.list | tr '\\n' '\\0' | xargs -0 realpath -qze || true";
  return new Set((await runInside(reference, script)).split("\0"));
}

function runInside(reference, script) {
  const confined = ["--rm", "--network", "none", "--user", "0", "--entrypoint", "bash"];
  return run(docker, ["run", ...confined, reference, "-c", script]);
}
