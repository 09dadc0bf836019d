import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@libsql/client';
import { Fault } from '../core/fault';
import type { Seal } from './seal';

const contextOf = (id: string) => `workflow:${id}`;

/** The passwords of workflows' revisions, sealed for the workflow that they belong to. */
export const createWorkflowPasswords = (client: Client, { seal, open }: Seal) => {
  const passwords = async (id: string, revision: number): Promise<string[]> => {
    const { rows } = await client.execute({
      sql: 'SELECT passwords FROM workflow_revisions WHERE workflow_id = :id AND revision = :revision',
      args: { id, revision },
    });
    const kept = rows[0]?.passwords;
    return typeof kept === 'string' ? (JSON.parse(open(kept, contextOf(id)).toString()) as string[]) : [];
  };

  return {
    /** @throws Fault NOT_POSSIBLE when they were sealed with another instance's key */
    passwords,

    /** The form in which they are kept; null for none. */
    sealed: (id: string, given: string[]): string | null =>
      given.length === 0 ? null : seal(JSON.stringify(given), contextOf(id)),

    /** Whether a revision has exactly these. */
    hasPasswords: async ({ id, revision }: { id: string; revision: number }, given: string[]): Promise<boolean> => {
      try {
        return isDeepStrictEqual(given, await passwords(id, revision));
      } catch (error) {
        // Setting them anew is the way out when the key that they were sealed with is lost.
        if (error instanceof Fault) return false;
        throw error;
      }
    },
  };
};
