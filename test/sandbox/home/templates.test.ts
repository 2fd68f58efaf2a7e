import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HomeTemplate, TemplateKind } from "../../../src/sandbox/home/read-template.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { giveToSandbox, homeWorld, sandboxUser } from "./preparing.ts";

function template(kind: TemplateKind, name: string, files: Readonly<Record<string, string>>): HomeTemplate {
  const dir = tempFolder();
  write(dir, files);
  return { kind, name, dir };
}

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

const config = ".config/gog/config.json";

test("files are put once, private, the sandbox user's, and executable where the template's are", async () => {
  const { prepare } = homeWorld();
  const gog = template("skill", "gog", { [config]: "{}", ".local/bin/start": "#!/bin/sh\n" });
  writeFileSync(join(gog.dir, ".local/bin/start"), "#!/bin/sh\n", { mode: 0o755 });
  lstatSync(join(gog.dir, ".local/bin/start"));
  const { dir, written, diagnostics } = await prepare({ templates: [gog] });
  expect(written).toEqual([config, ".local/bin/start"]);
  expect(diagnostics).toEqual([]);
  for (const path of [".config/gog", config]) {
    expect(lstatSync(join(dir, path))).toMatchObject(sandboxUser);
  }
  expect(lstatSync(join(dir, ".config/gog")).mode & 0o7777).toBe(0o700);
  expect(lstatSync(join(dir, config)).mode & 0o7777).toBe(0o600);
  expect((await prepare({ templates: [gog] })).written).toEqual([]);
});

test("a person's file wins over a skill's, and that over an agent's, in whatever order they come", async () => {
  const { prepare } = homeWorld();
  const templates = [
    template("person", "alice", { [config]: "person" }),
    template("agent", "main", { [config]: "agent", "a.txt": "agent", "b.txt": "agent" }),
    template("skill", "gog", { [config]: "skill", "a.txt": "skill" }),
  ];
  const { dir } = await prepare({ templates });
  const read = (path: string) => readFileSync(join(dir, path), "utf8");
  expect([read(config), read("a.txt"), read("b.txt")]).toEqual(["person", "skill", "agent"]);
});

describe("a template that changes", () => {
  async function changed(meanwhile: (path: string) => void) {
    const { prepare } = homeWorld();
    const gog = template("skill", "gog", { [config]: "first" });
    const { dir } = await prepare({ templates: [gog] });
    const path = join(dir, config);
    meanwhile(path);
    write(gog.dir, { [config]: "second" });
    const result = await prepare({ templates: [gog] });
    return { ...result, path, prepare: () => prepare({ templates: [gog] }) };
  }

  test("is followed where the file is as it was put", async () => {
    const { path, written } = await changed(() => undefined);
    expect(readFileSync(path, "utf8")).toBe("second");
    expect(written).toEqual([config]);
  });

  test("leaves alone what the user changed, and says so", async () => {
    const { path, written, diagnostics } = await changed((file) => writeFileSync(file, "mine"));
    expect(readFileSync(path, "utf8")).toBe("mine");
    expect(written).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: "HOME_TEMPLATE_KEPT", message: expect.stringContaining(config) },
    ]);
  });

  test.each([
    ["the file", (file: string) => file],
    ["its folder", dirname],
  ])("leaves away what the user removed: %s", async (_, removed) => {
    const { path, written, diagnostics, prepare } = await changed((file) =>
      rmSync(removed(file), { recursive: true }),
    );
    await prepare();
    expect(() => lstatSync(removed(path))).toThrow("ENOENT");
    expect([written, diagnostics]).toEqual([[], []]);
  });

  test("takes for its own what the user changed in the same way", async () => {
    const { diagnostics, path, prepare } = await changed((file) => writeFileSync(file, "second"));
    expect(diagnostics).toEqual([]);
    expect((await prepare()).written).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe("second");
  });
});

