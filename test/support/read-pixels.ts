import { inflateSync } from "node:zlib";

/** A picture, and the colour of each of its points: `rgb(r,g,b)`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): string;
}

/** Reads a PNG of eight bits a channel without interlacing, as browsers write them. */
export function readPixels(png: Uint8Array): Picture {
  const bytes = Buffer.from(png);
  const [width, height, colours] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[25]];
  const channels = colours === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)];
    for (let column = 0; column < stride; column += 1) {
      const to = row * stride + column;
      const left = column < channels ? 0 : (pixels[to - channels] ?? 0);
      const up = row === 0 ? 0 : (pixels[to - stride] ?? 0);
      const corner = row === 0 || column < channels ? 0 : (pixels[to - stride - channels] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      pixels[to] = ((raw[row * (stride + 1) + 1 + column] ?? 0) + predicted) & 0xff;
    }
  }
  return {
    width,
    height,
    at: (x, y) => `rgb(${[...pixels.subarray(y * stride + x * channels).subarray(0, 3)].join(",")})`,
  };
}

/** PNG (ISO/IEC 15948), 9.4. */
function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
