import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

const folder = fileURLToPath(new URL("../../scripts/debian-index", import.meta.url));
// Scripts have no types of their own.
const { compareVersions, satisfies } = await import(join(folder, "compare-versions.mjs"));
const { narrowDependencies, readProvides } = await import(join(folder, "narrow-dependencies.mjs"));
const { commandOf, isLeftOut, modulePathOf } = await import(join(folder, "read-contents.mjs"));
const { Modules } = await import(join(folder, "gather-modules.mjs"));

const hasDpkg = spawnSync("dpkg-deb", ["--version"]).status === 0;

describe("compareVersions", () => {
  it("follows Debian's rules", () => {
    // Policy 5.6.12: tildes before the end, the end before letters, letters before other signs, numbers as numbers.
    const ascending = [
      "1~~",
      "1~~a",
      "1~",
      "1-0~deb12u1",
      "1",
      "1-1",
      "1-1+b1",
      "1a",
      "1+b",
      "1.2",
      "1.10",
      "2:0.1",
    ];
    for (const [index, left] of ascending.entries()) {
      for (const [other, right] of ascending.entries()) {
        expect(Math.sign(compareVersions(left, right)), `${left} ${right}`).toBe(Math.sign(index - other));
      }
    }
    expect(compareVersions("1.0-0", "1.0")).toBe(0);
    expect(compareVersions("1.01", "1.1")).toBe(0);
  });

  it.each([
    ["1.2", "<<", "1.10", true],
    ["1.2", "<=", "1.2", true],
    ["1.2", ">>", "1.2", false],
    ["1:1", ">=", "2", true],
    ["1.2", "=", "1.2-0", true],
  ])("%s %s %s: %s", (version, relation, bound, holds) => {
    expect(satisfies(version, relation, bound)).toBe(holds);
  });
});

describe("narrowDependencies", () => {
  const packages = new Map(
    [
      { Package: "perl", Version: "5.36" },
      {
        Package: "perl-base",
        Version: "5.36",
        Priority: "required",
        Provides: "libscalar-perl (= 1.6), mail",
      },
      { Package: "libfoo", Version: "1" },
      { Package: "postfix", Version: "3", Priority: "optional", Provides: "mail, libfoo (= 2)" },
    ].map((stanza) => [stanza.Package, stanza]),
  );
  const provides = readProvides(packages);
  const narrow = (Depends: string, PreDepends?: string) =>
    narrowDependencies({ Package: "me", Depends, "Pre-Depends": PreDepends }, packages, provides);

  it.each([
    ["perl:any (>= 5.30), libfoo", ["perl", "libfoo"]],
    ["perl (>= 6) | libfoo (<= 1)", ["libfoo"]],
    // Of a version that only a provider has.
    ["libfoo (>= 2)", ["postfix"]],
    ["libscalar-perl (>= 1.5) | perl", ["perl-base|perl"]],
    // Providers without a version fit no version.
    ["mail (>= 1) | perl", ["perl"]],
    ["mail", ["mail"]],
    ["gone | lost", ["gone"]],
    ["me (= 1), perl, perl (<< 6)", ["perl"]],
  ])("%s", (depends, groups) => {
    expect(narrow(depends)).toEqual(groups);
  });

  it("puts pre-dependencies first, and providers by priority", () => {
    expect(narrow("libfoo", "perl")).toEqual(["perl", "libfoo"]);
    expect(provides.get("mail").map((each: { provider: string }) => each.provider)).toEqual([
      "perl-base",
      "postfix",
    ]);
  });
});

