import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withPrograms, writePrograms } from "../support/fake-programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

const script = fileURLToPath(new URL("../../scripts/bootstrap-base.sh", import.meta.url));

describe("usage", () => {
  it.each([
    [[], "--output is missing"],
    [["--output"], "--output needs a value"],
    [["--output", "-", "--wat"], "unknown argument: --wat"],
    [["--output", "-", "--mirror", "ftp://mirror/debian"], "not an http or https URL"],
    [["--output", "-", "--mirror", "http://mirror/x] y"], "not an http or https URL"],
    [["--output", "-", "--security-mirror", "http://mirror/x"], "goes with --mirror"],
    [["--output", "-", "--arch", "amd64;id"], "not a processor's name"],
  ])("refuses %j", (args, message) => {
    const result = spawnSync("bash", [script, ...args], { encoding: "utf8" });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stdout).toBe("");
  });
});

const needed = ["/usr/bin/apt-get", "/usr/share/keyrings/debian-archive-keyring.gpg"];
const hasApt = needed.every((file) => existsSync(file));
if (!hasApt)
  console.info(`Left out: what the base image's script reads from apt (needs ${needed.join(", ")}).`);

/** Tells what mmdebstrap is called with: its arguments, the lines on its standard input, the image's own lines. */
const reporting = `
  printf '%s\\n' "$@" >"$REPORT/arguments"
  cat >"$REPORT/download"
  for argument; do
    case $argument in
      --dpkgopt=*) cat "$(dirname -- "\${argument#*=}")/image-lines" >"$REPORT/image" ;;
      */root.tar) printf 'a tar' >"$argument" ;;
    esac
  done
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >"$REPORT/commands"
  env >"$REPORT/environment"
  printf '%s' "$http_proxy" >"$REPORT/proxy"`;

interface Setting {
  readonly sources: string;
  readonly settings?: string;
  readonly args?: readonly string[];
  readonly mirror?: string;
  readonly mmdebstrap?: string;
}

/** Runs the script on a machine whose apt has these sources, with that in the place of mmdebstrap. */
function bootstrap(setting: Setting) {
  const { sources, settings = "", args = ["--output", "-"], mirror, mmdebstrap = reporting } = setting;
  const folder = tempFolder();
  const report = join(folder, "report");
  for (const name of ["report", "parts", "state", "tmp"]) mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, "list"),
    "http://first.example/debian\tpriority:1\nhttp://second.example/debian\n",
  );
  writeFileSync(join(folder, "sources.list"), sources.replaceAll("FOLDER", folder));
  const configuration = writeAptConfiguration(folder, settings);
  const bin = writePrograms(folder, { mmdebstrap });
  const result = spawnSync("bash", [script, ...args], {
    encoding: "utf8",
    cwd: folder,
    env: withPrograms(bin, {
      APT_CONFIG: configuration,
      REPORT: report,
      SKILLCRATE_APT_MIRROR: mirror,
      TMPDIR: join(folder, "tmp"),
      http_proxy: undefined,
      https_proxy: undefined,
    }),
  });
  const read = (name: string) => {
    const file = join(report, name);
    return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  };
  return {
    code: result.status,
    said: result.stderr,
    stdout: result.stdout,
    files: readdirSync(folder),
    temporary: readdirSync(join(folder, "tmp")),
    arguments: read("arguments").split("\n"),
    download: read("download"),
    image: read("image"),
    proxy: read("proxy"),
    commands: read("commands"),
    environment: read("environment"),
  };
}

/** Makes apt read nothing but `sources.list` in that folder. */
function writeAptConfiguration(folder: string, settings: string): string {
  const file = join(folder, "apt.conf");
  writeFileSync(
    file,
    `Dir::Etc::main "-"; Dir::Etc::parts "-"; Dir::Etc::sourcelist "${folder}/sources.list";
     Dir::Etc::sourceparts "${folder}/parts"; Dir::State::lists "${folder}/state"; ${settings}`,
  );
  return file;
}

function lines(archive: string, security: string): string {
  return [
    `deb ${archive} bookworm main`,
    `deb ${archive} bookworm-updates main`,
    `deb ${security} bookworm-security main`,
  ].join("\n");
}

