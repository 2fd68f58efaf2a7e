import { expect, test } from "vitest";
import { createStyle } from "../../src/report/style.ts";

const tty = { isTTY: true, columns: 100 };
const pipe = { isTTY: false };

test.each([
  ["a terminal", tty, {}, true],
  ["a pipe", pipe, {}, false],
  ["a terminal with NO_COLOR", tty, { NO_COLOR: "1" }, false],
  ["a terminal with an empty NO_COLOR", tty, { NO_COLOR: "" }, true],
  ["a dumb terminal", tty, { TERM: "dumb" }, false],
  ["a pipe with FORCE_COLOR", pipe, { FORCE_COLOR: "1" }, true],
  ["a terminal with FORCE_COLOR=0", tty, { FORCE_COLOR: "0" }, false],
  ["NO_COLOR and FORCE_COLOR", tty, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
])("colours on %s", (_, stream, env, colored) => {
  expect(createStyle(stream, env).red("x")).toBe(colored ? "\u001b[31mx\u001b[39m" : "x");
});

test("only a terminal has a width", () => {
  expect(createStyle(tty, {}).columns).toBe(100);
  expect(createStyle(pipe, {}).columns).toBeNull();
});
