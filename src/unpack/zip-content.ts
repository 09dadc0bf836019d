import { crc32 } from 'node:zlib';
import { troubleError } from './contract';
import { descriptorLength } from './zip-descriptor';
import type { Decoder } from './zip-inflate';
import { decoderOf, methodName } from './zip-method';
import { slicesOf } from './zip-slices';
import { type Opened, type Source, unlock } from './zip-unlock';
import { isEncrypted, type View } from './zip-view';

/** What was found to be in a member: its checksum and size, and where it ends in the container. */
interface Found {
  crc: number;
  size: number;
  end: number;
  isSealIntact: boolean;
}

/** Up to these sizes a member is unpacked at once, without a stream. Bytes, packed and unpacked. */
const PACKED_AT_ONCE = 512 * 1024;
const AT_ONCE = 4 * 1024 * 1024;

/** Damage costs the slice that it is in, so what is small is cut finely. Bytes. */
const sliceFor = (length: number): number => Math.min(64 * 1024, Math.max(64, Math.ceil(length / 256)));

const placeOf = ({ from, to }: View, opened: Opened | undefined) => {
  const start = from + (opened?.lock.head ?? 0);
  return { start, end: Math.max(start, to - (opened?.lock.tail ?? 0)) };
};

/** Unpacks what is small and sound at once; undefined for all else. */
const atOnce = (decoder: Decoder, view: View, opened: Opened | undefined, { window }: Source) => {
  const { start, end } = placeOf(view, opened);
  const tooLarge = end - start > PACKED_AT_ONCE || view.facts.size > AT_ONCE;
  if (decoder.whole === undefined || tooLarge || view.isOpenEnded) return undefined;
  const packed = window.read(start, end - start);
  if (packed.length < end - start) return undefined;
  const decipher = opened?.key.start();
  try {
    const { bytes, used } = decoder.whole(decipher?.update(packed) ?? packed, view.facts.size);
    const isSealIntact = decipher?.fits(window.read(end, opened?.lock.tail ?? 0)) ?? true;
    return { bytes, found: { crc: crc32(bytes), size: bytes.length, end: start + used, isSealIntact } };
  } catch {
    return undefined;
  }
};

async function* asStream(
  decoder: Decoder,
  view: View,
  opened: Opened | undefined,
  { window, signal }: Source,
): AsyncGenerator<Uint8Array, Found> {
  const { start, end } = placeOf(view, opened);
  const decipher = opened?.key.start();
  async function* packed() {
    for await (const piece of slicesOf(window, start, end, signal, sliceFor(end - start))) {
      yield decipher?.update(piece) ?? piece;
    }
  }
  const found = { crc: 0, size: 0, end, isSealIntact: true };
  const about = {
    facts: view.facts,
    used: (bytes: number) => {
      found.end = start + bytes;
    },
  };
  try {
    for await (const bytes of decoder.stream(packed(), about)) {
      found.crc = crc32(bytes, found.crc);
      found.size += bytes.length;
      yield bytes;
    }
  } catch (error) {
    if (signal.aborted || (error instanceof Error && 'trouble' in error)) throw error;
    throw troubleError('damaged', 'Its packed content is damaged.');
  }
  // A seal is over all of the locked bytes: it says nothing where the content ended before them.
  if (found.end === end) found.isSealIntact = decipher?.fits(window.read(end, opened?.lock.tail ?? 0)) ?? true;
  return found;
}

const problemOf = ({ facts, isOpenEnded }: View, opened: Opened | undefined, found: Found, { window }: Source) => {
  if (!found.isSealIntact) return 'Its seal does not belong to its content: it is damaged, or was changed.';
  if (isOpenEnded) {
    const isRight = descriptorLength(window, found.end, found) !== undefined;
    return isRight ? undefined : 'What is written behind its content does not belong to it: it is damaged or cut off.';
  }
  // Without zip64, sizes are kept modulo 2^32.
  if (found.size >>> 0 !== facts.size >>> 0) return 'Its content is not as long as its header says.';
  if ((opened?.lock.hasChecksum ?? true) && found.crc !== facts.crc) return 'Its checksum is wrong: it is damaged.';
  return undefined;
};

/**
 * The content of a member by one view of it: all that can be read, then the trouble where there is one.
 * @param ended is told where it ended in the container, as soon as that is known
 */
export async function* contentOf(view: View, source: Source, ended: (at: number) => void): AsyncGenerator<Uint8Array> {
  const opened = isEncrypted(view.facts) ? await unlock(view, source) : undefined;
  const method = opened?.lock.method ?? view.facts.method;
  const decoder = decoderOf(method, source.bySevenZip);
  if (decoder === undefined) {
    throw troubleError('unsupported', `It is compressed by ${methodName(method)}, which is not read here.`);
  }
  const small = atOnce(decoder, view, opened, source);
  let found: Found;
  if (small !== undefined) {
    found = small.found;
    if (small.bytes.length > 0) yield small.bytes;
  } else {
    found = yield* asStream(decoder, view, opened, source);
  }
  ended(found.end + (opened?.lock.tail ?? 0));
  const problem = problemOf(view, opened, found, source);
  if (problem !== undefined) throw troubleError('damaged', problem);
}
