import type { Socket } from "node:net";

/** What is still sent after a last word is read and dropped: closing before it was read could take the word away. */
const lastWordMs = 5000;

/** Says a last thing, and closes the connection once the other side has, or after a while. */
export function endWith(socket: Socket, text: string): void {
  socket.end(text);
  socket.resume();
  socket.setTimeout(lastWordMs, () => socket.destroy());
}
