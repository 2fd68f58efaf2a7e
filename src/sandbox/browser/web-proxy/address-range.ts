/** An address as its bytes, most significant first: 4 of them or 16. */
export type AddressBytes = Uint8Array;

/** The addresses that begin with the first `bits` bits of `bytes`. */
export interface AddressRange {
  readonly bytes: AddressBytes;
  readonly bits: number;
}

export function isInRange(address: AddressBytes, { bytes, bits }: AddressRange): boolean {
  if (address.length !== bytes.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index += 1) {
    if (address[index] !== bytes[index]) return false;
  }
  const rest = bits & 7;
  return rest === 0 || ((address[whole] ?? 0) ^ (bytes[whole] ?? 0)) >> (8 - rest) === 0;
}

/** Whether all of `inner` lies in `outer`. */
export function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.bits >= outer.bits && isInRange(inner.bytes, outer);
}