describe("paths of Debian's packages", () => {
  it.each([
    ["usr/bin/jq", { name: "jq", folder: "/usr/bin" }],
    ["usr/games/fortune", { name: "fortune", folder: "/usr/games" }],
    ["bin/[", null],
    ["usr/lib/git-core/git-add", null],
  ])("%s gives the command %j", (path, command) => {
    expect(commandOf(path)).toEqual(command);
  });

  it.each([
    ["usr/lib/python3/dist-packages/yaml/__init__.py", ["yaml"]],
    ["usr/lib/python3/dist-packages/six.py", ["six"]],
    ["usr/lib/python3/dist-packages/_cffi_backend.cpython-311-x86_64-linux-gnu.so", ["_cffi_backend"]],
    ["usr/lib/python3/dist-packages/google/protobuf/any_pb2.py", ["google", "protobuf", "any_pb2"]],
    ["usr/lib/python3.11/tkinter/__init__.py", ["tkinter"]],
    ["usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO", null],
    ["usr/share/app/module.py", null],
  ])("%s is the module %j", (path, parts) => {
    expect(modulePathOf(path)).toEqual(parts);
  });

  it.each([
    ["usr/share/doc/jq/README", true],
    ["usr/share/doc/jq/copyright", false],
    ["usr/share/man/man1/jq.1.gz", true],
    ["usr/share/locale/de/LC_MESSAGES/git.mo", true],
    ["usr/share/docs/manual", false],
  ])("whether images leave %s out: %s", (path, leftOut) => {
    expect(isLeftOut(path)).toBe(leftOut);
  });
});

describe("Modules", () => {
  it("names whole modules, and the parts of namespaces and of shared packages", () => {
    const modules = new Modules();
    const add = (path: string, name: string, architecture = "all") =>
      modules.add(`usr/lib/python3/dist-packages/${path}`, [name], architecture);
    add("yaml/__init__.py", "python3-yaml");
    add("yaml/nodes.py", "python3-yaml");
    add("google/protobuf/__init__.py", "python3-protobuf", "amd64");
    add("google/protobuf/any.py", "python3-protobuf", "amd64");
    add("google/auth/__init__.py", "python3-google-auth");
    add("PIL/__init__.py", "python3-pil");
    add("PIL/ImageTk.py", "python3-pil.imagetk");
    add("yamllint.py", "yamllint");
    add("yaml/__init__.py", "another");
    modules.add("usr/lib/python3.11/json/__init__.py", ["libpython3.11-stdlib"], "all");
    expect(Object.fromEntries(modules.lines())).toEqual({
      PIL: "python3-pil",
      "PIL.ImageTk": "python3-pil.imagetk",
      google: "python3-google-auth python3-protobuf@amd64",
      "google.auth": "python3-google-auth",
      "google.protobuf": "python3-protobuf@amd64",
      yaml: "python3-yaml another",
      "yaml.nodes": "python3-yaml",
      yamllint: "yamllint",
    });
  });
});

describe.runIf(hasDpkg)("measure_packages.py", () => {
  it("counts what an image keeps, byte code, and the package's files in the database", () => {
    const dir = tempFolder();
    const root = join(dir, "root");
    const write = (path: string, content: string | Buffer) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    };
    write("DEBIAN/control", "Package: sized\nVersion: 1\nArchitecture: all\nMaintainer: a\nDescription: b\n");
    write("usr/bin/sized", Buffer.alloc(10_000));
    write("usr/share/doc/sized/copyright", Buffer.alloc(500));
    const plain = measure(dir, root);
    // Paths of the list besides.
    expect(plain).toBeGreaterThan(10_500);
    expect(plain).toBeLessThan(10_800);

    write("usr/share/doc/sized/manual", Buffer.alloc(100_000));
    expect(measure(dir, root)).toBeLessThan(plain + 100);
    write("usr/lib/python3/dist-packages/sized.py", "value = 'x'\n".repeat(1000));
    expect(measure(dir, root)).toBeGreaterThan(plain + 12_000 + 5000);
    write("usr/lib/python3/dist-packages/broken.py", "print 'x'\n");
    expect(measure(dir, root)).toBeGreaterThan(plain + 17_000);
  });
});

function measure(dir: string, root: string): number {
  const deb = join(dir, "sized_1_all.deb");
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", root, deb], { stdio: "ignore" });
  const run = spawnSync("python3", [join(folder, "measure_packages.py")], {
    input: `${deb}\n`,
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  return Number(run.stdout.split("\t")[1]);
}
