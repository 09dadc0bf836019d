/** The beginning of what is compressed, and how much a chunk holds (MS-OVBA 2.4.1.1). */
const SIGNATURE = 1;
const CHUNK = 4096;

/**
 * Unpacks what VBA keeps compressed (MS-OVBA 2.4.1.3), chunk by chunk; what follows its end, or does not fit, ends it.
 * @param compressed from the signature byte on
 */
export function* decompressVba(compressed: Uint8Array): Generator<Uint8Array> {
  if (compressed[0] !== SIGNATURE) return;
  for (let at = 1; at + 2 <= compressed.length; ) {
    const header = (compressed[at] ?? 0) | ((compressed[at + 1] ?? 0) << 8);
    if (((header >> 12) & 7) !== 3) return;
    const end = Math.min(at + (header & 0xfff) + 3, compressed.length);
    const body = compressed.subarray(at + 2, end);
    yield header & 0x8000 ? unpackChunk(body) : body.subarray(0, CHUNK);
    at = end;
  }
}

const unpackChunk = (body: Uint8Array): Uint8Array => {
  const out = new Uint8Array(CHUNK);
  let length = 0;
  for (let at = 0; at < body.length; ) {
    const flags = body[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < body.length && length < CHUNK; bit++) {
      if ((flags & (1 << bit)) === 0) {
        out[length++] = body[at++] ?? 0;
        continue;
      }
      if (at + 2 > body.length) return out.subarray(0, length);
      const token = (body[at] ?? 0) | ((body[at + 1] ?? 0) << 8);
      at += 2;
      // The further a chunk has got, the more bits of a token say how far back, and the fewer how much (MS-OVBA 2.4.1.3.19.1).
      const offsetBits = Math.max(Math.ceil(Math.log2(length)), 4);
      const back = (token >> (16 - offsetBits)) + 1;
      const count = (token & (0xffff >> offsetBits)) + 3;
      if (back > length) return out.subarray(0, length);
      for (let i = 0; i < count && length < CHUNK; i++, length++) out[length] = out[length - back] ?? 0;
    }
  }
  return out.subarray(0, length);
};
