import { describe, expect, test } from "vitest";
import { upstreamVersion } from "../../src/recipe/debian-upstream-version.ts";
import { fitsPythonRange } from "../../src/recipe/fits-python-range.ts";
import { fitsSemverRange } from "../../src/recipe/fits-semver-range.ts";

/** `version range`: those that fit, and those that do not. Judged by the reference implementations. */
function judge(
  fits: (version: string, range: string) => boolean,
  yes: readonly string[],
  no: readonly string[],
) {
  const split = (text: string): [string, string] => {
    const at = text.indexOf(" ");
    return [text.slice(0, at), text.slice(at + 1)];
  };
  test.each(yes)("%s: yes", (text) => expect(fits(...split(text))).toBe(true));
  test.each(no)("%s: no", (text) => expect(fits(...split(text))).toBe(false));
}

describe("ranges of Python packaging", () => {
  judge(
    fitsPythonRange,
    [
      "1.5.3 >=1.5,<2",
      "1.5.3 ==1.5.3",
      "1.5 ==1.5.0",
      "1.5.3 ==1.5.*",
      "1.5.3 !=1.6.*",
      "2.2.1 ~=2.2",
      "2.2.1 ~=2.2.0",
      "2.0.post1 >=2.0",
      "2.0rc1 <2.0rc2",
      "1!1.0 >2.0",
      "1.0 ===1.0",
      "3.4.1 ",
    ],
    [
      "1.5.3 >=2.0",
      "1.5.3 ==1.5",
      "2.3 ~=2.2.0",
      "3.0 ~=2.2",
      "2.0rc1 <2.0",
      "2.0.post1 >2.0",
      "2.0.dev1 >=2.0",
      "1.0.0 ===1.0",
      "1.5.3 >=banana",
      "banana >=1.0",
      "1.5.3 1.5.3",
    ],
  );
});

describe("ranges of semver", () => {
  judge(
    fitsSemverRange,
    [
      "1.17.1 ^1.17.1",
      "1.18.0 ^1.17.1",
      "0.2.9 ^0.2.3",
      "0.0.3 ^0.0.3",
      "1.2.9 ~1.2.3",
      "1.9.0 ~1",
      "2.3.4 1.x || >=2.3 <3",
      "1.5.0 1.2 - 1.5",
      "1.5.9 1.2 - 1.5",
      "3.0.0 *",
      "3.0.0 ",
      "1.0.0-rc.2 >=1.0.0-rc.1",
      "1.2.3 =v1.2.3",
      "2.0.0 > 1",
    ],
    [
      "2.0.0 ^1.17.1",
      "0.3.0 ^0.2.3",
      "0.0.4 ^0.0.3",
      "1.3.0 ~1.2.3",
      "1.6.0 1.2 - 1.5",
      "2.0.0-rc.1 ^1.0.0",
      "2.0.0-rc.1 >=1.0.0",
      "2.0.0-rc.1 <2.0.0",
      "1.9.9 >1",
      "1.2.3 latest",
      "1.2.3 git+ssh://x",
      "1.2 ^1.0.0",
    ],
  );
});

test("upstream versions of Debian's", () => {
  const versions = [
    ["1.5.3+dfsg-2", "1.5.3"],
    ["2:0.4.26-3", "0.4.26"],
    ["3.6.12-1+deb12u1", "3.6.12"],
    ["20221105+dfsg-1.1~deb12u1", "20221105"],
    ["1.21.1+ds1-1+b4", "1.21.1"],
    ["4.0~rc1-1", "4.0rc1"],
    ["1.2.3", "1.2.3"],
  ];
  for (const [debian = "", upstream] of versions) expect(upstreamVersion(debian), debian).toBe(upstream);
});