test("a file that the user had before stays, and is named until it is gone", async () => {
  const { prepare } = homeWorld();
  const gog = template("skill", "gog", { ".netrc": "template" });
  const { dir } = await prepare();
  writeFileSync(join(dir, ".netrc"), "mine");
  for (let time = 0; time < 2; time += 1) {
    const { diagnostics } = await prepare({ templates: [gog] });
    expect(diagnostics).toMatchObject([{ code: "HOME_TEMPLATE_KEPT", severity: "info" }]);
  }
  rmSync(join(dir, ".netrc"));
  await prepare({ templates: [gog] });
  expect(readFileSync(join(dir, ".netrc"), "utf8")).toBe("template");
});

test("files that were put before their record was written count as put", async () => {
  const { prepare, folder } = homeWorld();
  const gog = template("skill", "gog", { [config]: "first" });
  const { dir } = await prepare({ templates: [gog] });
  rmSync(join(folder.recordsDir, "home.json"));
  expect((await prepare({ templates: [gog] })).diagnostics).toEqual([]);
  write(gog.dir, { [config]: "second" });
  await prepare({ templates: [gog] });
  expect(readFileSync(join(dir, config), "utf8")).toBe("second");
});

test.each([
  "",
  "{",
  '{"format":"skillcrate/home@9","files":{}}',
  '{"format":"skillcrate/home@1","files":{"a":1}}',
])("a record that says %j is set aside, and nothing of the user's is overwritten", async (text) => {
  const { prepare, folder } = homeWorld();
  const gog = template("skill", "gog", { [config]: "first" });
  const { dir } = await prepare({ templates: [gog] });
  writeFileSync(join(folder.recordsDir, "home.json"), text);
  write(gog.dir, { [config]: "second" });
  const { diagnostics } = await prepare({ templates: [gog] });
  expect(diagnostics.map(({ code }) => code)).toEqual(["STATE_BROKEN", "HOME_TEMPLATE_KEPT"]);
  expect(readFileSync(join(dir, config), "utf8")).toBe("first");
});

