import { describe, expect, it } from "vitest";
import { npmLockFiles } from "../../src/plan/npm-lock-files.ts";
import { parseNpmRecord } from "../../src/plan/parse-npm-record.ts";
import type { NpmLock } from "../../src/plan/part-lock.ts";

const integrity = "sha512-AAAA";

/** As npm writes it, with what an installation leaves out: an optional package for another system, a bundled one. */
const record = JSON.stringify({
  lockfileVersion: 3,
  requires: true,
  packages: {
    "node_modules/tool": {
      version: "1.0.0",
      resolved: "https://user:secret@registry.corp/api/npm/tool/-/tool-1.0.0.tgz?x=1",
      integrity,
      license: "MIT",
      bin: { tool: "cli.js" },
      dependencies: { inner: "^2.0.0", "@s/other": "npm:real@~3.0.0", bundled: "*" },
      optionalDependencies: { "for-darwin": "1.0.0" },
      peerDependencies: { peer: ">=1" },
    },
    "node_modules/tool/node_modules/inner": { version: "2.1.0", integrity },
    "node_modules/tool/node_modules/@s/other": { name: "real", version: "3.0.1", integrity },
    "node_modules/tool/node_modules/bundled": { version: "9.0.0", inBundle: true },
    "node_modules/peer": { version: "1.5.0", integrity, dependencies: { inner: "*" } },
  },
});

function lockOf(text: string): NpmLock {
  const lock = parseNpmRecord(text);
  if (lock === null) throw new Error("no lock");
  return lock;
}

describe("a record of npm's", () => {
  it("names each package by its file in any registry, without hosts, logins and what is bundled", () => {
    expect(lockOf(record)).toEqual({
      kind: "npm",
      packages: {
        "node_modules/peer": { version: "1.5.0", tarball: "peer/-/peer-1.5.0.tgz", integrity },
        "node_modules/tool": {
          version: "1.0.0",
          tarball: "tool/-/tool-1.0.0.tgz",
          integrity,
          bin: { tool: "cli.js" },
          needs: ["@s/other", "inner", "peer"],
        },
        "node_modules/tool/node_modules/@s/other": {
          version: "3.0.1",
          tarball: "real/-/real-3.0.1.tgz",
          integrity,
          name: "real",
        },
        "node_modules/tool/node_modules/inner": {
          version: "2.1.0",
          tarball: "inner/-/inner-2.1.0.tgz",
          integrity,
        },
      },
    });
  });

  it.each(["", "{", "[]", '{"lockfileVersion":2,"packages":{}}', '{"lockfileVersion":3}'])(
    "is not %j",
    (text) => {
      expect(parseNpmRecord(text)).toBeNull();
    },
  );
});

describe("files for npm ci", () => {
  const files = npmLockFiles(lockOf(record));

  it("ask for exactly what stands at the top", () => {
    expect(JSON.parse(files.packageJson)).toMatchObject({ dependencies: { peer: "1.5.0", tool: "1.0.0" } });
  });

  it("leave npm nothing to choose: every package says which exact versions it finds", () => {
    const { packages } = JSON.parse(files.packageLock);
    expect(packages[""]).toEqual(JSON.parse(files.packageJson));
    expect(packages["node_modules/tool"]).toEqual({
      version: "1.0.0",
      integrity,
      bin: { tool: "cli.js" },
      resolved: "registry:/tool/-/tool-1.0.0.tgz",
      dependencies: { "@s/other": "npm:real@3.0.1", inner: "2.1.0", peer: "1.5.0" },
    });
  });

  it("refuse a lock that names what it does not have", () => {
    const broken: NpmLock = {
      kind: "npm",
      packages: {
        "node_modules/a": { version: "1.0.0", tarball: "a/-/a-1.0.0.tgz", integrity, needs: ["b"] },
      },
    };
    expect(() => npmLockFiles(broken)).toThrow(RangeError);
  });
});
