import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const architectures = ["amd64", "arm64"];
export const codename = "bookworm";
const suites = new Set([codename, `${codename}-updates`, `${codename}-security`]);

/**
 * apt with lists, cache and status of its own, and the sources and keys of the system, with its index read: what it
 * knows of Debian's main part for every processor. `close` removes it.
 */
export function openApt({ contents = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-apt-"));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    configure(folder, contents);
    const env = { ...process.env, APT_CONFIG: join(folder, "apt.conf") };
    const run = (command, ...args) =>
      execFileSync(command, args, {
        env,
        encoding: "utf8",
        maxBuffer: 1 << 30,
        stdio: ["ignore", "pipe", "inherit"],
      });
    run("apt-get", "-q", "update");
    return { folder, run, env, targets: listTargets(run), close };
  } catch (error) {
    close();
    throw error;
  }
}

function configure(folder, contents) {
  mkdirSync(join(folder, "lists/partial"), { recursive: true });
  mkdirSync(join(folder, "cache/archives/partial"), { recursive: true });
  writeFileSync(join(folder, "status"), "");
  writeFileSync(
    join(folder, "apt.conf"),
    [
      `Dir::State "${folder}"; Dir::State::Lists "${folder}/lists/"; Dir::State::status "${folder}/status";`,
      `Dir::Cache "${folder}/cache/";`,
      `APT::Architecture "${architectures[0]}"; APT::Architectures { ${architectures.map((name) => `"${name}";`).join(" ")} };`,
      'APT::Update::Error-Mode "any"; Acquire::Languages "none"; APT::Sandbox::User "root";',
      `Acquire::IndexTargets::deb::Contents-deb { MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)"; ShortDescription "Contents"; Description "$(RELEASE) Contents"; DefaultEnabled "${contents}"; };`,
      "",
    ].join("\n"),
  );
}

/** Lists of Debian's own: `{ kind, architecture, suite, file }`. */
function listTargets(run) {
  const fields = ["CREATED_BY", "ARCHITECTURE", "CODENAME", "ORIGIN", "COMPONENT", "FILENAME"];
  const targets = run("apt-get", "indextargets", "--format", fields.map((field) => `$(${field})`).join("\t"))
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(
      ([, , suite, origin, component]) => origin === "Debian" && component === "main" && suites.has(suite),
    )
    .map(([kind, architecture, suite, , , file]) => ({ kind, architecture, suite, file }));
  if (targets.length === 0) throw new Error(`apt on this machine has no lists of ${codename}`);
  return targets;
}

/** Lines of a list, however apt keeps it. */
export function readLines(file) {
  const cat = spawn("/usr/lib/apt/apt-helper", ["cat-file", file], { stdio: ["ignore", "pipe", "inherit"] });
  return createInterface({ input: cat.stdout });
}
