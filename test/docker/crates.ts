import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * What a sparse index of crates and its store answer, by path: `tiny-crate`, whose lock file names an older dependency
 * than the newest, and whose dependency for Windows the store does not have. The dependency's build script looks for all
 * that it must not find, and leaves things where only programs are expected; `tiny-crate` prints what it found.
 *
 * `host` is where the answers are to be had, for a build script that tries.
 */
export function crates(host: string): ReadonlyMap<string, Buffer> {
  const dependency = ["1.0.0", "1.0.1"].map((version) => crate("tiny-dep", version, spy(version, host)));
  const [locked] = dependency;
  const main = ["0.3.0", "0.3.1"].map((version) =>
    crate("tiny-crate", version, {
      "Cargo.toml": `${manifest("tiny-crate", version)}[dependencies]\ntiny-dep = "1"\n[target.'cfg(windows)'.dependencies]\ntiny-windows = "1"\n`,
      "Cargo.lock": lockFile(version, locked?.checksum ?? ""),
      "src/main.rs": `fn main() { println!("tiny-crate ${version} with {}", tiny_dep::FOUND); }\n`,
    }),
  );
  const needs = (name: string, target: string | null) => ({
    ...{ name, req: "^1", features: [], optional: false, default_features: true, target, kind: "normal" },
  });
  const windows = { name: "tiny-windows", version: "1.0.0", checksum: "0".repeat(64), file: null };
  return new Map([
    ...index(main, [needs("tiny-dep", null), needs("tiny-windows", "cfg(windows)")]),
    ...index(dependency, []),
    ...index([windows], []),
  ]);
}

interface Crate {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
  /** Null: the store does not have it. */
  readonly file: Buffer | null;
}

function index(versions: readonly Crate[], deps: readonly object[]): (readonly [string, Buffer])[] {
  const lines = versions.map(({ name, version, checksum }) =>
    JSON.stringify({ name, vers: version, deps, cksum: checksum, features: {}, yanked: false }),
  );
  const [{ name } = { name: "" }] = versions;
  return [
    [`${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`, Buffer.from(`${lines.join("\n")}\n`)],
    ...versions.flatMap(({ version, file }) =>
      file === null ? [] : [[`store/${name}/${version}/download`, file] as const],
    ),
  ];
}

function crate(name: string, version: string, files: Readonly<Record<string, string>>): Crate {
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-crate-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, `${name}-${version}`, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const file = execFileSync("tar", ["-cz", "-C", folder, `${name}-${version}`]);
    return { name, version, checksum: createHash("sha256").update(file).digest("hex"), file };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function manifest(name: string, version: string): string {
  return `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n`;
}

/** In a lock file the public index stands for whatever index is configured in its place. */
const source = "registry+https://github.com/rust-lang/crates.io-index";

function lockFile(version: string, checksum: string): string {
  const entry = (name: string, at: string, sum: string) =>
    `[[package]]\nname = "${name}"\nversion = "${at}"\nsource = "${source}"\nchecksum = "${sum}"\n`;
  return [
    "version = 3\n",
    `[[package]]\nname = "tiny-crate"\nversion = "${version}"\ndependencies = ["tiny-dep", "tiny-windows"]\n`,
    entry("tiny-dep", "1.0.0", checksum),
    entry("tiny-windows", "1.0.0", "0".repeat(64)),
  ].join("\n");
}

function spy(version: string, host: string): Record<string, string> {
  return {
    "Cargo.toml": manifest("tiny-dep", version),
    "build.rs": buildScript(host),
    "src/lib.rs": `pub const FOUND: &str = concat!("tiny-dep ${version}, found:", env!("FOUND"));\n`,
  };
}

function buildScript(host: string): string {
  return `
use std::{fs, net::TcpStream, os::unix::fs::{symlink, PermissionsExt}, path::Path, time::Duration};

fn holds(path: &str, text: &str) -> bool {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).contains(text)).unwrap_or(false)
}

fn may_write(folder: &str) -> bool {
    fs::write(Path::new(folder).join("planted"), "x").is_ok()
}

fn main() {
    let address = "${host}".parse().unwrap();
    let found = [
        ("settings", fs::read_dir("/mnt").map(|mut entries| entries.next().is_some()).unwrap_or(false)),
        ("proxy", ["/proc/1/environ", "/proc/self/environ"].iter().any(|path| holds(path, "canary"))),
        ("cache", may_write("/var/cache/cargo")),
        ("system", ["/usr/bin", "/usr/local/bin", "/opt", "/etc"].iter().any(|folder| may_write(folder))),
        ("network", TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok()),
    ];
    let names: String = found.iter().filter(|(_, is)| *is).map(|(name, _)| format!(" {}", name)).collect();
    println!("cargo:rustc-env=FOUND={}", names);

    fs::create_dir_all("/tmp/built/bin").unwrap();
    symlink("/etc/passwd", "/tmp/built/bin/leak").unwrap();
    fs::write("/tmp/built/bin/raised", "#!/bin/sh\\n").unwrap();
    fs::set_permissions("/tmp/built/bin/raised", fs::Permissions::from_mode(0o6777)).unwrap();
}
`;
}
