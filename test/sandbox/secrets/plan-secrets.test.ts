import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { planSecrets, type SecretsRequest } from "../../../src/sandbox/secrets/plan-secrets.ts";
import type { SecretSkill } from "../../../src/sandbox/secrets/secret-skill.ts";

function skill(name: string, env: readonly string[], primaryEnv?: string): SecretSkill {
  return { name, skillKey: name, requires: { env }, ...(primaryEnv === undefined ? {} : { primaryEnv }) };
}

function plan(
  request: Partial<Omit<SecretsRequest, "stored">> & { readonly stored?: Record<string, string> },
) {
  const stored = new Map(Object.entries(request.stored ?? {}));
  return planSecrets({ skills: [], config: undefined, rules: [], ...request, stored });
}

function entries(of: Record<string, unknown>) {
  return { skills: { entries: of } };
}

describe("exactly what is declared or allowed passes", () => {
  test("declared by a skill: requires.env and primaryEnv", () => {
    const { values, lines } = plan({
      skills: [skill("notes", ["NOTES_TOKEN"], "NOTES_KEY"), skill("other", ["NOTES_TOKEN"])],
      stored: { NOTES_TOKEN: "t-1", NOTES_KEY: "k-1", UNASKED: "u-1" },
    });
    expect(new Map(values)).toEqual(new Map(Object.entries({ NOTES_KEY: "k-1", NOTES_TOKEN: "t-1" })));
    expect(lines).toEqual([
      line("NOTES_KEY", "provided", ["notes"], ".env", 'For "notes".', null),
      line("NOTES_TOKEN", "provided", ["notes", "other"], ".env", 'For "notes", "other".', null),
      line(
        "UNASKED",
        "refused",
        [],
        ".env",
        "No skill of this scope declares it, and the operator allows it to none.",
        ["allow", "UNASKED", "--skill", "SKILL"],
      ),
    ]);
  });

  test("allowed to a skill by name; not for a skill that the scope has not", () => {
    const rules = [
      { name: "GOG_PASSWORD", skill: "gog", allow: true },
      { name: "OTHER", skill: "absent", allow: true },
    ];
    const { values } = plan({ skills: [skill("gog", [])], rules, stored: { GOG_PASSWORD: "p", OTHER: "o" } });
    expect([...values.keys()]).toEqual(["GOG_PASSWORD"]);
  });

  test("the command that would allow a name has the skill that it is likely for", () => {
    const { lines } = plan({
      skills: [skill("a", []), skill("home-assistant", [])],
      stored: { HOME_ASSISTANT_URL: "u" },
    });
    expect(lines).toMatchObject([
      { status: "refused", remedy: ["allow", "HOME_ASSISTANT_URL", "--skill", "home-assistant"] },
    ]);
  });

  test("denied to a skill, though it declares the name; the later rule counts", () => {
    const rule = (allow: boolean) => ({ name: "A", skill: "s", allow });
    const request = { skills: [skill("s", ["A"])], stored: { A: "a" } };
    expect(plan({ ...request, rules: [rule(true), rule(false)] })).toMatchObject({
      values: new Map(),
      lines: [{ status: "refused", skills: ["s"], remedy: ["allow", "A", "--skill", "s"] }],
    });
    expect(plan({ ...request, rules: [rule(false), rule(true)] }).values.get("A")).toBe("a");
  });

  test.each(["LD_PRELOAD", "PATH", "GIT_SSH_COMMAND", "NODE_OPTIONS", "BASH_ENV"])(
    "%s never, whoever wants it",
    (name) => {
      const { values, lines } = plan({
        skills: [skill("s", [name], name)],
        config: entries({ s: { env: { [name]: "x" }, apiKey: "y" } }),
        stored: { [name]: "z" },
        rules: [{ name, skill: "s", allow: true }],
      });
      expect(values.size).toBe(0);
      expect(lines).toMatchObject([{ name, status: "refused", remedy: null }]);
      expect(lines[0]?.reason).toMatch(/^Never given/);
    },
  );

  test("a proxy only on the operator's word", () => {
    const request = { skills: [skill("s", ["HTTPS_PROXY"])], stored: { HTTPS_PROXY: "http://p" } };
    expect(plan(request).lines).toMatchObject([
      { status: "refused", remedy: ["allow", "HTTPS_PROXY", "--skill", "s"] },
    ]);
    const rules = [{ name: "HTTPS_PROXY", skill: "s", allow: true }];
    expect(plan({ ...request, rules }).values.get("HTTPS_PROXY")).toBe("http://p");
  });
});

