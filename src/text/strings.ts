/** The shortest run of characters that counts as text. */
const SHORTEST = 6;
/** How much of a run is carried from one piece to the next. Bytes. */
const CARRY = 4096;
const IN_ASCII = new RegExp(`[\\t\\x20-\\x7e]{${SHORTEST},}`, 'g');
const IN_UTF16 = new RegExp(`(?:[\\t\\x20-\\x7e]\\0){${SHORTEST},}`, 'g');

// The plain ones last: where one of them goes on in the next piece, nothing comes between.
const runsIn = (text: string, goesOn: boolean): string => {
  const plain = text.match(IN_ASCII) ?? [];
  const wide = (text.match(IN_UTF16) ?? []).map((run) => run.replaceAll('\0', ''));
  return [...wide, ...plain, ...(goesOn ? [] : [''])].join('\n');
};

const isOfRun = (code: number): boolean => code === 0 || code === 9 || (code >= 0x20 && code < 0x7f);

/** The text that lies in bytes of any kind, as strings(1) shows it: runs of ASCII, and of the same in UTF-16. */
export async function* strings(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let carried = '';
  for await (const bytes of pieces) {
    const text = carried + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    let end = text.length;
    while (end > 0 && text.length - end < CARRY && isOfRun(text.charCodeAt(end - 1))) end--;
    yield runsIn(text.slice(0, end), end > 0 && isOfRun(text.charCodeAt(end - 1)));
    carried = text.slice(end);
  }
  yield runsIn(carried, false);
}