describe("templates that hold what they must not", () => {
  test("links, pipes and secrets of the host behind them are left out", async () => {
    const { prepare } = homeWorld();
    const secret = tempFolder();
    write(secret, { canary: "canary" });
    const gog = template("skill", "gog", { "good.txt": "good" });
    symlinkSync(join(secret, "canary"), join(gog.dir, "linked.txt"));
    symlinkSync(secret, join(gog.dir, "folder"));
    const { dir, diagnostics } = await prepare({ templates: [gog] });
    expect(readdirSync(dir).sort()).toEqual([".cache", ".config", ".local", "good.txt"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["HOME_TEMPLATE_ENTRY", "HOME_TEMPLATE_ENTRY"]);
  });

  test("a template that is a link itself is not used", async () => {
    const { prepare } = homeWorld();
    const secret = tempFolder();
    write(secret, { canary: "canary" });
    const linked = join(tempFolder(), "template");
    symlinkSync(secret, linked);
    const { dir, diagnostics } = await prepare({ templates: [{ kind: "skill", name: "gog", dir: linked }] });
    expect(readdirSync(dir)).not.toContain("canary");
    expect(diagnostics).toMatchObject([{ code: "HOME_TEMPLATE_ENTRY" }]);
  });

  test("one that is not there is none", async () => {
    const { prepare } = homeWorld();
    const absent: HomeTemplate = { kind: "person", name: "bob", dir: join(tempFolder(), "bob") };
    expect((await prepare({ templates: [absent] })).diagnostics).toEqual([]);
  });

  test.each([
    [
      "a file of 10 GiB",
      (dir: string) => {
        writeFileSync(join(dir, "huge"), "");
        truncateSync(join(dir, "huge"), 10 * 1024 ** 3);
      },
    ],
    [
      "1,001 files",
      (dir: string) => {
        for (let index = 0; index <= 1000; index += 1) writeFileSync(join(dir, `f${index}`), "");
      },
    ],
    [
      "17 levels",
      (dir: string) => mkdirSync(join(dir, ...Array.from({ length: 17 }, () => "d")), { recursive: true }),
    ],
  ])("one with %s is not used at all", async (_, fill) => {
    const { prepare } = homeWorld();
    const gog = template("skill", "gog", { "a.txt": "good" });
    fill(gog.dir);
    const { dir, diagnostics } = await prepare({ templates: [gog] });
    expect(diagnostics).toMatchObject([{ code: "HOME_TEMPLATE_TOO_LARGE" }]);
    expect(readdirSync(dir)).not.toContain("a.txt");
  });
});

describe("a home that a sandbox has made its own", () => {
  test.each([
    [
      "the folder is a link to the host",
      (dir: string, host: string) => {
        symlinkSync(host, join(dir, ".config", "gog"));
        giveToSandbox(join(dir, ".config", "gog"));
      },
    ],
    [
      "a folder above is a link to the host",
      (dir: string, host: string) => {
        renameSync(join(dir, ".config"), join(dir, "moved"));
        symlinkSync(host, join(dir, ".config"));
        giveToSandbox(join(dir, ".config"));
      },
    ],
    [
      "the file is a link to one of the host's",
      (dir: string, host: string) => {
        mkdirSync(join(dir, ".config", "gog"));
        symlinkSync(join(host, "config.json"), join(dir, config));
        giveToSandbox(join(dir, ".config", "gog"), join(dir, config));
      },
    ],
    ["the file is a folder", (dir: string) => mkdirSync(join(dir, config), { recursive: true })],
    ["the folder is a file", (dir: string) => writeFileSync(join(dir, ".config", "gog"), "")],
  ])("%s: nothing of the host is touched", async (_, plant) => {
    const { prepare } = homeWorld();
    const host = tempFolder();
    write(host, { "config.json": "host", gog: "" });
    const { dir } = await prepare();
    plant(dir, host);
    const gog = template("skill", "gog", { [config]: "template" });
    const { diagnostics, written } = await prepare({ templates: [gog] });
    expect(written).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toContain("HOME_TEMPLATE_KEPT");
    expect(readdirSync(host).sort()).toEqual(["config.json", "gog"]);
    expect(readFileSync(join(host, "config.json"), "utf8")).toBe("host");
  });
});

/** Exchanges `.config` with a link to a folder of the host, as fast as it can. */
const attacker = `
  const { renameSync, symlinkSync, unlinkSync } = require("node:fs");
  const [config, away, host] = process.argv.slice(1);
  process.stdout.write("ready");
  for (;;) {
    try { renameSync(config, away); symlinkSync(host, config); } catch {}
    try { unlinkSync(config); renameSync(away, config); } catch {}
  }`;

test("a program that exchanges a folder with a link, in a loop, gets nothing out and nothing in", async () => {
  const { prepare } = homeWorld();
  const host = tempFolder();
  write(host, { kept: "host" });
  const gog = template("skill", "gog", { ".config/gog.json": "0", ".config/gog/deep/b.json": "0" });
  const { dir } = await prepare({ templates: [gog] });
  const argv = ["-e", attacker, join(dir, ".config"), join(dir, "away"), host];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const mode = lstatSync(host).mode;
  const seen = new Set<string>();
  const endsMs = performance.now() + 1500;
  // Until it was in the way at least once, however the system shares its time among the two.
  for (let turn = 1; performance.now() < endsMs || !seen.has("HOME_ENTRY_KEPT"); turn += 1) {
    write(gog.dir, { ".config/gog.json": String(turn), ".config/gog/deep/b.json": String(turn) });
    const { diagnostics } = await prepare({ templates: [gog] });
    for (const { code } of diagnostics) seen.add(code);
  }
  expect([readdirSync(host), lstatSync(host).mode, lstatSync(host).uid]).toEqual([
    ["kept"],
    mode,
    process.geteuid?.(),
  ]);
});
