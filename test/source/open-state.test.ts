import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ImageFacts } from "../../src/engine/image-facts.ts";
import { defaultStateDir } from "../../src/source/default-state-dir.ts";
import { openState } from "../../src/source/open-state.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { tempFolder } from "../support/temp-folder.ts";

const id = `sha256:${"ab".repeat(32)}`;
const base = {
  reference: "debian:bookworm-slim",
  digest: null,
  imageId: id,
  origin: "bootstrapped",
} as const;

const facts: ImageFacts = {
  format: "skillcrate/image-facts@1",
  imageId: id,
  platform: "linux/amd64",
  user: { name: "sandbox", uid: 1000, gid: 1000, home: "/home/sandbox" },
  binaries: [
    {
      name: "jq",
      path: "/usr/bin/jq",
      version: "jq-1.6",
      versionArgs: ["--version"],
      found: { sh: true, shLogin: true, bashLogin: null, exec: true, unknownUid: true },
      ok: true,
      problem: null,
    },
  ],
  packages: { jq: "1.6-2.1" },
};

function broken(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.includes(".broken-"));
}

test("the state folder is the named one, else XDG's, else the default, always absolute", () => {
  expect(defaultStateDir({ SKILLCRATE_STATE_DIR: "/srv/s", XDG_STATE_HOME: "/x" }, "/home/u")).toBe("/srv/s");
  expect(defaultStateDir({ SKILLCRATE_STATE_DIR: "~/s" }, "/home/u")).toBe("/home/u/s");
  expect(defaultStateDir({ SKILLCRATE_STATE_DIR: "s" }, "/home/u")).toBe("/home/u/s");
  expect(defaultStateDir({ SKILLCRATE_STATE_DIR: " ", XDG_STATE_HOME: "/x" }, "/home/u")).toBe(
    "/x/skillcrate",
  );
  expect(defaultStateDir({ XDG_STATE_HOME: "relative" }, "/home/u")).toBe("/home/u/.local/state/skillcrate");
  expect(defaultStateDir({}, "/home/u")).toBe("/home/u/.local/state/skillcrate");
});

describe("documents", () => {
  test("nothing there reads as empty, and reading makes nothing", async () => {
    const dir = join(tempFolder(), "state");
    const state = openState(dir);
    expect(await state.base.read()).toEqual({
      value: { format: "skillcrate/base@1", platforms: {} },
      diagnostics: [],
    });
    expect((await state.aptEpoch.read()).value.epoch).toBe("1");
    expect((await state.updates.read()).value.images).toEqual({});
    expect((await state.facts(id).read()).value).toBeNull();
    expect(existsSync(dir)).toBe(false);
  });

  test("a change is read back by another opening, in private files, with nothing left beside them", async () => {
    const dir = join(tempFolder(), "deep", "state");
    const state = openState(dir);
    await state.base.change((old) => ({ ...old, platforms: { ...old.platforms, "linux/amd64": base } }));
    await state.base.change((old) => ({ ...old, platforms: { ...old.platforms, "linux/arm64": base } }));
    await state.aptEpoch.change((old) => ({ ...old, epoch: "2026-01-01" }));
    await state.updates.change((old) => ({
      ...old,
      images: {
        "openclaw-sandbox:bookworm-slim": {
          id,
          checkedAt: "2026-01-01T00:00:00.000Z",
          security: [{ package: "openssl", from: "3.0.1", to: "3.0.2" }],
        },
      },
    }));
    await state.facts(id).change(() => facts);

    const again = openState(dir);
    expect((await again.base.read()).value.platforms).toEqual({ "linux/amd64": base, "linux/arm64": base });
    expect((await again.aptEpoch.read()).value.epoch).toBe("2026-01-01");
    expect(
      (await again.updates.read()).value.images["openclaw-sandbox:bookworm-slim"]?.security,
    ).toHaveLength(1);
    expect((await again.facts(id).read()).value).toEqual(facts);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, "facts")).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, "base.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).sort()).toEqual([
      "apt-epoch.json",
      "base.json",
      "facts",
      "locks",
      "updates.json",
    ]);
  });

  test("changes made at once are all kept", async () => {
    const dir = tempFolder();
    const tags = Array.from({ length: 20 }, (_, index) => `image:${index}`);
    const entry = { id, checkedAt: "2026-01-01T00:00:00.000Z", security: [] };
    await Promise.all(
      tags.map((tag) =>
        openState(dir).updates.change((old) => ({ ...old, images: { ...old.images, [tag]: entry } })),
      ),
    );
    expect(Object.keys((await openState(dir).updates.read()).value.images).sort()).toEqual([...tags].sort());
  });

  test("a half-written file that a crash left is no obstacle", async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, ".apt-epoch.json.new"));
    await openState(dir).aptEpoch.change((old) => ({ ...old, epoch: "2" }));
    expect((await openState(dir).aptEpoch.read()).value.epoch).toBe("2");
    expect(readdirSync(dir).sort()).toEqual(["apt-epoch.json", "locks"]);
  });

  test("a value of the wrong shape is not written", async () => {
    const dir = tempFolder();
    await expect(openState(dir).aptEpoch.change((old) => ({ ...old, epoch: "a b" }))).rejects.toThrow();
    expect(existsSync(join(dir, "apt-epoch.json"))).toBe(false);
  });

  test("an image id that is none is refused before it becomes a path", () => {
    expect(() => openState("/nowhere").facts("../../etc/passwd")).toThrow(RangeError);
  });
});

