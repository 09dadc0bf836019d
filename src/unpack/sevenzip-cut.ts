import { holdBack, type Lookahead } from './lookahead';
import type { Entry, List } from './sevenzip-list';

/** Tells the members apart in the one stream into which 7-Zip writes their bytes and, between them, its messages. */
export interface Cut {
  /**
   * Goes to a member, the list's next one. Answers what is wrong with one of which no byte follows, in 7-Zip's words, or `absent` when it
   * is not announced.
   */
  begin: (entry: Entry) => Promise<string | undefined>;
  /** The bytes of the member that was begun; to be read to its end. */
  content: (entry: Entry) => AsyncGenerator<Uint8Array, void, void>;
  /** Behind a member's bytes: what 7-Zip found wrong with it. `lost` when what follows is not what must follow. */
  end: (entry: Entry) => Promise<{ wrong?: string; lost: boolean }>;
  /** Whether 7-Zip is through with all members, too. */
  isAtEnd: () => Promise<boolean>;
}

export interface CutOptions {
  /** What is written before the first member's announcement. */
  prologue: Buffer;
  /**
   * Whether a member ends at the first message instead of behind as many bytes as the list says. Content can look like a message, so that
   * is only for members of which the size is unknown, or of which another run showed that it is wrong.
   */
  searched: (entry: Entry) => boolean;
}

export const ABSENT = 'absent';

