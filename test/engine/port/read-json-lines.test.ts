import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonLines } from "../../../src/engine/port/read-json-lines.ts";

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const size of sizes) {
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
  yield bytes.subarray(offset);
}

async function readAll(bytes: Uint8Array, sizes: readonly number[] = []): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const message of readJsonLines(cut(bytes, sizes), "read")) messages.push(message);
  return messages;
}

const encode = (text: string) => new TextEncoder().encode(text);

test("the messages are the same wherever the chunks are cut, between the bytes of a character too", async () => {
  const message = fc.record({ stream: fc.string({ unit: "binary" }), n: fc.integer() });
  const lineEnd = fc.constantFrom("\n", "\r\n");
  await fc.assert(
    fc.asyncProperty(
      fc.array(message),
      lineEnd,
      fc.array(fc.nat(9)),
      fc.boolean(),
      async (messages, end, sizes, ended) => {
        const text = messages.map((value) => JSON.stringify(value)).join(end) + (ended ? end : "");
        expect(await readAll(encode(text), sizes)).toEqual(JSON.parse(JSON.stringify(messages)));
      },
    ),
    { numRuns: 40 },
  );
});

test("empty lines are nothing", async () => {
  expect(await readAll(encode('\n\r\n{"a":1}\n\n'))).toEqual([{ a: 1 }]);
});

describe("what is no stream of messages is ENGINE_PROTOCOL", () => {
  test.each(['{"a":1}\n{"b":', "hello\n", "1\n", "[]\n", "null\n", '"text"\n'])("%j", async (text) => {
    await expect(readAll(encode(text))).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  });

  test("a message that does not end, before memory does", async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    let sent = 0;
    const endless = async function* () {
      for (;;) {
        sent += 1;
        yield chunk;
      }
    };
    const read = async () => {
      for await (const _message of readJsonLines(endless(), "read")) throw new Error("there is no message");
    };
    await expect(read()).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
    expect(sent).toBeLessThan(20);
  });
});

test("messages before a broken one are given", async () => {
  const seen: unknown[] = [];
  const read = async () => {
    for await (const message of readJsonLines(cut(encode('{"a":1}\n{"b'), []), "read")) seen.push(message);
  };
  await expect(read()).rejects.toMatchObject({ code: "ENGINE_PROTOCOL" });
  expect(seen).toEqual([{ a: 1 }]);
});
