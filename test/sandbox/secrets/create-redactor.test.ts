import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../../../src/sandbox/secrets/create-redactor.ts";

describe("every form of a secret goes", () => {
  const secret = 'päss/w+rd "x" & 100%?';
  const { redact } = createRedactor([secret]);
  test.each([
    ["as it is", secret],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64 for URLs", Buffer.from(secret).toString("base64url")],
    ["base64 behind a user's name", Buffer.from(`me:${secret}`).toString("base64")],
    ["base64 behind another", Buffer.from(`you:${secret}`).toString("base64")],
    ["base64 behind a third", Buffer.from(`some:${secret}`).toString("base64")],
    ["in a URL", encodeURIComponent(secret)],
    ["in a form", new URLSearchParams({ a: secret }).toString()],
    ["in JSON", JSON.stringify({ a: secret })],
    ["in JSON inside JSON", JSON.stringify(JSON.stringify({ a: secret }))],
    ["in Python's JSON", JSON.stringify({ a: secret }).replace("ä", "\\u00e4")],
  ])("%s", (_, form) => {
    const clean = redact(`before ${form} after`);
    expect(clean).toContain("[redacted]");
    expect(clean).toMatch(/^before .* after$/);
    for (const piece of ["w+rd", "w%2Brd", "100%", Buffer.from(secret).toString("base64").slice(8, 20)])
      expect(clean).not.toContain(piece);
  });

  test("lines of a key are hidden one by one", () => {
    const key = "-----BEGIN KEY-----\nMIIBVgIBADANBgkq\n-----END KEY-----\n";
    expect(createRedactor([key]).redact("log: MIIBVgIBADANBgkq\n")).toBe("log: [redacted]\n");
  });

  test("longer secrets before shorter ones, overlapping ones whole", () => {
    expect(createRedactor(["abcd", "abcdefgh"]).redact("abcdefgh")).toBe("[redacted]");
    expect(createRedactor(["abcdef", "defghi"]).redact("xabcdefghiy")).toBe("x[redacted]y");
    expect(createRedactor(["aaaa"]).redact("aaaaaaa")).toBe("[redacted]");
  });

  test("fewer than four characters are not looked for", () => {
    expect(createRedactor(["abc", ""]).redact("abc abc")).toBe("abc abc");
  });
});

describe("streams", () => {
  const through = async (values: readonly string[], chunks: readonly Buffer[]) =>
    buffer(Readable.from(chunks).pipe(createRedactor(values).stream()));

  test("cut anywhere, give what the whole text gives", async () => {
    const unit = fc.constantFrom("a", "b", "é", "😀", "\n", "/");
    const values = fc.array(fc.string({ unit, minLength: 4, maxLength: 7 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.array(fc.oneof(fc.string({ unit, maxLength: 6 }), fc.nat(2)), { maxLength: 12 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        async (secrets, parts, cuts) => {
          const text = parts
            .map((part) => (typeof part === "number" ? (secrets[part] ?? "") : part))
            .join("");
          const bytes = Buffer.from(text);
          const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort(
            (a, b) => a - b,
          );
          const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          const result = await through(secrets, chunks);
          expect(result.toString()).toBe(createRedactor(secrets).redact(text));
        },
      ),
      { numRuns: 400 },
    );
  });

  test("what is no text passes byte for byte", async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 7) % 256));
    const result = await through(
      ["secret"],
      [bytes.subarray(0, 100), Buffer.from("sec"), Buffer.from("ret"), bytes],
    );
    expect(result).toEqual(Buffer.concat([bytes.subarray(0, 100), Buffer.from("[redacted]"), bytes]));
  });

  test("nothing is held back that no secret can begin with", async () => {
    const stream = createRedactor(["secret"]).stream();
    stream.write("hello se");
    expect(String(stream.read())).toBe("hello ");
    stream.end("rve");
    expect(await buffer(stream)).toEqual(Buffer.from("serve"));
  });
});