const PROMPT = '\nEnter password:\n';
const ENDINGS = ['Everything is Ok\n', '\nNo files to process\n', '\nSub items Errors: ', '\nArchives with Errors: '];
const PIECE = 256 * 1024;
/** Behind a path in an announcement: a slash for a folder, the position of a part of a volume, the line's end. */
const REST = /^\/?(?: <\d+>)?\n/;
const ROOM = 64;
/** A message of 7-Zip's about a member, up to its path. */
const WRONG = /^ERROR: ([A-Za-z][A-Za-z .?#0-9]{3,80}) : $/;
const BLOCK_WRONG = /^ERROR: [A-Za-z ]{3,30} : #\d{1,10}\n/;
const WRONG_LENGTH = 'ERROR:  : '.length + 81;
/** How many members that are folders or empty may go unannounced one after the other. */
const UNANNOUNCED = 64;

/** The length of a member's announcement, if the text begins with it, and whether the member's bytes follow. */
const announced = (text: string, { path }: Entry): { length: number; bytes: boolean } | undefined => {
  const known = text.startsWith('- ') || text.startsWith('T ') || text.startsWith('. ');
  if (!known || !text.startsWith(path, 2)) return undefined;
  const rest = REST.exec(text.slice(2 + path.length, 2 + path.length + ROOM));
  return rest === null ? undefined : { length: 2 + path.length + rest[0].length, bytes: text.startsWith('-') };
};

/** Whether a message about a member says that the password may be wrong. */
export const isLocked = (wrong: string): boolean => /wrong password/i.test(wrong);

/** What is wrong with a member, if the text begins with a message about it, and the message's length. */
const complained = (text: string, { path }: Entry): { length: number; wrong: string } | undefined => {
  if (!text.startsWith('ERROR: ')) return undefined;
  const end = text.indexOf(` : ${path}\n`);
  const wrong = WRONG.exec(text.slice(0, Math.min(end, WRONG_LENGTH) + 3))?.[1];
  return wrong === undefined || end < 0 ? undefined : { length: end + 4 + path.length, wrong };
};

/** Where any of the texts stands, in order. */
const placesOf = (bytes: Buffer, texts: string[]): number[] => {
  const places: number[] = [];
  for (const text of texts) {
    const needle = Buffer.from(text, 'latin1');
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) places.push(at);
  }
  return places.sort((a, b) => a - b);
};

/** @param output of `x -so -ba -bb1 -bso2` with messages joined in; @param list of the same container */
export const createCut = async (output: Lookahead, list: List, { prologue, searched }: CutOptions): Promise<Cut> => {
  let prompted = prologue.includes(PROMPT);
  if (!(await output.peek(prologue.length)).subarray(0, prologue.length).equals(prologue)) {
    throw new Error('It opens in different ways.');
  }
  output.skip(prologue.length);

  const textAhead = async (size: number) => (await output.peek(size)).toString('latin1', 0, size);
  const complaintAhead = async (entry: Entry, fits = (_wrong: string) => true) => {
    const found = complained(await textAhead(WRONG_LENGTH + entry.path.length + ROOM), entry);
    if (found === undefined || !fits(found.wrong)) return undefined;
    output.skip(found.length);
    return found.wrong;
  };
  // 7-Zip asks once, before it first needs the password.
  const skipPrompt = async () => {
    if (prompted || !(await textAhead(PROMPT.length)).startsWith(PROMPT)) return;
    output.skip(PROMPT.length);
    prompted = true;
  };

  /** Of bytes that are left in a block behind its last member, 7-Zip complains by the block's number. */
  const skipBlockComplaint = async () => {
    const text = BLOCK_WRONG.exec(await textAhead(ROOM))?.[0];
    if (text !== undefined) output.skip(text.length);
  };

  /** The members of which one is announced next, or none at the end. */
  const upcoming = async (): Promise<Entry[]> => {
    const entries: Entry[] = [];
    while (entries.length < UNANNOUNCED) {
      const next = await list.peek(entries.length);
      if (next === undefined) break;
      entries.push(next);
      if (!next.folder && next.size !== 0) break;
    }
    return entries;
  };
  const isMessage = (text: string, next: Entry[]): boolean =>
    next.length === 0
      ? ENDINGS.some((ending) => text.startsWith(ending))
      : next.some((entry) => announced(text, entry) !== undefined);

  async function* search(entry: Entry): AsyncGenerator<Uint8Array, void, void> {
    const next = await upcoming();
    const marks = next.length === 0 ? ENDINGS : next.flatMap(({ path }) => [`- ${path}`, `T ${path}`]);
    const longest = WRONG_LENGTH + Math.max(entry.path.length, ...next.map(({ path }) => path.length)) + ROOM;
    for (;;) {
      const ahead = await output.peek(PIECE + longest);
      const whole = ahead.length < PIECE + longest ? ahead.length : PIECE;
      if (whole === 0) return;
      const end = placesOf(ahead, ['ERROR: ', ...marks]).find((at) => {
        const text = ahead.toString('latin1', at, at + longest);
        return complained(text, entry) !== undefined || isMessage(text, next);
      });
      const length = Math.min(whole, end ?? whole);
      if (length > 0) yield await output.take(length);
      if (end !== undefined && end <= whole) return;
    }
  }

  async function* exactly(entry: Entry, size: number): AsyncGenerator<Uint8Array, void, void> {
    // The last bytes are held back: when all ends too early, they turn out to be messages.
    const lag = WRONG_LENGTH + entry.path.length + 4 * ROOM;
    let left = size;
    const take = async () => {
      const piece = await output.take(left);
      left -= piece.length;
      return piece;
    };
    const rest = yield* holdBack({ take }, lag);
    const at = left === 0 ? -1 : rest.indexOf(` : ${entry.path}\n`, 0, 'latin1');
    const message = at < 0 ? -1 : rest.lastIndexOf('ERROR: ', at, 'latin1');
    if (rest.length > 0) yield message < 0 ? rest : rest.subarray(0, message);
  }

  return {
    begin: async (entry) => {
      await skipPrompt();
      const marker = announced(await textAhead(2 + entry.path.length + ROOM), entry);
      if (marker === undefined) return ABSENT;
      output.skip(marker.length);
      if (entry.encrypted) await skipPrompt();
      if (!marker.bytes) return (await complaintAhead(entry)) ?? 'Unavailable data';
      // Content can look like a complaint: only where a password may be wrong it is believed without a count of bytes.
      return entry.encrypted ? complaintAhead(entry, isLocked) : undefined;
    },
    content: (entry) => (entry.size === undefined || searched(entry) ? search(entry) : exactly(entry, entry.size)),
    end: async (entry) => {
      const wrong = await complaintAhead(entry);
      if (wrong !== undefined) await skipBlockComplaint();
      await skipPrompt();
      const next = await upcoming();
      const longest = Math.max(0, ...next.map(({ path }) => path.length)) + ROOM;
      return { wrong, lost: !isMessage(await textAhead(longest), next) };
    },
    isAtEnd: async () => isMessage(await textAhead(ROOM), []),
  };
};
