type Chunks = AsyncIterable<Uint8Array>;

const FEED = 0x0a;
const RETURN = 0x0d;
/** A line of uuencode has at most 61 characters; what is longer is none. */
const LONGEST = 1024;
/** Bytes that a line of uuencode holds at most. */
const MOST = 63;

/** Decodes the lines between `begin` and `end` (uuencode(5)); lines that are cut short count as filled up with blanks, as mail gateways cut them. */
export async function* decodeUu(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const line = new Uint8Array(LONGEST);
  let length = 0;
  const decodeLine = (out: Uint8Array, at: number): number => {
    const wanted = length === 0 ? 0 : ((line[0] ?? 0) - 0x20) & 0x3f;
    const sextet = (i: number) => (i < length ? ((line[i] ?? 0) - 0x20) & 0x3f : 0);
    for (let done = 0, i = 1; done < wanted; done += 3, i += 4) {
      const group = (sextet(i) << 18) | (sextet(i + 1) << 12) | (sextet(i + 2) << 6) | sextet(i + 3);
      for (let n = 0; n < Math.min(3, wanted - done); n++) out[at++] = group >> (16 - 8 * n);
    }
    length = 0;
    return at;
  };
  for await (const chunk of chunks) {
    let out = new Uint8Array(chunk.length + MOST);
    let at = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte !== FEED) {
        if (byte !== RETURN && length < LONGEST) line[length++] = byte;
        continue;
      }
      // Lines that are cut short can mean more than they are long.
      if (at + MOST > out.length) {
        yield out.subarray(0, at);
        out = new Uint8Array(out.length);
        at = 0;
      }
      at = decodeLine(out, at);
    }
    if (at > 0) yield out.subarray(0, at);
  }
  const rest = new Uint8Array(MOST);
  const left = decodeLine(rest, 0);
  if (left > 0) yield rest.subarray(0, left);
}

/** Decodes yEnc's lines (yenc-draft.1.3): each byte is 42 more, one behind an equals sign 64 more still. */
export async function* decodeYenc(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let escaped = false;
  let lineStart = true;
  let keyword = false;
  for await (const chunk of chunks) {
    const out = new Uint8Array(chunk.length);
    let at = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === FEED || byte === RETURN) {
        lineStart = true;
        keyword = escaped = false;
        continue;
      }
      // A line that begins with "=y" says something of the part, "y" itself never being escaped.
      if (escaped && lineStart && byte === 0x79) keyword = true;
      if (!keyword) {
        if (escaped) {
          out[at++] = byte - 64 - 42;
          escaped = lineStart = false;
        } else if (byte === 0x3d) escaped = true;
        else {
          out[at++] = byte - 42;
          lineStart = false;
        }
      }
    }
    if (at > 0) yield out.subarray(0, at);
  }
}