describe("where a value comes from", () => {
  const skills = [skill("s", ["A", "B"], "KEY")];

  test("the scope's own file, then env, then apiKey of the skill's own entry", () => {
    const config = entries({ s: { env: { A: "config-a", B: 5 }, apiKey: "config-key" } });
    const { values, lines } = plan({ skills, config, stored: { A: "own-a" } });
    expect(new Map(values)).toEqual(new Map(Object.entries({ A: "own-a", B: "5", KEY: "config-key" })));
    expect(lines.map(({ from }) => from)).toEqual([
      ".env",
      "skills.entries.s.env.B",
      "skills.entries.s.apiKey",
    ]);
  });

  test("a name without a value is missing, and says what to type", () => {
    expect(plan({ skills: [skill("s", ["A"])] }).lines).toMatchObject([
      { name: "A", status: "missing", skills: ["s"], from: null, remedy: ["set", "A"] },
    ]);
  });

  test("set to nothing in the scope's file takes the configuration's away", () => {
    const config = entries({ s: { env: { A: "config-a" } } });
    expect(plan({ skills: [skill("s", ["A"])], config, stored: { A: "" } })).toMatchObject({
      values: new Map(),
      lines: [{ status: "missing", from: ".env" }],
    });
  });

  test("an entry's value is for its own skill", () => {
    const config = entries({ thief: { env: { A: "x" } }, s: { env: { UNASKED: "y" } } });
    const { values, lines } = plan({ skills: [skill("s", ["A"]), skill("thief", [])], config });
    expect(values.size).toBe(0);
    expect(lines).toMatchObject([
      { name: "A", status: "missing" },
      { name: "A", status: "refused", remedy: ["allow", "A", "--skill", "thief"] },
      { name: "UNASKED", status: "refused", remedy: ["allow", "UNASKED", "--skill", "s"] },
    ]);
  });

  test("references stand for the gateway's environment, or are reported", () => {
    const config = entries({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the gateway's configuration refers.
      s: { env: { A: "${FROM_ENV}", B: { source: "exec", id: "x" } }, apiKey: { source: "env", id: "K" } },
    });
    const gatewayEnv = { FROM_ENV: "env-a", K: "env-k", UNRELATED: "u" };
    const resolved = plan({ skills, config, gatewayEnv });
    expect(new Map(resolved.values)).toEqual(new Map(Object.entries({ A: "env-a", KEY: "env-k" })));
    expect(resolved.diagnostics.map(({ code }) => code)).toEqual(["SECRET_CONFIG_VALUE"]);
    const unresolved = plan({ skills, config });
    expect(unresolved.values.size).toBe(0);
    expect(unresolved.diagnostics).toHaveLength(3);
    expect(unresolved.lines.every(({ status }) => status === "missing")).toBe(true);
  });

  test("an apiKey that no variable is named for is reported, without its value", () => {
    const made = plan({ skills: [skill("s", [])], config: entries({ s: { apiKey: "canary" } }) });
    expect(made.diagnostics.map(({ code }) => code)).toEqual(["SECRET_CONFIG_VALUE"]);
    expect(JSON.stringify(made)).not.toContain("canary");
  });

  test("two skills with two values: one counts, and it is said", () => {
    const config = entries({ a: { env: { T: "one" } }, b: { env: { T: "two" } } });
    const { values, diagnostics } = plan({ skills: [skill("b", ["T"]), skill("a", ["T"])], config });
    expect(values.get("T")).toBe("one");
    expect(diagnostics.map(({ code }) => code)).toEqual(["SECRET_VALUES_DIFFER"]);
  });

  test.each([
    ["a NUL", "a\0b"],
    ["half a surrogate pair", "a\ud800"],
    ["more than Linux takes", "x".repeat(131_072)],
  ])("%s is not given", (_, value) => {
    const { values, lines } = plan({
      skills: [skill("s", ["A"])],
      config: entries({ s: { env: { A: value } } }),
    });
    expect(values.size).toBe(0);
    expect(lines).toMatchObject([{ status: "missing", from: "skills.entries.s.env.A" }]);
  });

  test.each([
    [null],
    [5],
    ["x"],
    [[]],
    [{ skills: [] }],
    [{ skills: { entries: { s: [1] } } }],
    [entries({ s: { env: 1 } })],
  ])("a configuration of %j gives nothing", (config) => {
    expect(plan({ skills: [skill("s", ["A"])], config }).lines).toMatchObject([{ status: "missing" }]);
  });
});

test("nothing that is printed of a plan holds a value", () => {
  const config = entries({ s: { env: { B: { canary: "canary" } }, apiKey: "canary-2" } });
  const made = plan({
    skills: [skill("s", ["A", "B"], "C")],
    config,
    stored: { A: "canary-1", D: "canary-3" },
  });
  expect(made.values.get("A")).toBe("canary-1");
  expect(inspect(made, { depth: 9 }) + JSON.stringify(made)).not.toContain("canary");
});

function line(
  name: string,
  status: string,
  skills: readonly string[],
  from: string | null,
  reason: string,
  remedy: readonly string[] | null,
) {
  return { name, status, skills, from, reason, remedy };
}
