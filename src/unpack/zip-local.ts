import type { Window } from './window';
import { isMethod } from './zip-method';
import { CENTRAL, DESCRIPTOR, FLAG, LOCAL, type LocalHeader, localHeader } from './zip-record';
import { nextTurn } from './zip-slices';
import { isEncrypted, type View } from './zip-view';

const DEFLATE = 8;
/** How much is searched at once: little at first, for the next may be near, and there may be many; then ever more. Bytes. */
const FIRST_STEP = 8 * 1024;
const LAST_STEP = 1024 * 1024;

/** The first place from `start` on where one of these signatures of four bytes lies whole in front of `end`. */
export const findSignature = async (
  window: Window,
  start: number,
  end: number,
  signatures: Buffer[],
  signal: AbortSignal,
): Promise<number | undefined> => {
  let step = FIRST_STEP;
  for (let at = start; at + 4 <= end; at += step - 3, step = Math.min(step * 4, LAST_STEP)) {
    signal.throwIfAborted();
    const bytes = window.read(at, Math.min(step, end - at));
    const places = signatures.map((signature) => bytes.indexOf(signature)).filter((place) => place >= 0);
    if (places.length > 0) return at + Math.min(...places);
    if (bytes.length < step) return undefined;
    await nextTurn();
  }
  return undefined;
};

/** Takes the checksum and the sizes of what ends at the next signature from the descriptor there, if it is one. */
const upToDescriptor = (window: Window, header: LocalHeader, end: number): View => {
  const bytes = window.read(end, 16);
  const isDescriptor = bytes.length === 16 && bytes.subarray(0, 4).equals(DESCRIPTOR);
  const about = isDescriptor ? { crc: bytes.readUInt32LE(4), size: bytes.readUInt32LE(12) } : {};
  return { facts: { ...header, ...about }, from: header.contentAt, to: end, isOpenEnded: false };
};

/** A member as a program sees it that reads from the front and knows no directory. */
export const localView = async (window: Window, header: LocalHeader, signal: AbortSignal): Promise<View> => {
  const { contentAt, compressed, flags, method } = header;
  // With a descriptor, what is deflated ends where it says so itself, whatever the header says.
  if ((flags & FLAG.descriptor) !== 0 && method === DEFLATE && !isEncrypted(header)) {
    return { facts: header, from: contentAt, to: window.size, isOpenEnded: true };
  }
  if ((flags & FLAG.descriptor) === 0 || compressed > 0) {
    return { facts: header, from: contentAt, to: contentAt + compressed, isOpenEnded: false };
  }
  const end = await findSignature(window, contentAt, window.size, [DESCRIPTOR, LOCAL, CENTRAL], signal);
  return upToDescriptor(window, header, end ?? window.size);
};

/** The local header at a place, unless a program would hardly take it for one: the signature may be there by chance. */
export const plausibleHeader = (window: Window, at: number): LocalHeader | undefined => {
  const header = localHeader(window, at);
  if (header === undefined || header.name.length === 0 || !isMethod(header.method)) return undefined;
  const isEmpty = header.compressed === 0 && (header.flags & FLAG.descriptor) === 0;
  return isEmpty || header.contentAt >= window.size ? undefined : header;
};
