import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { DiagnosticCode } from "../../src/diagnostic/codes.ts";
import { escapeText } from "../../src/diagnostic/quote-value.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { parseText, shown, withHead } from "./parse-text.ts";

const openclaw = (fields: string) => `metadata: {"openclaw":{${fields}}}`;
const requires = (fields: string) => openclaw(`"requires":{${fields}}`);
const install = (...entries: readonly string[]) => openclaw(`"install":[${entries.join(",")}]`);
const jq = { bins: ["jq"], anyBins: [], env: [], config: [] };

interface Row {
  readonly code: DiagnosticCode;
  readonly when: string;
  readonly source: string | Uint8Array;
  /** All diagnostics of the file. */
  readonly shown: readonly string[];
  readonly skill?: Partial<Skill> | Record<string, unknown>;
}

const rows: readonly Row[] = [
  {
    code: "SKILL_BINARY_INVALID",
    when: "a name has a character that no program's has",
    source: withHead(requires('"bins":["jq","a;b"],"anyBins":["../c"]')),
    shown: ["error SKILL_BINARY_INVALID 4:49", "error SKILL_BINARY_INVALID 4:67"],
    skill: { state: "invalid", requires: jq },
  },
  {
    code: "SKILL_BRACKETS_UNBALANCED",
    when: "a closing bracket is missing at the end",
    source: withHead('metadata: {"openclaw":{"requires":{"bins":["jq"]}}', "license: MIT"),
    shown: ["warning SKILL_BRACKETS_UNBALANCED 4:51"],
    skill: { state: "recovered", requires: jq, license: "MIT" },
  },
  {
    code: "SKILL_BRACKETS_UNBALANCED",
    when: "there is one too many",
    source: withHead('metadata: {"openclaw":{"requires":{"bins":["jq"]}}}}}', "license: MIT"),
    shown: ["warning SKILL_BRACKETS_UNBALANCED 4:52"],
    skill: { requires: jq, license: "MIT" },
  },
  {
    code: "SKILL_BYTE_ORDER_MARK",
    when: "the file begins with one",
    source: `\u{feff}${withHead(requires('"bins":["jq"]'))}`,
    shown: ["warning SKILL_BYTE_ORDER_MARK 1:1"],
    skill: { state: "recovered", name: "example", requires: jq },
  },
  {
    code: "SKILL_CONFIG_PATH_INVALID",
    when: "a key has spaces or reaches into prototypes",
    source: withHead(requires('"config":["a b","a.__proto__.b","channels.x-1.on"]')),
    shown: ["error SKILL_CONFIG_PATH_INVALID 4:46", "error SKILL_CONFIG_PATH_INVALID 4:52"],
    skill: { requires: { bins: [], anyBins: [], env: [], config: ["channels.x-1.on"] } },
  },
  {
    code: "SKILL_CONTROL_CHARACTER",
    when: "the head has one",
    source: withHead("title: a\u{1b}[31mb"),
    shown: ["error SKILL_CONTROL_CHARACTER 4:9"],
  },
  {
    code: "SKILL_CONTROL_CHARACTER",
    when: "the file has a NUL",
    source: `${withHead()}\0`,
    shown: ["error SKILL_CONTROL_CHARACTER 7:1"],
  },
  {
    code: "SKILL_DESCRIPTION_MISSING",
    when: "the head gives none",
    source: "---\nname: a\n---\n\n# Title\n\nDoes it.\n",
    shown: ["warning SKILL_DESCRIPTION_MISSING 2:1"],
    skill: { description: "Does it." },
  },
  {
    code: "SKILL_DIAGNOSTICS_CUT",
    when: "there are more than a hundred",
    source: withHead(requires(`"bins":["jq"${',"!"'.repeat(150)}]`)),
    shown: [
      ...Array.from({ length: 100 }, (_, index) => `error SKILL_BINARY_INVALID 4:${49 + 4 * index}`),
      "info SKILL_DIAGNOSTICS_CUT 4:445",
    ],
  },
  {
    code: "SKILL_ENCODING",
    when: "a byte of the head is not UTF-8",
    source: Uint8Array.from([...new TextEncoder().encode("---\nname: é�"), 0xe9, 0x0a, 0x2d, 0x2d, 0x2d]),
    shown: ["error SKILL_ENCODING 2:9"],
  },
  {
    code: "SKILL_ENCODING",
    when: "a byte of the body is not UTF-8, which costs nothing",
    source: Uint8Array.from([...new TextEncoder().encode(withHead(requires('"bins":["jq"]'))), 0xff]),
    shown: ["warning SKILL_ENCODING 8:1"],
    skill: { state: "recovered", requires: jq },
  },
  {
    code: "SKILL_ENCODING",
    when: "the file is UTF-16",
    source: Uint8Array.from([0xff, 0xfe, ...[..."---\nname: a\n"].flatMap((c) => [c.charCodeAt(0), 0])]),
    shown: ["error SKILL_ENCODING 1:1"],
  },
  {
    code: "SKILL_ENV_NAME_INVALID",
    when: "a variable's name is none",
    source: withHead(openclaw('"primaryEnv":"A-B","requires":{"env":["1A","OK_1"]}')),
    shown: ["error SKILL_ENV_NAME_INVALID 4:37", "error SKILL_ENV_NAME_INVALID 4:62"],
    skill: { requires: { bins: [], anyBins: [], env: ["OK_1"], config: [] } },
  },
  {
    code: "SKILL_ENV_OPTIONAL",
    when: "a described variable is not required",
    source: withHead(
      requires('"env":[{"name":"A"},{"name":"B","required":false},{"name":"C","default":"x"}]'),
    ),
    shown: [
      "warning SKILL_LIST_SHAPE 4:43",
      "warning SKILL_LIST_SHAPE 4:56",
      "info SKILL_ENV_OPTIONAL 4:64",
      "warning SKILL_LIST_SHAPE 4:86",
      "info SKILL_ENV_OPTIONAL 4:94",
    ],
    skill: { requires: { bins: [], anyBins: [], env: ["A"], config: [] } },
  },
  {
    code: "SKILL_FENCE_CLOSE_MALFORMED",
    when: "the closing line is indented",
    source: "---\nname: a\ndescription: |\n  Text.\n  ---\n\n  Body: not a key.\n",
    shown: ["warning SKILL_FENCE_CLOSE_MALFORMED 5:3"],
    skill: { name: "a", description: "Text." },
  },
  {
    code: "SKILL_FENCE_CLOSE_MALFORMED",
    when: "the closing line has more dashes, or text",
    source: "---\nname: a\ndescription: b\n-----\nbody",
    shown: ["warning SKILL_FENCE_CLOSE_MALFORMED 4:1"],
  },
  {
    code: "SKILL_FENCE_CLOSE_MISSING",
    when: "the body follows at once",
    source: "---\nname: a\ndescription: b\n\n# Title\n\nSome: text.\n",
    shown: ["warning SKILL_FENCE_CLOSE_MISSING 4:1"],
    skill: { name: "a", description: "b", extra: {} },
  },
  {
    code: "SKILL_FENCE_CLOSE_MISSING",
    when: "a ruler in the body stands in for it",
    source: "---\nname: a\ndescription: b\n\n# Title\n\nSome text.\n\n---\n\nMore.\n",
    shown: ["warning SKILL_FENCE_CLOSE_MISSING 4:1"],
    skill: { name: "a", description: "b", extra: {} },
  },
  {
    code: "SKILL_FENCE_OPEN_MALFORMED",
    when: "the opening line has more dashes",
    source: "-----\nname: a\ndescription: b\n---\n",
    shown: ["warning SKILL_FENCE_OPEN_MALFORMED 1:1"],
    skill: { name: "a" },
  },
  {
    code: "SKILL_FENCE_OPEN_MISSING",
    when: "the first line is a key",
    source: "\nname: a\ndescription: b\n---\nbody\n",
    shown: ["warning SKILL_FENCE_OPEN_MISSING 2:1"],
    skill: { name: "a", description: "b" },
  },
  {
    code: "SKILL_FIELD_MISPLACED",
    when: "fields stand at the top or directly under metadata",
    source: withHead("bins: [jq]", "metadata:", "  primaryEnv: A", "  os: linux"),
    shown: [
      "warning SKILL_FIELD_MISPLACED 4:1",
      "warning SKILL_FIELD_MISPLACED 6:3",
      "warning SKILL_FIELD_MISPLACED 7:3",
    ],
    skill: { state: "recovered", namespace: null, requires: jq, primaryEnv: "A", os: ["linux"], extra: {} },
  },
  {
    code: "SKILL_FIELD_MISPLACED",
    when: "fields stand on another level of the namespace, or the namespace at the top",
    source: withHead(
      "openclaw:",
      "  env: [A]",
      "  config:",
      "    requiredEnv: [B]",
      "  requires:",
      "    os: linux",
    ),
    shown: [
      "warning SKILL_FIELD_MISPLACED 4:1",
      "warning SKILL_FIELD_MISPLACED 5:3",
      "warning SKILL_FIELD_MISPLACED 7:5",
      "warning SKILL_FIELD_MISPLACED 9:5",
    ],
    skill: {
      namespace: "openclaw",
      os: ["linux"],
      requires: { bins: [], anyBins: [], env: ["A", "B"], config: [] },
    },
  },
  {
    code: "SKILL_FIELD_RESPELLED",
    when: "a key is written in another way",
    source: withHead('Metadata: {"OpenClaw":{"Requires":{"bin":["jq"]}}}'),
    shown: [
      "warning SKILL_FIELD_RESPELLED 4:1",
      "warning SKILL_FIELD_RESPELLED 4:12",
      "warning SKILL_FIELD_RESPELLED 4:24",
      "warning SKILL_FIELD_RESPELLED 4:36",
    ],
    skill: { namespace: "openclaw", requires: jq },
  },
  {
    code: "SKILL_FIELD_UNKNOWN",
    when: "a namespace holds something else",
    source: withHead(openclaw('"cron":"0 * * * *","config":{"stateDirs":["a"]}')),
    shown: ["info SKILL_FIELD_UNKNOWN 4:24", "info SKILL_FIELD_UNKNOWN 4:53"],
    skill: { state: "ok" },
  },
  {
    code: "SKILL_FILE_EMPTY",
    when: "there is nothing in it",
    source: " \n\n",
    shown: ["error SKILL_FILE_EMPTY 1:1"],
    skill: { state: "invalid", name: "example", description: "" },
  },
  {
    code: "SKILL_FLOW_INDENT",
    when: "brackets go on in the first column",
    source: withHead("metadata: {", "openclaw: {requires: {bins: [jq]}},", "}"),
    shown: ["warning SKILL_FLOW_INDENT 4:11"],
    skill: { requires: jq, namespace: "openclaw" },
  },
  {
    code: "SKILL_FLOW_JSON5",
    when: "YAML would make a key of a comment",
    source: withHead(
      'metadata: {"openclaw":{"requires":{',
      '    "env":["A"], // and this',
      '    "bins":["jq"]}}}',
    ),
    shown: ["warning SKILL_FLOW_JSON5 4:11"],
    skill: { requires: { ...jq, env: ["A"] } },
  },
  {
    code: "SKILL_HEAD_CONFLICT",
    when: "a merge was left unresolved",
    source: withHead("<<<<<<< ours", requires('"bins":["jq"]'), "=======", "license: MIT", ">>>>>>> theirs"),
    shown: ["warning SKILL_HEAD_CONFLICT 4:1"],
    skill: { state: "recovered", requires: jq, license: "MIT" },
  },
  {
    code: "SKILL_HEAD_DOCUMENTS",
    when: "a second head follows",
    source: "---\nname: a\ndescription: b\n---\nname: c\n---\n",
    shown: ["error SKILL_HEAD_DOCUMENTS 5:1"],
  },
  {
    code: "SKILL_HEAD_DOCUMENTS",
    when: "YAML ends a document inside the head",
    source: withHead("...", "license: MIT"),
    shown: ["error SKILL_HEAD_DOCUMENTS 5:1"],
  },
  {
    code: "SKILL_HEAD_LANGUAGE",
    when: "the head is a program",
    source: "---js\nprocess.exit(1)\n---\n",
    shown: ["error SKILL_HEAD_LANGUAGE 1:4"],
  },
  {
    code: "SKILL_HEAD_LATE",
    when: "something stands above it",
    source: `<!-- note -->\n\n${withHead(requires('"bins":["jq"]'))}`,
    shown: ["warning SKILL_HEAD_LATE 3:1"],
    skill: { name: "example", requires: jq },
  },
  {
    code: "SKILL_HEAD_MISSING",
    when: "there is none, or nothing in it",
    source: "---\n# nothing\n---\nText.\n",
    shown: ["warning SKILL_HEAD_MISSING 2:1"],
    skill: { state: "recovered", name: "example", description: "Text." },
  },
  {
    code: "SKILL_HEAD_NOT_MAP",
    when: "the head is a list",
    source: "---\n- name\n---\n",
    shown: ["error SKILL_HEAD_NOT_MAP 2:1"],
  },
  {
    code: "SKILL_HEAD_TOO_COMPLEX",
    when: "it is nested too deeply",
    source: withHead(`a: ${"[".repeat(65)}${"]".repeat(65)}`),
    shown: ["error SKILL_HEAD_TOO_COMPLEX 4:68"],
  },
  {
    code: "SKILL_HEAD_TOO_LARGE",
    when: "it is longer than any head",
    source: withHead(`a: ${"x".repeat(40_000)}`),
    shown: ["error SKILL_HEAD_TOO_LARGE 2:1"],
  },
  {
    code: "SKILL_HOMEPAGE_INVALID",
    when: "the address is none, and the next one is taken",
    source: withHead("homepage: javascript:alert(1)", "website: http://a.example/"),
    shown: ["warning SKILL_HOMEPAGE_INVALID 4:11"],
    skill: { homepage: "http://a.example/" },
  },
  {
    code: "SKILL_INSTALL_FIELD_INVALID",
    when: "a field has a line end, or is no URL, digest or number",
    source: withHead(
      "metadata:",
      "  openclaw:",
      "    install:",
      '    - {kind: apt, package: "a\\nb"}',
      "    - {kind: download, url: a b, sha256: 1f, stripComponents: -1}",
    ),
    shown: [
      "error SKILL_INSTALL_FIELD_INVALID 7:28",
      "error SKILL_INSTALL_FIELD_INVALID 8:29",
      "error SKILL_INSTALL_FIELD_INVALID 8:42",
      "error SKILL_INSTALL_FIELD_INVALID 8:63",
    ],
    skill: { install: [{ kind: null }, { kind: null }] },
  },
  {
    code: "SKILL_INSTALL_INCOMPLETE",
    when: "the package is not given",
    source: withHead(install('{"kind":"node","bins":["x"]}')),
    shown: ["warning SKILL_INSTALL_INCOMPLETE 4:35"],
    skill: { state: "recovered", install: [{ kind: null, declaredKind: "node", bins: ["x"] }] },
  },
  {
    code: "SKILL_INSTALL_KIND_INFERRED",
    when: "the kind is a key, an id, told by another field, or another word",
    source: withHead(
      install(
        '{"brew":{"formula":"a"}}',
        '{"apt":"b"}',
        '{"crate":"c"}',
        '{"id":"uv","package":"d"}',
        '{"kind":"pnpm","package":"e"}',
      ),
    ),
    shown: [
      "warning SKILL_INSTALL_KIND_INFERRED 4:35",
      "warning SKILL_INSTALL_KIND_INFERRED 4:60",
      "warning SKILL_INSTALL_KIND_INFERRED 4:72",
      "warning SKILL_INSTALL_KIND_INFERRED 4:86",
      "warning SKILL_INSTALL_KIND_INFERRED 4:112",
    ],
    skill: {
      install: [
        { kind: "brew", formula: "a" },
        { kind: "apt", packages: ["b"] },
        { kind: "cargo", packages: ["c"] },
        { kind: "uv", packages: ["d"] },
        { kind: "node", packages: ["e"] },
      ],
    },
  },
  {
    code: "SKILL_INSTALL_KIND_UNSUPPORTED",
    when: "the kind or the entry is of no use",
    source: withHead(install('{"kind":"choco","package":"a"}', '"npm i -g b"', "{}")),
    shown: [
      "warning SKILL_INSTALL_KIND_UNSUPPORTED 4:43",
      "warning SKILL_INSTALL_KIND_UNSUPPORTED 4:66",
      "warning SKILL_INSTALL_KIND_UNSUPPORTED 4:79",
    ],
    skill: {
      install: [{ kind: null, declaredKind: "choco", packages: ["a"] }, { kind: null }, { kind: null }],
    },
  },
  {
    code: "SKILL_INSTALL_SOURCE_UNSUPPORTED",
    when: "a registry of its own is named",
    source: withHead(install('{"kind":"pip","package":"a","index-url":"https://a.example"}')),
    shown: ["warning SKILL_INSTALL_SOURCE_UNSUPPORTED 4:63"],
    skill: { install: [{ kind: null, declaredKind: "pip", packages: ["a"] }] },
  },
  {
    code: "SKILL_KEY_DUPLICATE",
    when: "keys stand twice: maps and lists are joined",
    source: withHead(
      requires('"bins":["jq"]'),
      "license: A",
      requires('"bins":["curl"],"env":["B"]'),
      "license: C",
    ),
    shown: [
      "warning SKILL_KEY_DUPLICATE 6:1",
      "warning SKILL_KEY_DUPLICATE 6:12",
      "warning SKILL_KEY_DUPLICATE 6:24",
      "warning SKILL_KEY_DUPLICATE 6:36",
      "warning SKILL_KEY_DUPLICATE 7:1",
    ],
    skill: { license: "C", requires: { bins: ["jq", "curl"], anyBins: [], env: ["B"], config: [] } },
  },
  {
    code: "SKILL_KEY_FORBIDDEN",
    when: "a key reaches into prototypes, in YAML and in JSON5",
    source: withHead("__proto__: {always: true}", "constructor: a", `metadata: '{openclaw: {prototype: 1}}'`),
    shown: [
      "error SKILL_KEY_FORBIDDEN 4:1",
      "error SKILL_KEY_FORBIDDEN 5:1",
      "error SKILL_KEY_FORBIDDEN 6:24",
    ],
    skill: { always: false, extra: {} },
  },
  {
    code: "SKILL_KEY_INVALID",
    when: "a list stands where a key should",
    source: withHead('metadata: {"openclaw":{"requires":{"bins":["jq"],["curl"]}}}'),
    shown: ["error SKILL_KEY_INVALID 4:50"],
    skill: { state: "invalid", requires: jq },
  },
  {
    code: "SKILL_LIST_EMPTY",
    when: "nothing was written",
    source: withHead(
      "metadata:",
      "  openclaw:",
      "    requires:",
      "      bins:",
      '      env: ""',
      "      anyBins: [jq, null]",
    ),
    shown: [
      "warning SKILL_LIST_EMPTY 7:12",
      "warning SKILL_LIST_EMPTY 8:12",
      "warning SKILL_LIST_EMPTY 9:21",
    ],
    skill: { state: "recovered", requires: { bins: [], anyBins: ["jq"], env: [], config: [] } },
  },
  {
    code: "SKILL_LIST_JOINED",
    when: "one entry holds several names",
    source: withHead(requires('"bins":["jq, curl"]')),
    shown: ["warning SKILL_LIST_JOINED 4:44"],
    skill: { requires: { ...jq, bins: ["jq", "curl"] } },
  },
  {
    code: "SKILL_LIST_SHAPE",
    when: "variables are described by a map",
    source: withHead("env:", "  A: {description: a key, required: true}", "  B: b"),
    shown: ["warning SKILL_FIELD_MISPLACED 4:1", "warning SKILL_LIST_SHAPE 5:3"],
    skill: { requires: { bins: [], anyBins: [], env: ["A", "B"], config: [] } },
  },
  {
    code: "SKILL_LIST_TOO_LONG",
    when: "nobody needs that many",
    source: withHead(requires(`"bins":[${Array.from({ length: 300 }, (_, index) => `"b${index}"`).join()}]`)),
    shown: ["error SKILL_LIST_TOO_LONG 4:43"],
    skill: { requires: { ...jq, bins: [] } },
  },
  {
    code: "SKILL_METADATA_INVALID",
    when: "it is a list, no JSON5, or the namespace is a text",
    source: withHead("metadata: '{openclaw: {requires: {bins: }}}'"),
    shown: ["error SKILL_METADATA_INVALID 4:41"],
  },
  {
    code: "SKILL_NAMESPACE_SEVERAL",
    when: "the first in the order of precedence counts",
    source: withHead(
      'metadata: {"clawdbot":{"requires":{"bins":["a"]}},"openclaw":{"requires":{"bins":["jq"]}}}',
    ),
    shown: ["warning SKILL_NAMESPACE_SEVERAL 4:12"],
    skill: { namespace: "openclaw", requires: jq },
  },
  {
    code: "SKILL_NAMESPACE_UNKNOWN",
    when: "fields stand under another name",
    source: withHead('metadata: {"opencode":{"requires":{"bins":["a"]}},"author":{"name":"b"}}'),
    shown: ["warning SKILL_NAMESPACE_UNKNOWN 4:12"],
    skill: { namespace: null, requires: { ...jq, bins: [] } },
  },
  {
    code: "SKILL_NAME_INVALID",
    when: "there is none",
    source: "---\ndescription: a\n---\n",
    shown: ["warning SKILL_NAME_INVALID 2:1"],
    skill: { state: "recovered", name: "example" },
  },
  {
    code: "SKILL_NAME_INVALID",
    when: "it is a path",
    source: "---\nname: ../../etc\ndescription: a\n---\n",
    shown: ["error SKILL_NAME_INVALID 2:7"],
    skill: { state: "invalid", name: "example" },
  },
  {
    code: "SKILL_NAME_MIXED_SCRIPT",
    when: "a Cyrillic letter stands between Latin ones",
    source: "---\nname: p\u{430}ypal\ndescription: a\n---\n",
    shown: ["warning SKILL_NAME_MIXED_SCRIPT 2:7"],
  },
  {
    code: "SKILL_OS_ALIAS",
    when: "systems have other names",
    source: withHead(openclaw('"os":["macOS","Linux","windows","win32"]')),
    shown: ["warning SKILL_OS_ALIAS 4:30", "warning SKILL_OS_ALIAS 4:38", "warning SKILL_OS_ALIAS 4:46"],
    skill: { os: ["darwin", "linux", "win32"] },
  },
  {
    code: "SKILL_OS_UNKNOWN",
    when: "no known system is left, which must not mean every system",
    source: withHead(openclaw('"os":["beos"]')),
    shown: ["error SKILL_OS_UNKNOWN 4:30"],
    skill: { state: "invalid" },
  },
  {
    code: "SKILL_OS_UNKNOWN",
    when: "another one is known",
    source: withHead(openclaw('"os":"linux, beos"')),
    shown: ["warning SKILL_OS_UNKNOWN 4:37"],
    skill: { state: "recovered", os: ["linux"] },
  },
  {
    code: "SKILL_REQUIREMENT_UNKNOWN",
    when: "the format has no such kind",
    source: withHead(requires('"python":["pandas"],"optional":["jq"]')),
    shown: ["warning SKILL_REQUIREMENT_UNKNOWN 4:36", "info SKILL_REQUIREMENT_UNKNOWN 4:56"],
    skill: { state: "recovered" },
  },
  {
    code: "SKILL_TABS",
    when: "blocks are indented with tabs",
    source: withHead("metadata:", "\topenclaw:", "\t\trequires:", "\t\t\tbins: [jq]"),
    shown: ["warning SKILL_TABS 5:1"],
    skill: { requires: jq },
  },
  {
    code: "SKILL_TABS",
    when: "lines inside brackets are",
    source: withHead("metadata:", "  {", '\t"openclaw": {"requires": {"bins": ["jq"]}}', "  }"),
    shown: ["warning SKILL_TABS 6:1"],
    skill: { requires: jq },
  },
  {
    code: "SKILL_TEXT_TYPED",
    when: "a name is a number, a date or a truth value",
    source: "---\nname: 2024-01-02\ndescription: 0x1F\nlicense: true\n---\n",
    shown: ["warning SKILL_TEXT_TYPED 2:7", "warning SKILL_TEXT_TYPED 3:14", "warning SKILL_TEXT_TYPED 4:10"],
    skill: { state: "recovered", name: "2024-01-02", description: "0x1F", license: "true" },
  },
  {
    code: "SKILL_TEXT_UNQUOTED",
    when: "a text has a colon, quotes inside quotes, or begins with a mark of YAML",
    source: '---\nname: a\ndescription: Use it: now.\ntitle: "a "b" c"\nauthor: @ann\n---\n',
    shown: [
      "warning SKILL_TEXT_UNQUOTED 3:14",
      "warning SKILL_TEXT_UNQUOTED 4:8",
      "warning SKILL_TEXT_UNQUOTED 5:9",
    ],
    skill: { state: "recovered", description: "Use it: now.", extra: { title: 'a "b" c', author: "@ann" } },
  },
  {
    code: "SKILL_VALUE_TRIMMED",
    when: "a name has spaces around it",
    source: withHead(requires('"bins":[" jq "]')),
    shown: ["warning SKILL_VALUE_TRIMMED 4:44"],
    skill: { requires: jq },
  },
  {
    code: "SKILL_VALUE_TYPE",
    when: "a text, a flag or a list is something else",
    source: withHead(
      "license: [a]",
      "user-invocable: no",
      openclaw('"primaryEnv":["A","B"],"install":{"kind":"apt","package":"jq"}'),
    ),
    shown: [
      "warning SKILL_VALUE_TYPE 4:10",
      "warning SKILL_VALUE_TYPE 5:17",
      "warning SKILL_VALUE_TYPE 6:37",
      "warning SKILL_VALUE_TYPE 6:57",
    ],
    skill: { userInvocable: false, primaryEnv: "A", install: [{ kind: "apt" }] },
  },
  {
    code: "SKILL_VALUE_TYPE",
    when: "a value cannot be meant",
    source: withHead(openclaw('"always":"perhaps","requires":["jq"]')),
    shown: ["error SKILL_VALUE_TYPE 4:33", "error SKILL_VALUE_TYPE 4:54"],
    skill: { always: false },
  },
  {
    code: "SKILL_YAML_ALIAS",
    when: "a part is named and copied",
    source: withHead("a: &one [x]", "b: *one"),
    shown: ["error SKILL_YAML_ALIAS 4:4", "error SKILL_YAML_ALIAS 5:4"],
  },
  {
    code: "SKILL_YAML_INVALID",
    when: "structure inside a text could be a requirement",
    source: withHead("note: a: b", "  requires:", "    bins: [jq]"),
    shown: ["error SKILL_YAML_INVALID 4:7"],
  },
  {
    code: "SKILL_YAML_TAG",
    when: "a value asks for a type",
    source: withHead('a: !!js/function "x"'),
    shown: ["error SKILL_YAML_TAG 4:4"],
  },
];

