import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A Python package index with one package, `tiny-tool` 1.0, whose command `tiny-tool` prints its version. */
export interface PythonIndex {
  readonly port: number;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startPythonIndex(): Promise<PythonIndex> {
  const wheel = tinyWheel();
  const name = "tiny_tool-1.0-py3-none-any.whl";
  const digest = createHash("sha256").update(wheel).digest("hex");
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (request.url === "/simple/tiny-tool/") {
      response.setHeader("content-type", "text/html");
      response.end(`<!DOCTYPE html><a href="/files/${name}#sha256=${digest}">${name}</a>`);
    } else if (request.url === `/files/${name}`) response.end(wheel);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function tinyWheel(): Buffer {
  const info = "tiny_tool-1.0.dist-info";
  return zip({
    "tiny_tool.py": 'def main():\n    print("tiny-tool 1.0")\n',
    [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: tiny-tool\nVersion: 1.0\n",
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/entry_points.txt`]: "[console_scripts]\ntiny-tool = tiny_tool:main\n",
    [`${info}/RECORD`]: "",
  });
}

/** A zip archive of stored files (APPNOTE.TXT 4.3), which is what a wheel is. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    // 1980-01-01
    head.writeUInt16LE(0x21, 8);
    head.writeUInt32LE(crc32(Buffer.from(text)), 10);
    head.writeUInt32LE(Buffer.byteLength(text), 14);
    head.writeUInt32LE(Buffer.byteLength(text), 18);
    head.writeUInt16LE(name.length, 22);
    const body = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name + text)]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(0o100644 * 0x10000, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), head, tail, Buffer.from(name)]));
    bodies.push(body);
    offset += body.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, ...directory, Buffer.from("PK\x05\x06"), end]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}
