import type { Answer, Definitions, OpenEngine } from '../../src/engines/contract';
import { answerOf } from './answer';
import type { About } from './database/format';
import { openVulnerabilities } from './database/open';
import { recognize } from './recognize/recognize';

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

/** @throws Error that says what is wrong with the database, for people */
export const openEngine = (path: string): OpenEngine => {
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
};
