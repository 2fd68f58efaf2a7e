import { inspect } from "node:util";
import { parse } from "dotenv";
import { describe, expect, test } from "vitest";
import { parseEnvText } from "../../../src/sandbox/secrets/parse-env-text.ts";

const read = (text: string) => parseEnvText(text, "/s/.env");
const codes = (text: string) => read(text).diagnostics.map(({ code, place }) => `${code} ${place?.line}`);

describe("as people write it", () => {
  const text = [
    "\ufeff# comment",
    "A=plain",
    "  export B = spaced out  # comment",
    "C='single # $kept \\n'",
    'D="double\\nline"',
    "E=`both ' and \"`",
    'F="-----BEGIN KEY-----',
    "two",
    '-----END KEY-----"',
    "G: yaml",
    "H=",
    "I=''",
    'J={"a":"b c"}',
    "K=a=b==",
    "export L=1",
    "M='it\\'s'",
  ];

  test.each([
    ["Unix", "\n"],
    ["Windows", "\r\n"],
    ["old Mac", "\r"],
  ])("with line ends of %s, just as the library reads it", (_, lineEnd) => {
    const { values, diagnostics } = read(text.join(lineEnd));
    expect(Object.fromEntries(values)).toEqual(parse(text.join(lineEnd)));
    expect(values.get("F")).toBe("-----BEGIN KEY-----\ntwo\n-----END KEY-----");
    expect([...values.keys()].join("")).toBe("ABCDEFGHIJKLM");
    expect(diagnostics).toEqual([]);
  });

  test("lines are counted over values of several lines", () => {
    expect(read(text.join("\n")).lines.get("G")).toBe(10);
  });
});

describe("nothing is passed over without a word", () => {
  test.each([
    ["a stray word", "A=1\nhello world\n", ["SECRET_FILE_LINE 2"]],
    ["export without a value", "export A\n", ["SECRET_FILE_LINE 1"]],
    ["a name with a dash", "my-key=1\n", ["SECRET_FILE_NAME 1"]],
    ["a name that begins with a digit", "1A=1\n", ["SECRET_FILE_NAME 1"]],
    ["a name of JavaScript's", "__proto__=1\n", ["SECRET_FILE_NAME 1"]],
    ["a quote left open", "A='1\nB=2\n", ["SECRET_FILE_QUOTE 1"]],
    ["text behind a quote", "A='1' 2\n", ["SECRET_FILE_QUOTE 1"]],
    ["two of one name", "A=1\n\nA=2\n", ["SECRET_FILE_DUPLICATE 3"]],
    ["a # inside", "A=pass#word\n", ["SECRET_FILE_COMMENT 1"]],
    ["a value on the next line", "A=\n'x'\n", ["SECRET_FILE_LINE 2"]],
  ])("%s", (_, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test("the other lines are read all the same", () => {
    const { values } = read("A='open\nstray\nB=2\nB=3\n");
    expect(Object.fromEntries(values)).toEqual({ B: "3" });
  });

  test("no diagnostic quotes what may be a secret", () => {
    const { diagnostics } = read(
      "sk-canary-1\nsk-canary-2=\nA='sk-canary-3\nB=sk-canary-4#x\nB=sk-canary-5\n",
    );
    expect(diagnostics).toHaveLength(5);
    expect(JSON.stringify(diagnostics)).not.toContain("canary");
  });

  test("thousands of problems are cut", () => {
    const { diagnostics } = read("x\n".repeat(5000) + "A=1\n".repeat(5000));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)?.code).toBe("SECRET_FILE_PROBLEMS_CUT");
  });
});

describe("hostile files take no time", () => {
  // Each of these keeps a reader by the square of its size busy for minutes.
  const size = 1 << 20;
  test.each([
    ["line ends", "\n".repeat(size)],
    ["spaces", " ".repeat(size)],
    ["spaces before a word", `${" ".repeat(size)}x y`],
    ["a value of spaces", `A=${" ".repeat(size)}x`],
    ["open quotes", "A='\\'\n".repeat(size / 6)],
    ["escaped quotes", `A="${'\\"'.repeat(size / 2)}`],
    ["a name", "A".repeat(size)],
    ["line ends in quotes", `A='${"\n".repeat(size - 4)}'`],
    ["assignments", "A=1\n".repeat(size / 4)],
  ])("%s", (_, text) => {
    expect(read(text).diagnostics.length).toBeLessThanOrEqual(101);
  });
});

test("values do not show themselves", () => {
  const { values } = read("A=canary\n");
  expect(values.get("A")).toBe("canary");
  expect(inspect({ values }, { depth: 9 }) + JSON.stringify({ values }) + String(values)).not.toContain(
    "canary",
  );
});
