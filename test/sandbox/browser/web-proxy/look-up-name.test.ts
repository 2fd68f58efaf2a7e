import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLookUp } from "../../../../src/sandbox/browser/web-proxy/look-up-name.ts";

/** Addresses by name and type; `silent`: no answer; absent: no such name. */
type Zone = Readonly<Record<string, { A?: readonly string[]; AAAA?: readonly string[] } | "silent">>;

/** A name server on this machine (RFC 1035 §4.1): where it is, and the names that it was asked for. */
async function startNameServer(zone: Zone): Promise<{ at: string; asked: Set<string> }> {
  const asked = new Set<string>();
  const server = createSocket("udp4", (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join(".");
    asked.add(name);
    const entry = zone[name];
    if (entry === "silent") return;
    const type = query.readUInt16BE(at + 1);
    const addresses = (type === 1 ? entry?.A : entry?.AAAA) ?? [];
    const answers = addresses.map((text) => {
      const last = Buffer.of(Number(text.slice(2)));
      const data =
        type === 1 ? Buffer.from(text.split(".").map(Number)) : Buffer.concat([Buffer.alloc(15), last]);
      return Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data]);
    });
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(entry === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    header.writeUInt32BE(0, 8);
    server.send(Buffer.concat([header, query.subarray(12, at + 5), ...answers]), port, address);
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return { at: `127.0.0.1:${server.address().port}`, asked };
}

const never = new AbortController().signal;

describe("createLookUp", () => {
  it("gives both families in turn, sixteen addresses at most", async () => {
    const many = Array.from({ length: 20 }, (_, index) => `1.2.3.${index + 1}`);
    const { at } = await startNameServer({
      "both.example": { A: ["1.1.1.1", "1.1.1.2"], AAAA: ["::3"] },
      "many.example": { A: many, AAAA: many.map((_, index) => `::${(index % 9) + 1}`) },
      "old.example": { A: ["1.1.1.1"] },
    });
    const lookUp = createLookUp([at]);
    expect(await lookUp("both.example", never)).toEqual(["::3", "1.1.1.1", "1.1.1.2"]);
    expect(await lookUp("old.example", never)).toEqual(["1.1.1.1"]);
    expect(await lookUp("many.example", never)).toHaveLength(16);
  });

  it("asks for the name itself and no other, and for localhost nobody", async () => {
    const { at, asked } = await startNameServer({ "empty.example": {} });
    const lookUp = createLookUp([at]);
    for (const name of ["missing.example", "empty.example", "wiki"])
      expect(await lookUp(name, never)).toEqual([]);
    expect(await lookUp("localhost", never)).toEqual(["127.0.0.1", "::1"]);
    expect(await lookUp("a.localhost", never)).toEqual(["127.0.0.1", "::1"]);
    expect(asked).toEqual(new Set(["missing.example", "empty.example", "wiki"]));
  });

  it("gives up when it is told to", async () => {
    const { at } = await startNameServer({ "silent.example": "silent" });
    const looking = createLookUp([at])("silent.example", AbortSignal.timeout(100));
    await expect(looking).rejects.toMatchObject({ code: "ECANCELLED" });
  });
});