describe("damage is set aside loudly, never read as empty in silence", () => {
  const good = JSON.stringify({ format: "skillcrate/base@1", platforms: { "linux/amd64": base } });
  const cases: Record<string, string | Buffer> = {
    empty: "",
    cut: good.slice(0, good.length / 2),
    "another version": good.replace("base@1", "base@2"),
    "an unknown key": good.replace('"platforms"', '"new": 1, "platforms"'),
    "a __proto__ key": good.replace('"platforms"', '"__proto__": {}, "platforms"'),
    "a hidden __proto__ key": good.replace('"platforms"', '"\\u005f_proto__": {}, "platforms"'),
    "a __proto__ platform": good.replace("linux/amd64", "__proto__"),
    "a list": "[]",
    null: "null",
    "nested 200,000 deep": "[".repeat(200_000),
    binary: Buffer.from([0, 255, 254, 1]),
    "a digest that is none": good.replace(id, "sha256:12"),
  };

  test.each(Object.entries(cases))("%s", async (_, text) => {
    const dir = tempFolder();
    writeFileSync(join(dir, "base.json"), text);
    const { value, diagnostics } = await openState(dir).base.read();
    expect(value.platforms).toEqual({});
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["STATE_BROKEN", "warning"]]);
    const [aside] = broken(dir);
    expect(diagnostics[0]?.place?.file).toBe(join(dir, String(aside)));
    expect(readFileSync(join(dir, String(aside)))).toEqual(Buffer.from(text));
    expect((await openState(dir).base.read()).diagnostics).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  test("a change of a damaged file keeps the damaged one and says so", async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, "apt-epoch.json"), "{");
    const { value, diagnostics } = await openState(dir).aptEpoch.change((old) => ({
      ...old,
      epoch: `${old.epoch}1`,
    }));
    expect(value.epoch).toBe("11");
    expect(diagnostics).toHaveLength(1);
    expect(broken(dir)).toHaveLength(1);
  });

  test("facts that name another image are not this image's", async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, "facts"));
    const other = `sha256:${"cd".repeat(32)}`;
    writeFileSync(join(dir, "facts", `${"cd".repeat(32)}.json`), JSON.stringify(facts));
    const { value, diagnostics } = await openState(dir).facts(other).read();
    expect(value).toBeNull();
    expect(diagnostics).toHaveLength(1);
  });

  test("a link, a pipe and a folder in the file's place", async () => {
    const dir = tempFolder();
    symlinkSync("/etc/passwd", join(dir, "base.json"));
    execFileSync("mkfifo", [join(dir, "apt-epoch.json")]);
    mkdirSync(join(dir, "updates.json"));
    const state = openState(dir);
    const reads = [await state.base.read(), await state.aptEpoch.read(), await state.updates.read()];
    expect(reads.map(({ diagnostics }) => diagnostics.length)).toEqual([1, 1, 1]);
    expect(broken(dir)).toHaveLength(3);
    expect(
      lstatSync(join(dir, String(broken(dir).find((name) => name.startsWith("base"))))).isSymbolicLink(),
    ).toBe(true);
    expect(readFileSync("/etc/passwd").length).toBeGreaterThan(0);
  });
});

