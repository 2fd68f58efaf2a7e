import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withPrograms, writePrograms } from "../support/fake-programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

const script = fileURLToPath(new URL("../../scripts/install-engine.sh", import.meta.url));

const systems = {
  debian: 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  ubuntu: 'ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04 LTS"\n',
  mint: 'ID=linuxmint\nID_LIKE="ubuntu debian"\n',
  fedora: "ID=fedora\n",
  rocky: 'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
  arch: "ID=arch\n",
  alpine: "ID=alpine\n",
  leap: 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n',
  nixos: "ID=nixos\n",
};

interface DryRun {
  readonly sudo?: boolean;
  readonly os?: keyof typeof systems;
  readonly uid?: number;
  readonly kernel?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** What the script runs, beside what a test puts in the place of the machine's own. */
const needed = ["dirname", "grep", "sed", "tail", "tr"];

/** Runs the script as that user of that system would; nothing is changed. */
function dryRun({
  sudo = true,
  os = "debian",
  uid = 0,
  kernel = "Linux",
  env = {},
  args = ["--dry-run"],
}: DryRun) {
  const folder = tempFolder();
  const bin = writePrograms(folder, {
    ...Object.fromEntries(needed.map((name) => [name, `PATH=${process.env["PATH"]} exec ${name} "$@"`])),
    id: `case $1 in -un) echo ann ;; *) echo ${uid} ;; esac`,
    ...(sudo ? { sudo: "exit 99" } : {}),
    uname: `echo ${kernel}`,
    "apt-get": "echo apt-get was called >&2; exit 99",
  });
  const osRelease = join(folder, "os-release");
  writeFileSync(osRelease, systems[os]);
  const result = spawnSync("/bin/bash", [script, ...args, "--os-release", osRelease], {
    encoding: "utf8",
    env: withPrograms(bin, { PATH: bin, DOCKER_HOST: undefined, ...env }),
  });
  return { code: result.status, said: result.stderr };
}

describe("what it says it will do", () => {
  it.each(["debian", "ubuntu", "mint"] as const)("starts an engine itself for root on %s", (os) => {
    const { code, said } = dryRun({ os });
    expect(code).toBe(0);
    expect(said).toContain("Starting the engine: ");
    expect(said).not.toContain("apt-get was called");
  });

  it.each([
    ["debian", "sudo apt-get install -y podman"],
    ["ubuntu", "sudo usermod -aG docker ann    # then log in again\n"],
    ["fedora", "sudo dnf install -y moby-engine"],
    ["rocky", "sudo dnf install -y podman"],
    ["arch", "sudo pacman -S --needed docker"],
    ["alpine", "sudo apk add docker"],
    ["leap", "sudo zypper install -y docker"],
    ["nixos", "install Docker Engine or Podman"],
  ] as const)("gives a user of %s the commands, and ends with 69", (os, command) => {
    const { code, said } = dryRun({ os, uid: 1000 });
    expect(code).toBe(69);
    expect(said).toContain(command);
  });

  it("gives them for su where there is no sudo", () => {
    const { code, said } = dryRun({ os: "fedora", uid: 1000, sudo: false });
    expect(code).toBe(69);
    expect(said).toContain("  su - -c 'dnf install -y moby-engine'\n");
    expect(said).toContain("  su - -c 'usermod -aG docker ann'    # then log in again\n");
    expect(said).not.toContain("sudo");
  });

  it("leaves sudo and groups away for root", () => {
    const { code, said } = dryRun({ os: "fedora" });
    expect(code).toBe(69);
    expect(said).toContain("  dnf install -y moby-engine\n  systemctl enable --now docker\n");
    expect(said).not.toContain("sudo");
    expect(said).not.toContain("usermod");
  });

  it("knows macOS by its kernel", () => {
    const { code, said } = dryRun({ kernel: "Darwin", uid: 501 });
    expect(code).toBe(69);
    expect(said).toContain("brew install --cask docker");
    expect(said).toContain("colima start");
  });

  it("puts no second engine beside one that DOCKER_HOST names", () => {
    const { code, said } = dryRun({ env: { DOCKER_HOST: "tcp://192.0.2.1:2375" }, args: [] });
    expect(code).toBe(69);
    expect(said).toContain("DOCKER_HOST is set to tcp://192.0.2.1:2375");
    expect(said).toContain("unset DOCKER_HOST");
  });

  it.each([["--wat"], ["--os-release"]])("refuses %s", (...args) => {
    const result = spawnSync("bash", [script, ...args], { encoding: "utf8" });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("usage: install-engine.sh");
  });
});

// Namespaces of their own: no socket and no process of a real engine is seen there, what is written is thrown away, and
// every process ends with the first one.
const unshare = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...unshare, "true"]).status === 0;
if (!canUnshare)
  console.info("Left out: installing an engine in namespaces of its own (needs root on Linux).");