describe("a diagnostic", () => {
  it.each(rows.map((row) => [row.code, row.when, row] as const))("%s: %s", (code, _, row) => {
    const skill = parseText(row.source);
    expect(shown(skill)).toEqual(row.shown);
    expect(skill.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    if (row.skill !== undefined) expect(skill).toMatchObject(row.skill);
    for (const { message, hint } of skill.diagnostics) {
      expect(escapeText(message)).toBe(message);
      expect(message).toMatch(/\.$/);
      expect(hint).not.toBe("");
    }
  });

  it("decides the state: errors make a skill invalid, warnings recovered, remarks nothing", () => {
    for (const row of rows) {
      const skill = parseText(row.source);
      const severities = new Set(skill.diagnostics.map(({ severity }) => severity));
      const state = severities.has("error") ? "invalid" : severities.has("warning") ? "recovered" : "ok";
      expect(skill.state).toBe(state);
    }
  });

  it("is shown here for every code that the parser can give", () => {
    const given = codesIn(fileURLToPath(new URL("../../src/skill/parse-skill.ts", import.meta.url)));
    const tested = new Set<string>([...rows.map(({ code }) => code), "SKILL_FILE_TOO_LARGE"]);
    expect([...given].filter((code) => !tested.has(code))).toEqual([]);
    expect(given.size).toBeGreaterThan(50);
  });
});

/** The codes that a module and those below it write. */
function codesIn(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || file.endsWith("codes.ts")) return new Set();
  seen.add(file);
  const source = readFileSync(file, "utf8");
  const codes = new Set([...source.matchAll(/"(SKILL_[A-Z\d_]+)"/g)].map(([, code = ""]) => code));
  for (const [, path = ""] of source.matchAll(/from "(\.[^"]+)"/g)) {
    for (const code of codesIn(join(dirname(file), path), seen)) codes.add(code);
  }
  return codes;
}
