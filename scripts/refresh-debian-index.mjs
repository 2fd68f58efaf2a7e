/**
 * Writes data/debian from the package index that apt on this machine is configured for: which package ships which
 * command. Runs on Debian bookworm; touches no list of the system's own.
 *
 *     node scripts/refresh-debian-index.mjs
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const output = join(dirname(fileURLToPath(import.meta.url)), "../data/debian");
const architectures = ["amd64", "arm64"];
const codename = "bookworm";

const folder = mkdtempSync(join(tmpdir(), "skillcrate-index-"));
try {
  const apt = configureApt(folder);
  apt("apt-get", "-q", "update");
  const targets = apt(
    "apt-get",
    "indextargets",
    "--format",
    "$(CREATED_BY)\t$(ARCHITECTURE)\t$(CODENAME)\t$(FILENAME)",
  )
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(
      ([kind, , suite]) =>
        kind?.startsWith("Contents") && (suite === codename || suite === `${codename}-updates`),
    );
  if (targets.length === 0) throw new Error(`apt on this machine has no contents of ${codename}`);
  const commands = new Map();
  for (const [, architecture, , file] of targets) {
    for await (const [path, packages] of readContents(file)) {
      const command = commandOf(path);
      if (command !== null) add(commands, command, packages, architecture);
    }
  }
  mkdirSync(output, { recursive: true });
  write("commands.gz", commands);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** apt with lists, cache and status of its own, and the sources and keys of the system. */
function configureApt(dir) {
  mkdirSync(join(dir, "lists/partial"), { recursive: true });
  mkdirSync(join(dir, "cache/archives/partial"), { recursive: true });
  writeFileSync(join(dir, "status"), "");
  const contents = (name, file) =>
    `Acquire::IndexTargets::deb::${name} { MetaKey "$(COMPONENT)/${file}"; ShortDescription "${file}"; Description "$(RELEASE) ${file}"; DefaultEnabled "true"; };`;
  writeFileSync(
    join(dir, "apt.conf"),
    [
      `Dir::State "${dir}"; Dir::State::Lists "${dir}/lists/"; Dir::State::status "${dir}/status"; Dir::Cache "${dir}/cache/";`,
      `APT::Architectures { ${architectures.map((name) => `"${name}";`).join(" ")} };`,
      'APT::Update::Error-Mode "any"; Acquire::Languages "none"; APT::Sandbox::User "root";',
      contents("Contents-deb", "Contents-$(ARCHITECTURE)"),
      "",
    ].join("\n"),
  );
  const env = { ...process.env, APT_CONFIG: join(dir, "apt.conf") };
  return (command, ...args) =>
    execFileSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Lines of a contents file: a path, white space, `section/package` several times with commas. */
async function* readContents(file) {
  const cat = spawn("/usr/lib/apt/apt-helper", ["cat-file", file], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: cat.stdout })) {
    const end = line.search(/\s+\S+$/);
    if (end > 0)
      yield [
        line.slice(0, end),
        line
          .slice(end)
          .trim()
          .split(",")
          .map((name) => name.slice(name.lastIndexOf("/") + 1)),
      ];
  }
}

function commandOf(path) {
  const [, folder, name] =
    /^((?:usr\/)?(?:s?bin|games))\/([A-Za-z0-9][A-Za-z0-9._+-]{0,127})$/.exec(path) ?? [];
  return name === undefined ? null : { name, folder: `/${folder}` };
}

function add(index, { name, folder }, packages, architecture) {
  const entries = index.get(name) ?? new Map();
  index.set(name, entries);
  for (const each of packages) {
    const key = `${each}\t${folder}`;
    const known = entries.get(key) ?? new Set();
    entries.set(key, known.add(architecture));
  }
}

/** Sorted lines: a name, then for each package ` package[@architecture]:folder`. */
function write(name, index) {
  const lines = [...index]
    .map(([key, entries]) => {
      const packages = [...entries].map(([entry, known]) => {
        const [packageName, folder] = entry.split("\t");
        const everywhere = known.has("all") || architectures.every((each) => known.has(each));
        return `${packageName}${everywhere ? "" : `@${[...known].join()}`}:${folder}`;
      });
      return `${key} ${packages.sort().join(" ")}\n`;
    })
    .sort();
  writeFileSync(join(output, name), gzipSync(lines.join(""), { level: 9 }));
  process.stdout.write(`${name}: ${lines.length} names\n`);
}
