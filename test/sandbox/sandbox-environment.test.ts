import { describe, expect, test } from "vitest";
import { sandboxEnvironment } from "../../src/sandbox/sandbox-environment.ts";
import { planSecrets } from "../../src/sandbox/secrets/plan-secrets.ts";

const skills = [
  { name: "a", skillKey: "a", requires: { env: ["TOKEN_A", "SHARED"] } },
  { name: "b", skillKey: "b", requires: { env: ["TOKEN_B", "SHARED", "ABSENT"] } },
];
const stored = new Map(Object.entries({ TOKEN_A: "va", TOKEN_B: "vb", SHARED: "vs", OTHER: "vo" }));
const secrets = planSecrets({ skills, stored, config: undefined, rules: [] });
const home = { HOME: "/workspace/home", XDG_CACHE_HOME: "/workspace/home/.cache", LANG: "C" };

describe("the environment of one exec", () => {
  test("home, then docker.env, then secrets", () => {
    const dockerEnv = { LANG: "C.UTF-8", SHARED: "literal" };
    const { env, lines } = sandboxEnvironment({ home, dockerEnv, secrets });
    expect(env).toEqual({ ...home, LANG: "C.UTF-8", SHARED: "vs", TOKEN_A: "va", TOKEN_B: "vb" });
    expect(lines.map(({ name }) => name)).toEqual(Object.keys(env).sort());
    expect(lines.find(({ name }) => name === "LANG")).toEqual({
      name: "LANG",
      source: "docker.env",
      from: null,
      replaces: ["home"],
    });
    expect(lines.find(({ name }) => name === "SHARED")).toEqual({
      name: "SHARED",
      source: "secret",
      from: ".env",
      replaces: ["docker.env"],
    });
  });

  test("HOME and XDG folders are those that the home was made for", () => {
    const dockerEnv = { HOME: "/root", XDG_CACHE_HOME: "/tmp", XDG_DATA_DIRS: "/usr/share", USER: "me" };
    const { env } = sandboxEnvironment({ home: { ...home, USER: "sandbox" }, dockerEnv, secrets: null });
    expect(env).toEqual({ ...home, USER: "sandbox", XDG_DATA_DIRS: "/usr/share" });
  });

  test("secrets for the skills of this exec alone, or none", () => {
    const namesFor = (forSkills: readonly string[]) =>
      Object.keys(sandboxEnvironment({ home: {}, dockerEnv: {}, secrets, forSkills }).env).sort();
    expect(namesFor(["a"])).toEqual(["SHARED", "TOKEN_A"]);
    expect(namesFor([])).toEqual([]);
    expect(sandboxEnvironment({ home: {}, dockerEnv: {}, secrets: null }).env).toEqual({});
  });

  test("values are in env and nowhere else", () => {
    const { env: _, ...rest } = sandboxEnvironment({
      home: {},
      dockerEnv: { API_TOKEN: "literal-1" },
      secrets,
    });
    expect(JSON.stringify(rest)).not.toMatch(/"v[abso]"|literal-1/);
  });
});

describe("a literal in docker.env that looks like a secret is a finding", () => {
  const found = (dockerEnv: Record<string, string>) =>
    sandboxEnvironment({ home: {}, dockerEnv, secrets: null }).diagnostics;

  test.each([
    ["OPENAI_API_KEY", "abcdef"],
    ["OPENCLAW_GATEWAY_TOKEN", "0123456789"],
    ["DB_PASSWORD", "hunter2!"],
    ["DATABASE_URL", "postgres://user:pw@db/x"],
    ["SETTING", "ghp_0123456789abcdefghijABCDEFGHIJ"],
    ["SETTING", "sk-proj-0123456789abcdefghij"],
    ["SETTING", "AKIAIOSFODNN7EXAMPLE"],
    ["SETTING", "-----BEGIN OPENSSH PRIVATE KEY-----\nx"],
    ["SETTING", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"],
  ])("%s=%s", (name, value) => {
    const [diagnostic, ...others] = found({ [name]: value, LANG: "C.UTF-8" });
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({ code: "SECRET_ENV_LITERAL", severity: "warning" });
    expect(JSON.stringify(diagnostic)).not.toContain(value.slice(0, 12));
    expect(diagnostic?.hint).toContain(`skillcrate secret set ${name}`);
  });

  test.each([
    ["LANG", "C.UTF-8"],
    ["GOOGLE_API_KEY_FILE", "/run/secrets/KEY"],
    ["API_TOKEN", "/run/secrets/TOKEN"],
    ["MAX_TOKEN", "4096"],
    ["USE_AUTH", "true"],
    ["MONKEY", "banana"],
    ["URL", "https://example.com/a:b@c"],
  ])("%s=%s is none", (name, value) => {
    expect(found({ [name]: value })).toEqual([]);
  });
});
