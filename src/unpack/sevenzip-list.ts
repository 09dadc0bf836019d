import type { Lookahead } from './lookahead';

/** One entry of 7-Zip's list. */
export interface Entry {
  /** From 0. */
  index: number;
  /** The bytes of its path as 7-Zip prints them, in Latin-1: a line feed in it is a `_`. */
  path: string;
  folder: boolean;
  /** Bytes; missing when the container does not say. */
  size?: number;
  encrypted: boolean;
  /** Bytes that must be unpacked before this one is: what lies before it in a solid block. */
  before: number;
}

/** The list one entry after the other, with a look at those ahead. Throws when it is not what 7-Zip prints. */
export interface List {
  /** The n-th of those that are still to come, from 0; undefined when there are not so many. */
  peek: (n: number) => Promise<Entry | undefined>;
  next: () => Promise<Entry | undefined>;
}

/** The longest record, whose fields are names of members mostly. Bytes. */
const RECORD = 4 * 1024 * 1024;
const END = '\n\n';

/** A record's text up to the empty line behind it; undefined at the end. */
const readRecord = async (output: Lookahead): Promise<string | undefined> => {
  for (let searched = 0; ; ) {
    const ahead = await output.peek(searched + 1);
    if (ahead.length === 0) return undefined;
    const end = ahead.indexOf(END, Math.max(0, searched - 1));
    if (end >= 0) {
      output.skip(end + END.length);
      return ahead.toString('latin1', 0, end);
    }
    if (ahead.length === searched || ahead.length > RECORD) throw new Error('The list of its members breaks off.');
    searched = ahead.length;
  }
};

const namesIn = (record: string): string[] =>
  record.split('\n').map((line) => {
    const end = line.indexOf(' =');
    if (end < 0) throw new Error('The list of its members cannot be read.');
    return line.slice(0, end);
  });

/** Each record has the same fields in the same order; a value that forges a line would break that. */
const fieldsOf = (record: string, names: string[]): Map<string, string> => {
  const lines = record.split('\n');
  const fits = lines.length === names.length && lines.every((line, i) => line.startsWith(`${names[i]} =`));
  if (!fits || names[0] !== 'Path') throw new Error('The list of its members contradicts itself.');
  return new Map(lines.map((line, i) => [names[i] ?? '', line.slice((names[i] ?? '').length + 3)]));
};

const PROMPT = '\nEnter password:\n';

/** @param output of `l -slt -ba` */
export const createList = async (output: Lookahead): Promise<List> => {
  if ((await output.peek(PROMPT.length)).toString('latin1', 0, PROMPT.length) === PROMPT) output.skip(PROMPT.length);
  const ahead: Entry[] = [];
  let names: string[] | undefined;
  let index = 0;
  let block = '';
  let blockSize = 0;

  const beforeOf = (fields: Map<string, string>, size: number): number => {
    // 7z names the block, RAR says that a member leans on those before it.
    const now = fields.get('Block') ?? '';
    const goesOn = (now !== '' && now === block) || fields.get('Solid') === '+';
    block = now;
    const before = goesOn ? blockSize : 0;
    blockSize = before + size;
    return before;
  };

  const read = async (): Promise<Entry | undefined> => {
    const record = await readRecord(output);
    if (record === undefined) return undefined;
    names ??= namesIn(record);
    const fields = fieldsOf(record, names);
    const size = /^\d+$/.test(fields.get('Size') ?? '') ? Number(fields.get('Size')) : undefined;
    return {
      index: index++,
      path: fields.get('Path') ?? '',
      folder: fields.get('Folder') === '+' || (fields.get('Attributes') ?? '').startsWith('D'),
      size,
      encrypted: fields.get('Encrypted') === '+',
      before: beforeOf(fields, size ?? 0),
    };
  };

  const peek = async (n: number) => {
    while (ahead.length <= n) {
      const entry = await read();
      if (entry === undefined) return undefined;
      ahead.push(entry);
    }
    return ahead[n];
  };
  return {
    peek,
    next: async () => {
      await peek(0);
      return ahead.shift();
    },
  };
};
