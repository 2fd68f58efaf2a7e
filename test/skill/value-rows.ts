import { type DiagnosticRow, install, jq, openclaw, requires } from "./diagnostic-row.ts";
import { withHead } from "./parse-text.ts";

/** Heads that are whole, with odd values beside the requirements. */
export const valueRows: readonly DiagnosticRow[] = [
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
    code: "SKILL_OS_ALIAS",
    when: "systems have other names",
    source: withHead(openclaw('"os":["macOS","Linux","windows","win32"]')),
    shown: ["warning SKILL_OS_ALIAS 4:30", "warning SKILL_OS_ALIAS 4:38", "warning SKILL_OS_ALIAS 4:46"],
    skill: { os: ["darwin", "linux", "win32"] },
  },
  {
    code: "SKILL_OS_UNKNOWN",
    when: "an install entry is for no known system: it is not used, the skill is",
    source: withHead(install('{"kind":"apt","package":"a","os":["beos"]}')),
    shown: ["warning SKILL_OS_UNKNOWN 4:69"],
    skill: { state: "recovered", install: [{ kind: null, declaredKind: "apt" }] },
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
];
