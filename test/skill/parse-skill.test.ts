import { describe, expect, it } from "vitest";
import { parseSkill } from "../../src/skill/parse-skill.ts";
import { parseText, shown, withHead } from "./parse-text.ts";

const fields =
  '{"requires":{"bins":["jq","curl"],"anyBins":["node","bun"],"env":["A_KEY"],"config":["channels.x"]}}';
const requires = { bins: ["jq", "curl"], anyBins: ["node", "bun"], env: ["A_KEY"], config: ["channels.x"] };

describe("a clean head", () => {
  it("gives every field that the format defines", () => {
    const skill = parseText(
      [
        "---",
        "name: weather",
        'description: "Tells the weather: today and tomorrow."',
        "homepage: https://example.org/weather",
        "license: MIT",
        "compatibility: Needs a network.",
        "user-invocable: false",
        "disable_model_invocation: true",
        "command-dispatch: tool",
        "command-tool: weather_now",
        "command-arg-mode: raw",
        "allowed-tools: Read, Bash(git add:*) Write",
        "version: 2",
        "authors: [Ann, Bob]",
        "metadata:",
        "  openclaw:",
        "    emoji: ☔",
        "    skillKey: weather-key",
        "    primaryEnv: WEATHER_KEY",
        "    always: true",
        "    os: [linux, darwin]",
        "    requires:",
        "      bins: [curl]",
        "    install:",
        "      - id: deb",
        "        kind: apt",
        "        package: curl",
        "        bins: [curl]",
        "        label: Install curl",
        "---",
        "# Weather",
      ].join("\n"),
    );
    const place = (line: number, column: number) => ({ file: "/skills/example/SKILL.md", line, column });
    expect(skill).toEqual({
      name: "weather",
      dir: "/skills/example",
      file: "/skills/example/SKILL.md",
      state: "ok",
      description: "Tells the weather: today and tomorrow.",
      homepage: "https://example.org/weather",
      license: "MIT",
      emoji: "☔",
      compatibility: "Needs a network.",
      allowedTools: ["Read", "Bash(git add:*)", "Write"],
      textFindings: [],
      userInvocable: false,
      disableModelInvocation: true,
      commandDispatch: "tool",
      commandTool: "weather_now",
      commandArgMode: "raw",
      namespace: "openclaw",
      always: true,
      os: ["linux", "darwin"],
      primaryEnv: "WEATHER_KEY",
      skillKey: "weather-key",
      requires: { bins: ["curl"], anyBins: [], env: [], config: [] },
      install: [
        {
          kind: "apt",
          declaredKind: "apt",
          id: "deb",
          label: "Install curl",
          bins: ["curl"],
          os: [],
          packages: ["curl"],
          place: place(25, 9),
        },
      ],
      extra: { version: 2, authors: ["Ann", "Bob"] },
      diagnostics: [],
      places: {
        name: place(2, 7),
        description: place(3, 14),
        homepage: place(4, 11),
        license: place(5, 10),
        compatibility: place(6, 16),
        userInvocable: place(7, 17),
        disableModelInvocation: place(8, 27),
        commandDispatch: place(9, 19),
        commandTool: place(10, 15),
        commandArgMode: place(11, 19),
        allowedTools: place(12, 16),
        emoji: place(17, 12),
        skillKey: place(18, 15),
        primaryEnv: place(19, 17),
        always: place(20, 13),
        "os.0": place(21, 10),
        "os.1": place(21, 17),
        "requires.bins.0": place(23, 14),
        "install.0": place(25, 9),
        "install.0.id": place(25, 13),
        "install.0.kind": place(26, 15),
        "install.0.package": place(27, 18),
        "install.0.packages.0": place(27, 18),
        "install.0.bins.0": place(28, 16),
        "install.0.label": place(29, 16),
      },
    });
  });

  it("takes the folder's name as the key of a skill that gives none", () => {
    expect(parseText(withHead()).skillKey).toBe("example");
  });

  it("counts columns as editors do: an emoji before a value is two", () => {
    const { places } = parseText(
      withHead('metadata: {"openclaw":{"emoji":"🎮","requires":{"bins":["jq"]}}}'),
    );
    expect(places["requires.bins.0"]).toMatchObject({ line: 4, column: 57 });
  });

  it.each(["openclaw", "clawdbot", "moltbot", "clawdis"])("reads the namespace %s", (namespace) => {
    const skill = parseText(withHead(`metadata: {"${namespace}":${fields}}`));
    expect(skill).toMatchObject({ state: "ok", namespace, requires });
  });

  it("reads Windows line ends without a remark, and places by them", () => {
    const skill = parseText(withHead(`metadata: {"openclaw":${fields}}`).replaceAll("\n", "\r\n"));
    expect(skill).toMatchObject({ state: "ok", description: "Does a thing.", requires });
    expect(skill.places["requires.bins.1"]).toMatchObject({ line: 4, column: 49 });
  });

  it("reads the line ends of old Macs as line ends", () => {
    const source = withHead(`metadata: {"openclaw":${fields}}`);
    expect(parseText(source.replaceAll("\n", "\r"))).toEqual(parseText(source));
  });

  it("is the same value for the same text", () => {
    const text = withHead(`metadata: {"openclaw":${fields}}`);
    expect(JSON.stringify(parseText(text))).toBe(JSON.stringify(parseText(new TextEncoder().encode(text))));
  });

  it("refuses a file beyond the given size and reads one at it", () => {
    const text = withHead();
    const location = { dir: "/skills/example", file: "/skills/example/SKILL.md" };
    expect(parseSkill(text, { ...location, maxBytes: text.length }).state).toBe("ok");
    expect(parseSkill(text, { ...location, maxBytes: text.length - 1 })).toMatchObject({
      state: "invalid",
      diagnostics: [{ code: "SKILL_FILE_TOO_LARGE" }],
    });
  });
});

describe("a file without a head", () => {
  it("takes its name from the folder and its description from the first paragraph", () => {
    const text =
      "# Title\n\n> quoted\n\n```sh\nrun this\n```\n\nDoes one thing,\nand another.\n\nMore text.\n";
    expect(parseText(text)).toMatchObject({
      name: "example",
      description: "Does one thing, and another.",
      state: "recovered",
      places: {},
    });
    expect(shown(parseText(text))).toEqual(["warning SKILL_HEAD_MISSING 1:1"]);
  });

  it("is described by its heading if it has no paragraph, and cut between words", () => {
    expect(parseText("# Only a title\n").description).toBe("Only a title");
    expect(parseText(`${"word ".repeat(100)}\n`).description).toMatch(/^(?:word ){58,59}word…$/);
  });

  it("does not take a body that begins with a ruler for a head", () => {
    expect(shown(parseText("----\n\nText.\n"))).toEqual(["warning SKILL_HEAD_MISSING 1:1"]);
  });
});
