import { expect, test } from "vitest";
import type { DmScope } from "../../../src/config/session/dm-scope.ts";
import { describeSharing } from "../../../src/sandbox/home/describe-sharing.ts";
import type { ScopeKind } from "../../../src/sandbox/scope.ts";
import { homeWorld } from "./preparing.ts";

const cases: readonly (readonly [ScopeKind, string, DmScope | null, string])[] = [
  ["session", "agent:main:telegram:dm:42", "per-channel-peer", "one-person"],
  ["session", "agent:main:main", "per-channel-peer", "one-person"],
  ["session", "agent:main:main", "main", "direct-messages"],
  ["session", "agent:main:main", null, "direct-messages"],
  ["session", "main", "main", "direct-messages"],
  ["session", "agent:main:telegram:group:-100", "per-channel-peer", "group"],
  ["session", "agent:main:discord:channel:77", "main", "group"],
  ["session", "cron:job-1", "main", "one-person"],
  ["session", "agent:main:main:thread:7", "main", "direct-messages"],
  ["session", "agent:main:telegram:dm:main", "per-channel-peer", "one-person"],
  ["session", "agent:main:telegram:dm:group", "per-channel-peer", "one-person"],
  ["agent", "main", "per-channel-peer", "agent"],
  ["shared", "shared", "per-channel-peer", "everyone"],
];

test.each(cases)("%s %s with dmScope %s: %s", (kind, key, dmScope, by) => {
  const { diagnostic, ...sharing } = describeSharing({ scope: { kind, key }, dmScope, sessions: [] });
  expect(sharing.by).toBe(by);
  expect(diagnostic === null).toBe(by === "one-person");
});

test("the main key is the gateway's own", () => {
  const scope = { kind: "session", key: "agent:a:home" } as const;
  expect(describeSharing({ scope, dmScope: "main", mainKey: "home", sessions: [] }).by).toBe(
    "direct-messages",
  );
  expect(describeSharing({ scope, dmScope: "main", mainKey: " Home", sessions: [] }).by).toBe(
    "direct-messages",
  );
  expect(describeSharing({ scope, dmScope: "main", sessions: [] }).by).toBe("one-person");
});

test("prepareHome lists who has used the home, with a warning that names them", async () => {
  const { prepare } = homeWorld({ kind: "agent", key: "main" });
  const use = (session: string) => ({ agent: "main", session, dmScope: "per-channel-peer" as const });
  await prepare({ use: use("agent:main:telegram:dm:bob") });
  const { sharing, diagnostics } = await prepare({ use: use("agent:main:telegram:dm:alice") });
  expect(sharing.sessions).toEqual(["agent:main:telegram:dm:alice", "agent:main:telegram:dm:bob"]);
  expect(diagnostics).toEqual([sharing.diagnostic]);
  expect(sharing.diagnostic).toMatchObject({
    code: "HOME_SHARED",
    message: expect.stringMatching(
      /agent "main".*"agent:main:telegram:dm:alice", "agent:main:telegram:dm:bob"/,
    ),
    hint: expect.stringContaining("per-channel-peer"),
  });
});

test("two people's sessions have two homes, and nothing to say about it", async () => {
  const { prepare } = homeWorld();
  const homes = await Promise.all(
    ["alice", "bob"].map((person) => {
      const session = `agent:main:telegram:dm:${person}`;
      const use = { agent: "main", session, dmScope: "per-channel-peer" as const };
      return prepare({ scope: { kind: "session", key: session }, use });
    }),
  );
  expect(new Set(homes.map(({ dir }) => dir)).size).toBe(2);
  expect(homes.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
});
