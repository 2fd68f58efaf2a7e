import { parse } from "dotenv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEnvText } from "../../../src/sandbox/secrets/parse-env-text.ts";
import { writeAssignment, writeEnvText } from "../../../src/sandbox/secrets/write-env-text.ts";

/** Texts made of what gives a `.env` file trouble, and any Unicode between. */
const awkward = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        "`",
        "\\",
        "\\n",
        "\n",
        "\r",
        "\r\n",
        "#",
        " #",
        "$",
        "$A",
        "=",
        " ",
        "\t",
        "a",
        "é",
        "\u2028",
        "\ufeff",
        "😀",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !text.includes("\0")),
);
const names = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/);

describe("what is written reads back byte for byte", () => {
  test("by the library alone, with other names before and behind", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(names, awkward), { selector: ([name]) => name, maxLength: 6 }),
        (pairs) => {
          const possible = pairs.filter(([name, value]) => writeAssignment(name, value) !== null);
          const { text, refused } = writeEnvText("# mine\nFIRST='x y'\n", new Map(possible));
          expect(refused).toEqual([]);
          const wanted = new Map([["FIRST", "x y"], ...possible]);
          expect(new Map(Object.entries(parse(text)))).toEqual(wanted);
          expect(parseEnvText(text, "/.env")).toMatchObject({ values: wanted, diagnostics: [] });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("is refused only where quotes cannot hold it", () => {
    fc.assert(
      fc.property(awkward, (value) => {
        if (writeAssignment("A", value) !== null) return;
        // Double quotes alone have an escape for a carriage return, and read two characters as one.
        const noDouble = /"|\\[nr]/.test(value);
        const noOther = value.includes("\r") || ["'", "`"].every((quote) => value.includes(quote));
        expect(value.endsWith("\\") || (noDouble && noOther)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["plain", "abc-1.2:3/x@y", "A=abc-1.2:3/x@y"],
    ["empty", "", "A=''"],
    ["spaces and a dollar", " a $B #c ", "A=' a $B #c '"],
    ["a single quote", "it's", `A="it's"`],
    ["two lines", "a\nb", 'A="a\\nb"'],
    ["both quotes", `a'b"c`, `A=\`a'b"c\``],
    ["a Windows path", "C:\\new dir\\", "A=C:\\new dir\\"],
    ["all three quotes", "a'b\"c`d", "A=a'b\"c`d"],
    ["a line end and backslash-n", "a\n\\n'", "A=`a\n\\n'`"],
  ])("%s", (_, value, line) => {
    expect(writeAssignment("A", value)).toBe(line);
  });

  test.each([
    ["all quotes and a comment mark", "'\"` #"],
    ["spaces and a backslash at the end", " a\\"],
  ])("%s cannot be written", (_, value) => {
    expect(writeAssignment("A", value)).toBeNull();
    expect(writeEnvText("B=1\n", new Map([["A", value]]))).toEqual({ text: "B=1\n", refused: ["A"] });
  });
});

describe("everything else in the file stays", () => {
  const text = [
    "# keys of the house",
    "",
    "  export FIRST = one   # the first",
    "stray line",
    'MULTI="line 1\n# no comment\nline 3"',
    "SECOND: two",
    "THIRD='3'",
  ].join("\n");

  test("a name keeps its place, a new one goes to the end", () => {
    const changes = new Map([
      ["SECOND", "2 two"],
      ["NEW", "n"],
    ]);
    expect(writeEnvText(text, changes).text).toBe(
      `${text.replace("SECOND: two", "SECOND='2 two'")}\nNEW=n\n`,
    );
  });

  test("a value over several lines is replaced and removed whole", () => {
    expect(writeEnvText(text, new Map([["MULTI", "1"]])).text).toBe(text.replace(/MULTI="[^"]*"/, "MULTI=1"));
    expect(writeEnvText(text, new Map([["MULTI", null]])).text).toBe(text.replace(/MULTI="[^"]*"\n/, ""));
  });

  test("line ends of Windows are kept and used", () => {
    const windows = "# a\r\nA=1\r\nB='x\r\ny'\r\n";
    expect(
      writeEnvText(
        windows,
        new Map([
          ["A", "2"],
          ["C", "3"],
        ]),
      ).text,
    ).toBe("# a\r\nA=2\r\nB='x\r\ny'\r\nC=3\r\n");
  });

  test("of a name that stands several times one is left", () => {
    expect(writeEnvText("A=1\nB=2\nA=3\n", new Map([["A", "4"]])).text).toBe("B=2\nA=4\n");
    expect(writeEnvText("A=1\nB=2\nA=3\n", new Map([["A", null]])).text).toBe("B=2\n");
  });

  test("a broken line of the same name gives way", () => {
    expect(writeEnvText('A="open\nB=2\n', new Map([["A", "4"]])).text).toBe("A=4\nB=2\n");
  });

  test("in any file, whatever is set", () => {
    const files = fc
      .array(
        fc.oneof(
          awkward,
          fc.tuple(names, awkward).map(([name, value]) => `${name}=${value}`),
        ),
        { maxLength: 8 },
      )
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(files, names, awkward, (before, name, value) => {
        const { text: after, refused } = writeEnvText(before, new Map([[name, value]]));
        if (refused.length > 0) {
          expect(after).toBe(before);
          return;
        }
        const wanted = new Map(parseEnvText(before, "/.env").values).set(name, value);
        expect(new Map(parseEnvText(after, "/.env").values)).toEqual(wanted);
      }),
      { numRuns: 2000 },
    );
  });
});
