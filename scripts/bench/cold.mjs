import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { docker, measureInTurns, run } from "./measure.mjs";

const tagPrefix = "skillcrate-bench";
const images = ["--only", "base,common,browser,skills", "--name", "examples", "--tag-prefix", tagPrefix];

/**
 * All four images from nothing, against one plain `docker build` each, one after another: the same packages, no cache
 * mounts, no shared layers. Once on an unslimmed Debian, as people do it, and once on our own slim base. Every run
 * starts with the engine's build cache emptied, and both sides take their packages from one local cache.
 */
export async function benchCold({ root, cli, report, options }) {
  if (!options.includes("--empty-build-cache")) {
    process.stdout.write(
      "  skipped: it empties the engine's whole build cache; say so with --empty-build-cache\n",
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  const cache = await startCache(root, folder);
  try {
    const network = ["--http-proxy", cache.proxy, "--no-proxy", cache.host, "--npm-registry", cache.npm];
    const build = [cli, "build", join(root, "skills"), ...images, ...network, "--json"];
    await run(process.execPath, build);
    const plan = JSON.parse(
      await run(process.execPath, [cli, "plan", join(root, "skills"), ...images, "--json"]),
    ).result;
    const slim = plan.images[0].below.reference;
    const whole = `${tagPrefix}-whole:bookworm`;
    await importWholeDebian(whole);
    const plainly = (base) => async () => {
      for (const image of plan.images)
        await plainBuild(join(folder, "plain"), image, plan.images, base, cache);
    };
    const medians = await measureInTurns(
      {
        "plain on whole Debian": plainly(whole),
        ours: () => run(process.execPath, build),
        "plain on our base": plainly(slim),
        "bare limit": () => plainDownload(join(folder, "limit"), plan.images, slim, cache),
      },
      { rounds: 3, before: () => startFromNothing(plan.images), warmUp: false },
    );
    report(
      "cold / plain builds on an unslimmed base",
      medians.ours,
      medians["plain on whole Debian"],
      "at most 0.6",
    );
    report("cold / plain builds on our base", medians.ours, medians["plain on our base"], "at most 0.75");
    report("cold / download and unpack of the union", medians.ours, medians["bare limit"]);
  } finally {
    await cache.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing of an earlier turn is there: neither side reuses it, and neither has to take it away. */
async function startFromNothing(images) {
  const made = await run(docker, ["image", "ls", "--quiet", "--filter", `label=${plainLabel}`]);
  const ours = images.toReversed().map(({ tag }) => tag);
  for (const image of [...ours, ...new Set(made.split("\n").filter((id) => id !== ""))])
    await run(docker, ["image", "rm", "--force", image]);
  await run(docker, ["builder", "prune", "--all", "--force"]);
}

const plainLabel = "skillcrate-bench.plain";

/** Debian as mmdebstrap makes it, with documentation, manual pages and locales. */
async function importWholeDebian(tag) {
  await run("bash", [
    "-c",
    `set -o pipefail; mmdebstrap --quiet --variant=minbase bookworm - | docker import - ${tag}`,
  ]);
}

/** The Dockerfile that people write: all packages of an image and of those below it, in one step for each client. */
async function plainBuild(folder, image, all, base, cache) {
  const { debian, runtime, npm } = packagesOf(
    all.filter((other) => other.name === image.name || other.name === "base"),
  );
  const lines = [
    `FROM ${base}`,
    `RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${debian.join(" ")}`,
    ...runtime.map(
      (from) => `RUN curl -fsS ${tarball(cache, from)} | tar xz -C /usr/local --strip-components=1`,
    ),
    ...(npm.length > 0
      ? [
          `RUN mkdir -p /usr/local/lib/node_modules/npm && curl -fsS ${tarball(cache, packagesOf(all).client)} | tar xz -C /usr/local/lib/node_modules/npm --strip-components=1`,
          `RUN node /usr/local/lib/node_modules/npm/bin/npm-cli.js install -g --ignore-scripts --registry ${cache.npm} ${npm.map(pinned).join(" ")}`,
        ]
      : []),
  ];
  await dockerBuild(folder, lines, cache);
}

/** What no builder can go below: every package of all images downloaded once and unpacked once, nothing configured. */
async function plainDownload(folder, all, base, cache) {
  const { debian, runtime, npm, client } = packagesOf(all);
  await dockerBuild(
    folder,
    [
      `FROM ${base}`,
      `RUN apt-get update && apt-get install -y --no-install-recommends --download-only ${debian.join(" ")} && mkdir /union && for deb in /var/cache/apt/archives/*.deb; do dpkg-deb -x "$deb" /union; done`,
      `RUN apt-get install -y --no-install-recommends curl >/dev/null`,
      ...[...runtime, client, ...npm].map(
        (from) => `RUN curl -fsS ${tarball(cache, from)} | tar xz -C /union`,
      ),
    ],
    cache,
  );
}

/**
 * What a list of image plans installs: Debian packages, Node from its npm packages, an npm client, npm packages.
 * Debian packages of which an image takes a folder alone are among them: plain apt has no other way to them.
 */
function packagesOf(images) {
  const stages = images.flatMap((image) => image.stages);
  const nodes = stages.filter(({ ecosystem }) => ecosystem === "node");
  const installed = images.flatMap(({ layers }) => layers.flatMap((layer) => layer.packages ?? []));
  const folders = stages.filter(({ id }) => id === "package-folders").flatMap(({ alone }) => alone);
  return {
    debian: unique([...installed, ...folders]),
    runtime: nodes.slice(0, 1).flatMap((stage) => stage.packages),
    client: nodes.find((stage) => stage.npm !== undefined)?.npm,
    npm: stages.filter(({ ecosystem }) => ecosystem === "npm").flatMap((stage) => stage.packages),
  };
}

const unique = (values) => [...new Set(values)].sort();

const pinned = ({ name, version }) => `${name}@${version}`;

/** Where a registry keeps a package: the last part of a scoped name is the file's. */
const tarball = (cache, { name, version }) =>
  `${cache.npm}${name}/-/${name.slice(name.indexOf("/") + 1)}-${version}.tgz`;

async function dockerBuild(folder, lines, cache) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
  const proxy = ["--build-arg", `http_proxy=${cache.proxy}`, "--build-arg", `no_proxy=${cache.host}`];
  await run(docker, ["build", "--quiet", "--no-cache", "--label", plainLabel, ...proxy, folder], {
    env: { ...process.env, DOCKER_BUILDKIT: "1" },
  });
}

/** The cache that the tests use, compiled for this run. */
async function startCache(root, folder) {
  const compiler = ["--ignoreConfig", "--noCheck", "--module", "nodenext", "--target", "es2022"];
  const source = join(root, "test/support/package-cache.ts");
  await run(join(root, "node_modules/.bin/tsc"), [
    ...compiler,
    "--rewriteRelativeImportExtensions",
    "--outDir",
    folder,
    source,
  ]);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const { startPackageCache } = await import(pathToFileURL(join(folder, "package-cache.js")).href);
  const npmUpstream = await run("npm", ["config", "get", "registry"]);
  const cache = await startPackageCache({ folder: join(homedir(), ".cache/skillcrate-test"), npmUpstream });
  const host = await run(docker, [
    "network",
    "inspect",
    "bridge",
    "--format",
    "{{(index .IPAM.Config 0).Gateway}}",
  ]);
  await cache.listenAt(host);
  const proxy = `http://${host}:${cache.port}`;
  return { host, proxy, npm: `${proxy}/npm/`, close: () => cache.close() };
}
