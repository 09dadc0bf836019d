import type { Answer, Definitions, Engine } from '../../src/engines/contract';
import { answerOf } from './answer';
import type { About } from './database/format';
import { openVulnerabilities } from './database/open';
import { recognize } from './recognize/recognize';

export interface Options {
  database: string;
}

const definitionsOf = ({ records, modified, digest }: About): Definitions => {
  const date = Date.parse(modified ?? '');
  return {
    version: `${records} records ${digest}`,
    ...(Number.isNaN(date) ? {} : { date: new Date(date).toISOString() }),
  };
};

/** What the system says when a file cannot be read; anything else is a bug, and travels up. */
const toFailure = (error: unknown): Extract<Answer, { status: 'failed' }> => {
  const { code, syscall } = error as { code?: string; syscall?: string };
  if (syscall === undefined) throw error;
  return { status: 'failed', reason: `it cannot be read (${code})`, retry: true };
};

/** Known vulnerabilities of the software that files are, or are parts of, by a database of OSV records that was imported. */
export default {
  id: 'vulnerabilities',
  name: 'OSV',
  finds: ['Vulnerability'],
  options: (z) =>
    z.strictObject({
      database: z
        .string()
        .min(1)
        .describe('The database that "assay vulnerabilities import" made; without it the one in dataDir'),
    }),

  // Each thread opens it for itself; that it cannot be opened is told once, before they do.
  prepare: async ({ database }) => openVulnerabilities(database).close(),

  open: async ({ database: path }) => {
    const database = openVulnerabilities(path);
    const definitions = definitionsOf(database.about);
    let closed = false;
    return {
      definitions: async () => definitions,
      scan: async (file, { signal }) => {
        if (file.size === 0) return { status: 'clean' };
        const components = await recognize(file).catch(toFailure);
        signal.throwIfAborted();
        if (components !== undefined && 'status' in components) return components;
        if (components === undefined || components.length === 0) {
          return { status: 'skipped', reason: 'it says of no software what it is', retry: false };
        }
        return answerOf(components, database);
      },
      close: async () => {
        if (!closed) database.close();
        closed = true;
      },
    };
  },
} satisfies Engine<Options>;