describe("kill -9 of a writer", () => {
  test("leaves the whole old or the whole new document, never less, and the next change goes through", async () => {
    const scripts = mkdtempSync(join(tmpdir(), "skillcrate-state-"));
    onTestFinished(() => rmSync(scripts, { recursive: true, force: true }));
    const bundle = await bundleSource(["source/open-state.ts"], scripts);
    const dir = tempFolder();
    const code = `import { openState } from ${JSON.stringify(bundle)};
      const state = openState(${JSON.stringify(dir)});
      const security = Array.from({ length: 2_000 }, (_, i) => ({ package: "p" + i, from: "1", to: "2" }));
      const entry = { id: ${JSON.stringify(id)}, checkedAt: "2026-01-01T00:00:00.000Z", security };
      for (let i = 0; ; i += 1) {
        await state.updates.change((old) => ({ ...old, images: { only: entry } }));
        if (i === 0) console.log("written");
      }`;
    for (let round = 0; round < 8; round += 1) {
      const writer = spawn(process.execPath, ["--input-type=module", "-e", code], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(writer.stdout, "data");
      await delay(round * 3);
      writer.kill("SIGKILL");
      await once(writer, "exit");
      const { value, diagnostics } = await openState(dir).updates.read();
      expect(diagnostics).toEqual([]);
      expect(value.images["only"]?.security).toHaveLength(2_000);
    }
    await openState(dir).updates.change((old) => ({ ...old, images: {} }));
    expect(readdirSync(dir).sort()).toEqual(["locks", "updates.json"]);
    expect(readdirSync(join(dir, "locks"))).toEqual([]);
  });
});

describe("a disk that refuses, as a user who is not root", () => {
  test("reading goes on where it can, writing is one error with a hint", async () => {
    const scripts = mkdtempSync(join(tmpdir(), "skillcrate-state-"));
    try {
      const bundle = await bundleSource(["source/open-state.ts"], scripts);
      chmodSync(scripts, 0o755);
      const dir = tempFolder();
      writeFileSync(join(dir, "base.json"), "{");
      writeFileSync(join(dir, "apt-epoch.json"), "{}", { mode: 0o000 });
      chmodSync(dir, 0o555);
      const code = `import { openState } from ${JSON.stringify(bundle)};
        const state = openState(${JSON.stringify(dir)});
        const outcome = async (task) => { try { return await task(); } catch (e) { return { code: e.code, hint: e.hint }; } };
        console.log(JSON.stringify([
          await outcome(() => state.base.read()),
          await outcome(() => state.aptEpoch.read()),
          await outcome(() => state.updates.change((old) => old)),
        ]));`;
      const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
        ...asUser,
        encoding: "utf8",
      });
      const [damaged, forbidden, written] = JSON.parse(output) as unknown[];
      expect(damaged).toMatchObject({
        value: { platforms: {} },
        diagnostics: [{ code: "STATE_BROKEN", message: expect.stringContaining("could not be set aside") }],
      });
      expect(forbidden).toMatchObject({ code: "STATE_FAILED" });
      expect(written).toMatchObject({
        code: "STATE_FAILED",
        hint: expect.stringContaining("SKILLCRATE_STATE_DIR"),
      });
      expect(readFileSync(join(dir, "base.json"), "utf8")).toBe("{");
      chmodSync(dir, 0o755);
    } finally {
      rmSync(scripts, { recursive: true, force: true });
    }
  });
});
