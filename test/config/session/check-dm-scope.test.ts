import { expect, test } from "vitest";
import { checkDmScope } from "../../../src/config/session/check-dm-scope.ts";
import { dmScopes } from "../../../src/config/session/dm-scope.ts";
import { documentOf } from "../effective.ts";

test("a scope of direct messages that does not exist is told, with the near one", () => {
  for (const dmScope of dmScopes) expect(checkDmScope(documentOf({ session: { dmScope } }))).toEqual([]);
  expect(checkDmScope(documentOf({}))).toEqual([]);
  expect(checkDmScope(documentOf('{ session: {\n  dmScope: "per-chanel-peer" } }'))).toMatchObject([
    {
      code: "CONFIG_VALUE_INVALID",
      severity: "warning",
      message: expect.stringContaining('"session.dmScope" is "per-chanel-peer", which is no scope'),
      hint: 'Did you mean "per-channel-peer"?',
      place: { line: 2, column: 12 },
    },
  ]);
  for (const dmScope of [null, true, "everybody"]) {
    const hint = `Write one of ${dmScopes.join(", ")}.`;
    expect(checkDmScope(documentOf({ session: { dmScope } }))).toMatchObject([{ hint }]);
  }
});
