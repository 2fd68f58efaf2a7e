import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { OutputChunk } from "../../../src/engine/port/split-frames.ts";
import { keepOutput } from "../../../src/sandbox/exec/keep-output.ts";
import { createOutputLog } from "../../../src/sandbox/exec/output-log.ts";
import { redactChunks } from "../../../src/sandbox/exec/redact-chunks.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const chunk = (text: string, stream: OutputChunk["stream"] = "stdout"): OutputChunk => ({
  stream,
  bytes: Buffer.from(text),
});

describe("what is kept of an output", () => {
  test("is all of it, each stream for itself, up to one limit for both", async () => {
    const keeper = keepOutput(6, undefined);
    for (const piece of [chunk("ab"), chunk("cd", "stderr"), chunk("efgh"), chunk("ij", "stderr")]) {
      await keeper.write(piece);
    }
    expect(keeper.finish()).toEqual({ stdout: "abef", stderr: "cd", truncated: true, spilledTo: null });
  });

  test("has no half of a character at its end, and keeps a byte order mark", async () => {
    const keeper = keepOutput(6, undefined);
    await keeper.write(chunk("\ufeffaéé"));
    expect(keeper.finish()).toMatchObject({ stdout: "\ufeffaé", truncated: true });
    const broken = keepOutput(6, undefined);
    await broken.write({ stream: "stdout", bytes: Buffer.from([0x61, 0xc3]) });
    expect(broken.finish()).toMatchObject({ stdout: "a\ufffd", truncated: false });
  });

  test("takes no more memory for a program that prints byte by byte", async () => {
    const keeper = keepOutput(300_000, undefined);
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 300_000; count += 1) {
      await keeper.write(chunk("x", count % 2 === 0 ? "stdout" : "stderr"));
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
    expect(keeper.finish().stderr).toHaveLength(150_000);
  });

  test("goes on in a file, in the order in which it came, and no file is made for what fits", async () => {
    const folder = tempFolder();
    const fitting = keepOutput(10, { folder });
    await fitting.write(chunk("0123456789"));
    expect(fitting.finish().spilledTo).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
    const keeper = keepOutput(3, { folder, limitBytes: 6 });
    for (const piece of [chunk("12345"), chunk("67", "stderr"), chunk("89abc")]) await keeper.write(piece);
    const { spilledTo } = keeper.finish();
    expect(readFileSync(spilledTo?.path ?? "", "utf8")).toBe("456789");
    expect(spilledTo).toMatchObject({ sizeBytes: 6, complete: false });
  });
});

describe("an output that is read again", () => {
  const log = (options = {}) =>
    createOutputLog({ folder: tempFolder(), fileBytes: 10, memoryBytes: 4, ...options });
  const text = async (of: ReturnType<typeof log>, since: number, maxBytes = 100) => {
    const { bytes, since: from, next } = await of.read(since, maxBytes);
    return [Buffer.from(bytes).toString(), from, next];
  };

  test("comes from the file, then from memory; what is in neither is passed over", async () => {
    const output = log();
    for (const piece of ["abc", "defgh", "", "ijklmnopqrs", "t"]) await output.append(Buffer.from(piece));
    expect(output.sizeBytes).toBe(20);
    expect(await text(output, 0, 4)).toEqual(["abcd", 0, 4]);
    expect(await text(output, 4)).toEqual(["efghij", 4, 10]);
    expect(await text(output, 10)).toEqual(["qrst", 16, 20]);
    expect(await text(output, 18)).toEqual(["st", 18, 20]);
    expect(await text(output, 20)).toEqual(["", 20, 20]);
    expect(await text(output, 99)).toEqual(["", 20, 20]);
    expect(await text(output, -5, 1)).toEqual(["a", 0, 1]);
    output.close();
    expect(await text(output, 0)).toEqual(["qrst", 16, 20]);
  });

  test("has no file that anybody could find", async () => {
    const folder = tempFolder();
    const output = log({ folder });
    await output.append(Buffer.from("secret"));
    expect(readdirSync(folder)).toEqual([]);
    output.close();
  });

  test("needs a folder", () => {
    expect(() => log({ folder: `${tempFolder()}/none` })).toThrow("ENOENT");
  });
});

test("a secret is in no output, wherever that is cut", async () => {
  const secret = "swordfish-42";
  const printed = `before ${secret} ${Buffer.from(secret).toString("base64")} after`;
  for (let size = 1; size < printed.length; size += 1) {
    const chunks = async function* () {
      for (let at = 0; at < printed.length; at += size) {
        yield chunk(printed.slice(at, at + size));
        yield chunk("-", "stderr");
      }
    };
    const seen = { stdout: "", stderr: "" };
    for await (const { stream, bytes } of redactChunks(chunks(), [secret]))
      seen[stream] += Buffer.from(bytes);
    expect(seen.stdout).toBe("before [redacted] [redacted] after");
    expect(seen.stderr).toMatch(/^-+$/);
  }
});
