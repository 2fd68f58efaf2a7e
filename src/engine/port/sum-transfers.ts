/** Adds up the parts of a transfer, such as the layers of an image, that are told one by one and again and again. */
export interface TransferSum {
  /** Sets how far one part is; `total` is 0 where it is not known. */
  set(part: string, current: number, total: number): void;
  readonly bytes: number;
  /** 0 where no part's size is known. */
  readonly totalBytes: number;
}

export function sumTransfers(): TransferSum {
  const parts = new Map<string, { readonly current: number; readonly total: number }>();
  let bytes = 0;
  let totalBytes = 0;
  return {
    set: (part, current, total) => {
      const before = parts.get(part);
      // The engine repeats a part without its size when it is through with it.
      const size = Math.max(total, before?.total ?? 0);
      bytes += current - (before?.current ?? 0);
      totalBytes += size - (before?.total ?? 0);
      parts.set(part, { current, total: size });
    },
    get bytes() {
      return bytes;
    },
    get totalBytes() {
      return totalBytes;
    },
  };
}