describe.runIf(canUnshare)("what it does", () => {
  /** A daemon that answers, as a Node program behind the name that the script looks for. */
  const dockerd = `
    echo "starting up" ; echo "dockerd started" >>"$RECORD"
    exec ${process.execPath} -e '
      process.title = "dockerd";
      const server = require("node:http").createServer((_, response) => response.end("OK"));
      server.listen("/var/run/docker.sock");
      setTimeout(() => process.exit(), 20000);
    '`;

  function install(programs: Readonly<Record<string, string>>) {
    const folder = tempFolder();
    const record = join(folder, "record");
    writeFileSync(record, "");
    const bin = writePrograms(folder, {
      service: 'echo "service $*" >>"$RECORD"; exit 1',
      systemctl: "exit 1",
      dpkg: "",
      "dpkg-query": "exit 1",
      ...programs,
    });
    // The empty file hides a dockerd that this machine has.
    const prepare = `mount -t tmpfs none /run && mount -t tmpfs none /var/log &&
      for file in /usr/sbin/dockerd /usr/local/sbin/dockerd /usr/bin/dockerd /usr/local/bin/dockerd; do
        [ ! -e "$file" ] || mount --bind "$EMPTY" "$file"; done; exec bash "$@"`;
    const empty = join(folder, "empty");
    writeFileSync(empty, "");
    const result = spawnSync("unshare", [...unshare, "bash", "-c", prepare, "bash", script], {
      encoding: "utf8",
      env: withPrograms(bin, { DOCKER_HOST: undefined, RECORD: record, EMPTY: empty, BIN: bin }),
      timeout: 25_000,
    });
    const recorded = readFileSync(record, "utf8").split("\n").slice(0, -1);
    return { code: result.status, said: result.stderr, recorded };
  }

  it("installs, starts and waits until the engine answers", () => {
    const { code, said, recorded } = install({
      "apt-get": `echo "apt-get $*" >>"$RECORD"
        case "$*" in *install*) printf '#!/bin/bash\n%s\n' ${shellQuote(dockerd)} >"$BIN/dockerd"; chmod +x "$BIN/dockerd" ;; esac`,
    });
    expect(code, said).toBe(0);
    expect(said).toContain("apt-get update && apt-get install -y --no-install-recommends docker.io iptables");
    expect(recorded[0]).toMatch(/^apt-get .*update$/);
    expect(recorded[1]).toMatch(/^apt-get .*install .*docker\.io iptables$/);
    expect(recorded.at(-1)).toBe("dockerd started");
    expect(said).toContain("The engine answers at /var/run/docker.sock.");
  });

  it("installs nothing where a daemon is there and only has to be started", () => {
    const { code, recorded } = install({ dockerd, "apt-get": 'echo "apt-get $*" >>"$RECORD"' });
    expect(code).toBe(0);
    expect(recorded.filter((line) => line.startsWith("apt-get"))).toEqual([]);
    expect(recorded.at(-1)).toBe("dockerd started");
  });

  it("tells how much is downloaded, and no more of what apt says where it succeeds", () => {
    const { code, said } = install({
      "apt-get": `case "$*" in *install*) printf '%s\\n' 'Need to get 65.9 MB of archives.' 'Unpacking docker.io'
        printf '#!/bin/bash\\n%s\\n' ${shellQuote(dockerd)} >"$BIN/dockerd"; chmod +x "$BIN/dockerd" ;; esac`,
    });
    expect(code, said).toBe(0);
    expect(said).toContain("\nNeed to get 65.9 MB of archives.\n");
    expect(said).not.toContain("Unpacking");
  });

  it("finishes what a dpkg that was stopped has left, and installs an engine that it has not set up", () => {
    const { code, said, recorded } = install({
      dockerd,
      dpkg: `case $1 in --audit) echo "unpacked but not yet configured" ;; *) echo "dpkg $*" >>"$RECORD" ;; esac`,
      "dpkg-query": "printf half-configured",
      "apt-get": 'echo "apt-get $*" >>"$RECORD"',
    });
    expect(code, said).toBe(0);
    expect(recorded[0]).toBe("dpkg --configure -a");
    expect(recorded[1]).toMatch(/^apt-get .*update$/);
    expect(recorded[2]).toMatch(/^apt-get .*install .*docker\.io iptables$/);
    expect(recorded.at(-1)).toBe("dockerd started");
  });

  it("waits for another apt that holds the lists' lock", () => {
    const { code, recorded } = install({
      "apt-get": `echo "apt-get $*" >>"$RECORD"
        case "$*" in
          *update*) [ "$(grep -c update "$RECORD")" -ge 2 ] || { echo "E: Could not get lock /var/lib/apt/lists/lock"; exit 100; } ;;
          *install*) printf '#!/bin/bash\n%s\n' ${shellQuote(dockerd)} >"$BIN/dockerd"; chmod +x "$BIN/dockerd" ;;
        esac`,
    });
    expect(code).toBe(0);
    expect(recorded.filter((line) => line.endsWith("update"))).toHaveLength(2);
  });

  it("shows the end of the log of a daemon that dies, and ends with 69", () => {
    const { code, said } = install({ dockerd: "echo 'failed to start daemon: no iptables' >&2; exit 1" });
    expect(code).toBe(69);
    expect(said).toContain("The engine does not answer");
    expect(said).toContain("failed to start daemon: no iptables");
  });

  it("ends with 69 where apt fails", () => {
    for (const step of ["update", "install"]) {
      const { code, said } = install({
        "apt-get": `case "$*" in *${step}*) echo "E: no network" >&2; exit 100 ;; esac`,
      });
      expect(code).toBe(69);
      expect(said).toContain("E: no network");
    }
  });
});

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
