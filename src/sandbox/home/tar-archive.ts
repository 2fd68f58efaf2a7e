import type { Pack } from "tar-fs";

export type TarHeader = Parameters<Pack["entry"]>[0];

/** A tar archive that is written entry by entry, and read as a stream meanwhile. */
export async function openArchive(): Promise<Pack> {
  const { pack } = await import("tar-fs");
  // tar-fs packs folders by path; with none to read, it hands over the open archive.
  const archive = await new Promise<Pack>((resolve) => {
    pack("/", { entries: [], finalize: false, finish: resolve });
  });
  return archive.on("error", saidElsewhere);
}

/** Adds a folder or a link. */
export async function addEntry(archive: Pack, header: TarHeader): Promise<void> {
  await openEntry(archive, header).ended;
}

/** Adds a file: exactly as many bytes as the header says, zeros where the content has fewer. */
export async function addFile(
  archive: Pack,
  header: TarHeader & { readonly size: number },
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const { entry, ended } = openEntry(archive, header);
  let left = header.size;
  const write = async (bytes: Buffer) => {
    left -= bytes.length;
    if (bytes.length === 0 || entry.write(bytes)) return;
    await Promise.race([new Promise<void>((resolve) => entry.once("drain", resolve)), ended]);
  };
  for await (const piece of content) await write(piece.subarray(0, left));
  while (left > 0) await write(Buffer.alloc(Math.min(left, 65_536)));
  entry.end(noBytes);
  await ended;
}

const noBytes = Buffer.alloc(0);

/** One without content ends by itself. */
function openEntry(archive: Pack, header: TarHeader) {
  let settle: (error?: Error | null) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  // Waited for at the end; until then nobody else must.
  ended.catch(saidElsewhere);
  const entry = archive.entry(header, (error) => settle(error));
  entry.on("error", saidElsewhere);
  return { entry, ended };
}

/** Where an archive is destroyed, it and its entry each emit an error, which has already been said to who waits. */
function saidElsewhere(): void {}