describe.runIf(hasApt)("sources", () => {
  const ordinary = [
    "deb [signed-by=/k.gpg] https://elsewhere.example/repo trixie main",
    "deb http://mirror.example/debian/ trixie main contrib",
    "deb http://mirror.example/debian-security trixie-security main",
  ].join("\n");

  it("are what apt is configured for here, whatever its own release", () => {
    const { code, stdout, download, image, temporary } = bootstrap({ sources: ordinary });
    expect(code).toBe(0);
    expect(stdout).toBe("a tar");
    expect(download).toBe(lines("http://mirror.example/debian", "http://mirror.example/debian-security"));
    expect(image).toBe(download);
    expect(temporary).toEqual([]);
  });

  it("follow a list of mirrors to its first", () => {
    const sources = `deb [trusted=yes] mirror+file:FOLDER/list bookworm main\n${ordinary}`;
    expect(bootstrap({ sources }).download).toContain("deb http://first.example/debian bookworm main");
  });

  it("keep credentials out of the image and out of what is said", () => {
    const sources = ordinary.replaceAll("http://mirror", "http://user:canary@mirror");
    const { download, image, said } = bootstrap({ sources });
    expect(download).toContain("http://user:canary@mirror.example/debian bookworm main");
    expect(image).toBe(lines("http://mirror.example/debian", "http://mirror.example/debian-security"));
    expect(said).not.toContain("canary");
  });

  it("are mmdebstrap's own where apt names no Debian archive", () => {
    const result = bootstrap({ sources: "deb http://archive.example/ubuntu noble main\n" });
    expect(result.code).toBe(0);
    expect(result.download).toBe("");
    expect(result.arguments).not.toContain("-");
    expect(result.said).toContain("using mmdebstrap's default mirror");
  });

  it("can be named, for the download alone", () => {
    const args = ["--output", "-", "--mirror", "http://near.example/debian/", "--arch", "arm64"];
    const result = bootstrap({ sources: ordinary, args });
    expect(result.download).toBe(lines("http://near.example/debian", "http://near.example/debian-security"));
    expect(result.image).toContain("http://mirror.example/debian bookworm main");
    expect(result.arguments).toContain("--architectures=arm64");
  });

  it("can be named with a password, which is in no process's arguments, in no message and not in the image", () => {
    const mirror = "http://user:canary-5c1e@near.example/debian";
    const result = bootstrap({ sources: ordinary, mirror });
    expect(result.download).toBe(
      lines(
        "http://user:canary-5c1e@near.example/debian",
        "http://user:canary-5c1e@near.example/debian-security",
      ),
    );
    expect(result.commands).toContain("bootstrap-base.sh --output -");
    for (const seen of [result.commands, result.environment, result.said, result.image])
      expect(seen).not.toContain("canary-5c1e");
    const refused = bootstrap({ sources: ordinary, mirror: "ftp://user:canary-5c1e@near.example" });
    expect(refused).toMatchObject({ code: 2, said: expect.stringContaining("SKILLCRATE_APT_MIRROR is not") });
    expect(refused.said).not.toContain("canary-5c1e");
  });

  it("come with apt's proxy and its leave to use a frozen mirror", () => {
    const settings = 'Acquire::http::Proxy "http://proxy.example:3128"; Acquire::Check-Valid-Until "false";';
    const result = bootstrap({ sources: ordinary, settings });
    expect(result.proxy).toBe("http://proxy.example:3128");
    expect(result.arguments).toContain('--aptopt=Acquire::Check-Valid-Until "false"');
    expect(bootstrap({ sources: ordinary }).arguments.join()).not.toContain("--aptopt");
  });
});

describe.runIf(hasApt)("the result", () => {
  it("is written to a file beside which nothing is left", () => {
    const { code, files, said } = bootstrap({ sources: "", args: ["--output", "a base.tar"] });
    expect(code, said).toBe(0);
    expect(files.filter((name) => name.includes("tar"))).toEqual(["a base.tar"]);
  });

  it("is nothing at all where mmdebstrap fails half-way", () => {
    const mmdebstrap =
      'for argument; do case $argument in */root.tar) echo half >"$argument" ;; esac; done; exit 25';
    for (const output of ["-", "base.tar"]) {
      const result = bootstrap({ sources: "", args: ["--output", output], mmdebstrap });
      expect(result.code).toBe(1);
      expect(result.stdout).toBe("");
      expect(result.said).toContain("mmdebstrap ended with 25");
      expect(result.files.filter((name) => name.includes("tar"))).toEqual([]);
      expect(result.temporary).toEqual([]);
    }
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("is nothing at all after %s", async (signal, code) => {
    const folder = tempFolder();
    const started = join(folder, "started");
    mkdirSync(join(folder, "tmp"));
    const bin = writePrograms(folder, { mmdebstrap: `echo $$ >"${started}"; exec sleep 60` });
    const child = spawn("bash", [script, "--output", join(folder, "base.tar")], {
      env: withPrograms(bin, { TMPDIR: join(folder, "tmp"), APT_CONFIG: writeAptConfiguration(folder, "") }),
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    while (!existsSync(started) || readFileSync(started, "utf8") === "") await sleep(20);
    child.kill(signal);
    expect(await ended).toBe(code);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    expect(existsSync(join(folder, "base.tar"))).toBe(false);
    const mmdebstrapPid = Number(readFileSync(started, "utf8"));
    expect(() => process.kill(mmdebstrapPid, 0)).toThrow("ESRCH");
  });
});
