/**
 * Writes data/debian from the package index that apt on this machine is configured for: which package ships which
 * command and which Python module, and each package's version, sizes, dependencies and digest. Runs on Debian bookworm;
 * touches no list of the system's own.
 *
 *     node scripts/refresh-debian-index.mjs
 *
 * Sizes that were measured are in a table of their own: see measure-debian-packages.mjs.
 */
import { mkdirSync } from "node:fs";
import { estimateKilobytes, PathCounts } from "./debian-index/estimate-size.mjs";
import { Modules } from "./debian-index/gather-modules.mjs";
import { narrowDependencies, readProvides } from "./debian-index/narrow-dependencies.mjs";
import { architectures, openApt } from "./debian-index/open-apt.mjs";
import { commandOf, readContents } from "./debian-index/read-contents.mjs";
import { readPackages } from "./debian-index/read-packages.mjs";
import { dataFolder, Entries, writeEpoch, writeTable } from "./debian-index/write-table.mjs";

mkdirSync(dataFolder, { recursive: true });
const apt = openApt({ contents: true });
try {
  const counts = await writeContents(apt.targets.filter(({ kind }) => kind === "Contents-deb"));
  const worlds = new Map();
  for (const architecture of architectures) {
    worlds.set(architecture, await readWorld(apt.targets, architecture, counts.get(architecture)));
  }
  for (const kind of ["packages", "dependencies", "digests"]) writeByArchitecture(kind, worlds);
  writeProvides(worlds);
  writeMinimal(worlds);
  writeEpoch();
} finally {
  apt.close();
}

/** Commands and modules; gives the counts of paths for each processor. */
async function writeContents(targets) {
  const commands = new Entries();
  const modules = new Modules();
  const counts = new Map(architectures.map((architecture) => [architecture, new PathCounts()]));
  for (const { architecture, file } of targets) {
    const counted = architectures.filter((each) => architecture === "all" || architecture === each);
    await readContents(file, (path, packages) => {
      const command = commandOf(path);
      if (command !== null) {
        for (const each of packages) commands.add(command.name, `${each}:${command.folder}`, architecture);
      }
      modules.add(path, packages, architecture);
      for (const each of counted) counts.get(each).add(path, packages);
    });
  }
  writeTable(
    "commands",
    commands.lines((left, right) => (left < right ? -1 : 1)),
  );
  writeTable("modules", modules.lines());
  return counts;
}

/** What the tables say of one processor: for each kind, package → value. */
async function readWorld(targets, architecture, counts) {
  const packages = await readPackages(targets, architecture);
  const provides = readProvides(packages);
  const world = {
    stanzas: packages,
    provides,
    packages: new Map(),
    dependencies: new Map(),
    digests: new Map(),
  };
  for (const [name, stanza] of packages) {
    const everywhere = stanza.Architecture === "all" ? "!" : "";
    const kilobytes = estimateKilobytes(
      Number(stanza["Installed-Size"] ?? 0),
      stanza.Section,
      counts.of(name),
    );
    world.packages.set(name, `${stanza.Version} ${stanza.Size} ${kilobytes}${everywhere}`);
    const groups = narrowDependencies(stanza, packages, provides);
    if (groups.length > 0) world.dependencies.set(name, groups.join(" "));
    world.digests.set(name, `${sourceOf(stanza)} ${Buffer.from(stanza.SHA256, "hex").toString("base64")}`);
  }
  return world;
}

/** The folder that the pool has a package's file in; `=` where it is named like the package, `!` for security updates. */
function sourceOf({ Package: name, Source, Version, Architecture, Filename, suite }) {
  const source = Source?.split(" ")[0] ?? name;
  const security = suite.endsWith("-security");
  const prefix = source.slice(0, source.startsWith("lib") ? 4 : 1);
  const file = `${name}_${Version.replace(/^\d+:/, "")}_${Architecture}.deb`;
  const expected = `${security ? "pool/updates/main" : "pool/main"}/${prefix}/${source}/${file}`;
  if (Filename !== expected) throw new Error(`${name} is at ${Filename}, not at ${expected}`);
  return `${source === name ? "=" : source}${security ? "!" : ""}`;
}

/** Lines that are equal for every processor go into one table, the others into that of each. */
function writeByArchitecture(kind, worlds) {
  const [first, ...others] = architectures.map((architecture) => worlds.get(architecture)[kind]);
  const shared = [...first].filter(([name, value]) => others.every((other) => other.get(name) === value));
  const names = new Set(shared.map(([name]) => name));
  writeTable(`${kind}-all`, shared);
  for (const architecture of architectures) {
    writeTable(
      `${kind}-${architecture}`,
      [...worlds.get(architecture)[kind]].filter(([name]) => !names.has(name)),
    );
  }
}

/** Only names that something depends on. */
function writeProvides(worlds) {
  const entries = new Entries();
  for (const [architecture, { dependencies, provides }] of worlds) {
    const wanted = new Set([...dependencies.values()].flatMap((groups) => groups.split(/[ |]/)));
    for (const [name, providers] of provides) {
      if (wanted.has(name)) for (const { provider } of providers) entries.add(name, provider, architecture);
    }
  }
  writeTable("provides", entries.lines());
}

/** What a minimal system is asked for: essential and required packages, apt, and a /usr that needs no merging. */
function writeMinimal(worlds) {
  const entries = new Entries();
  for (const [architecture, { stanzas }] of worlds) {
    for (const [name, { Essential, Priority }] of stanzas) {
      const minimal =
        Essential === "yes" || Priority === "required" || ["apt", "usr-is-merged"].includes(name);
      if (minimal) entries.add("minimal", name, architecture);
    }
  }
  writeTable(
    "minimal",
    entries.lines((left, right) => (left < right ? -1 : 1)),
  );
}
