import { createHash } from 'node:crypto';
import type { Definitions, Engine, EngineFile } from '../../src/engines/contract';
import { type HashLists, loadLists } from './load';
import { readName } from './names';
import { lookUp } from './table';

export interface Options {
  block: string[];
  allow: string[];
}

export interface Prepared {
  block: HashLists;
  allow: HashLists;
}

const find = ({ tables, names }: HashLists, file: EngineFile) => {
  for (const table of tables) {
    const hex = table.length === 32 ? file.sha256 : table.length === 20 ? file.sha1 : file.md5;
    const name = lookUp(table, Buffer.from(hex, 'hex'), file.size);
    if (name !== undefined) return readName(names, name);
  }
  return undefined;
};

const definitionsOf = ({ block, allow }: Prepared): Definitions => {
  const hash = createHash('sha256').update(`block ${block.digest} allow ${allow.digest}`).digest('hex').slice(0, 6);
  const files = block.files + allow.files;
  const modified = Math.max(block.modified, allow.modified);
  return {
    version: `${files} ${files === 1 ? 'list' : 'lists'}, ${block.entries} blocked, ${allow.entries} allowed ${hash}`,
    ...(modified > 0 && { date: new Date(modified).toISOString() }),
  };
};

/** Block and allow lists of hashes. It judges by the hashes alone and never reads the file. */
export default {
  id: 'hashes',
  name: 'Hash lists',
  finds: ['Threat', 'Blocklisted', 'Allowlisted'],
  options: (z) =>
    z.strictObject({
      block: z
        .array(z.string().min(1))
        .default([])
        .describe('Lists of files to block, and folders of them: plain hashes, CSV, ClamAV .hdb and .hsb'),
      allow: z.array(z.string().min(1)).default([]).describe('Lists of files known to be good, in the same formats'),
    }),

  prepare: async ({ block, allow }, context) => {
    const prepared = { block: loadLists(block, context), allow: loadLists(allow, context) };
    if (prepared.allow.tables.some(({ length }) => length < 32)) {
      context.log.warn(
        'an allow list has MD5 or SHA-1 hashes: for these a harmful file can be made that has the hash of a good one',
      );
    }
    return prepared;
  },

  open: async (_options, { prepared }) => {
    const { block, allow } = prepared;
    const definitions = definitionsOf(prepared);
    return {
      definitions: async () => definitions,
      scan: async (file) => {
        const blocked = find(block, file);
        if (blocked)
          return { status: 'detected', name: blocked.name, kind: blocked.isThreat ? 'Threat' : 'Blocklisted' };
        const allowed = find(allow, file);
        if (allowed) return { status: 'detected', name: allowed.name, kind: 'Allowlisted' };
        if (block.files === 0) return { status: 'skipped', reason: 'no block list is configured', retry: false };
        if (block.entries === 0) return { status: 'skipped', reason: 'the block lists are empty', retry: false };
        return { status: 'clean' };
      },
      close: async () => {},
    };
  },
} satisfies Engine<Options, Prepared>;
