import { Duplex } from "node:stream";
import { connect } from "node:tls";

/** The first bytes of a TLS client that wants `host`: whoever speaks TLS answers them with a handshake, anybody else does not. */
export function tlsHelloBytes(host: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
        // The hello is one flight; nothing answers, so there is no other.
        resolve(Buffer.concat(chunks));
        wire.destroy();
      },
    });
    const name = /^[\d.]+$|^\[/.test(host) ? {} : { servername: host };
    // Nobody is at the other end of this wire; what is sent on it holds no secret.
    connect({ socket: wire, rejectUnauthorized: true, ...name }).on("error", () => undefined);
  });
}
