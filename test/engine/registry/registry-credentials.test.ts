import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Host } from "../../../src/engine/connect/docker-config.ts";
import { findCredentials } from "../../../src/engine/registry/registry-credentials.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const canary = "c4nary-s3cret";
const encoded = Buffer.from(`me:${canary}`).toString("base64");
const mine = (serverAddress: string) => ({ serverAddress, username: "me", password: canary });

/** A user with this docker configuration and these credential helpers on the PATH. */
function userWith(config: unknown, helpers: Readonly<Record<string, string>> = {}): Host {
  const homeDir = tempFolder();
  mkdirSync(join(homeDir, ".docker"));
  writeFileSync(join(homeDir, ".docker", "config.json"), JSON.stringify(config));
  for (const [name, script] of Object.entries(helpers)) {
    const path = join(homeDir, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
  return { env: { PATH: `${homeDir}:/usr/bin:/bin` }, homeDir };
}

describe("config.json", () => {
  test("without a file there is nothing", async () => {
    expect(await findCredentials("r.corp", { env: {}, homeDir: tempFolder() })).toBeNull();
  });

  test.each(["r.corp:5000", "https://r.corp:5000", "http://r.corp:5000/v2/", "https://r.corp:5000/v1/"])(
    "an entry under %s is that of r.corp:5000",
    async (key) => {
      const host = userWith({ auths: { "other.corp": { auth: "eDp5" }, [key]: { auth: encoded } } });
      expect(await findCredentials("r.corp:5000", host)).toEqual(mine("r.corp:5000"));
    },
  );

  test.each([
    "r.corp",
    "r.corp:5001",
    "evil-r.corp:5000",
    "r.corp:5000.evil.corp",
    "sub.r.corp:5000",
    "evil.corp/r.corp:5000",
    "R.corp:5000",
  ])("and not that of %s", async (registry) => {
    const host = userWith({ auths: { "r.corp:5000": { auth: encoded } } });
    expect(await findCredentials(registry, host)).toBeNull();
  });

  test("the engine's default registry has a URL as its key", async () => {
    const host = userWith({ auths: { "https://index.example.corp/v1/": { auth: encoded } } });
    const standard = "https://index.example.corp/v1/";
    expect(await findCredentials(standard, host)).toEqual(mine(standard));
  });

  test("an identity token comes before a password", async () => {
    const host = userWith({ auths: { "r.corp": { auth: encoded, identitytoken: "token" } } });
    expect(await findCredentials("r.corp", host)).toEqual({
      serverAddress: "r.corp",
      identityToken: "token",
    });
  });

  test("a password may hold colons and line ends", async () => {
    const auth = Buffer.from("me:a:b\nc").toString("base64");
    expect(await findCredentials("r.corp", userWith({ auths: { "r.corp": { auth } } }))).toMatchObject({
      username: "me",
      password: "a:b\nc",
    });
  });

  test.each([{}, { auth: "" }, "text", null])("an entry of %j is none", async (entry) => {
    expect(await findCredentials("r.corp", userWith({ auths: { "r.corp": entry } }))).toBeNull();
  });

  test("an entry that cannot be read is an error that does not repeat it", async () => {
    const auth = Buffer.from(canary).toString("base64");
    const error = await findCredentials("r.corp", userWith({ auths: { "r.corp": { auth } } })).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: "CREDENTIALS_FAILED" });
    expect(everythingIn(error)).not.toContain(canary);
    expect(everythingIn(error)).not.toContain(auth);
  });

  test("a file that is not JSON is an error that does not repeat it", async () => {
    const host = userWith({});
    writeFileSync(join(host.homeDir, ".docker", "config.json"), `{"auths":{"r.corp":{"auth":"${canary}`);
    const error = await findCredentials("r.corp", host).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
    expect(everythingIn(error)).not.toContain(canary);
  });
});

describe("credential helpers", () => {
  const answering = `read -r server || true\nprintf '{"ServerURL":"%s","Username":"me","Secret":"${canary}"}' "$server"`;

  test("a registry's own helper comes before the store, the store before the file", async () => {
    const broken = "exit 9";
    const first = userWith(
      { credHelpers: { "r.corp": "own" }, credsStore: "all" },
      { own: answering, all: broken },
    );
    expect(await findCredentials("r.corp", first)).toEqual(mine("r.corp"));
    const auths = { "r.corp": { auth: "eDp5" } };
    const second = userWith(
      { credHelpers: { "s.corp": "own" }, credsStore: "all", auths },
      { own: broken, all: answering },
    );
    expect(await findCredentials("r.corp", second)).toEqual(mine("r.corp"));
  });

  test("is told which registry, on its standard input alone", async () => {
    const script = `printf '{"Username":"%s","Secret":"%s"}' "$*" "$(cat)"`;
    expect(await findCredentials("r.corp:1", userWith({ credsStore: "echo" }, { echo: script }))).toEqual({
      serverAddress: "r.corp:1",
      username: "get",
      password: "r.corp:1",
    });
  });

  test("may give a token", async () => {
    const script = `printf '{"Username":"<token>","Secret":"t"}'`;
    expect(await findCredentials("r.corp", userWith({ credsStore: "x" }, { x: script }))).toEqual({
      serverAddress: "r.corp",
      identityToken: "t",
    });
  });

  test("may have none", async () => {
    const script = "echo 'credentials not found in native keychain'; exit 1";
    expect(await findCredentials("r.corp", userWith({ credsStore: "x" }, { x: script }))).toBeNull();
  });

  test.each([
    [`echo ${canary}; echo ${canary} >&2; exit 3`, "exit code 3"],
    [`echo ${canary}`, "not JSON"],
    [`echo '["${canary}"]'`, "no Username and Secret"],
    [`echo '{"Username":"me","Password":"${canary}"}'`, "no Username and Secret"],
    [`yes ${canary}`, "gives no credentials"],
  ])("%s: an error that does not repeat what it printed", async (script, problem) => {
    const error = await findCredentials("r.corp", userWith({ credsStore: "x" }, { x: script })).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: "CREDENTIALS_FAILED", message: expect.stringContaining(problem) });
    expect(everythingIn(error)).not.toContain(canary);
  });

  test("a helper that is not there is named", async () => {
    await expect(findCredentials("r.corp", userWith({ credsStore: "gone" }))).rejects.toMatchObject({
      message: expect.stringContaining('"docker-credential-gone"'),
    });
  });

  test.each(["../evil", "a b", "-x", "x;id", "/bin/sh"])("a name of %j runs nothing", async (name) => {
    await expect(findCredentials("r.corp", userWith({ credsStore: name }))).rejects.toMatchObject({
      code: "CREDENTIALS_FAILED",
      message: expect.stringContaining("its name is not one of a program"),
    });
  });
});

function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.message, error.stack, JSON.stringify(error), everythingIn(error.cause ?? "")].join("\n");
}
