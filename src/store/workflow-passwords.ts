import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@libsql/client';
import { Fault } from '../core/fault';
import type { Seal } from './seal';
import { createSealedPasswords } from './sealed-passwords';

const contextOf = (id: string) => `workflow:${id}`;

/** The passwords of workflows' revisions, sealed for the workflow that they belong to. */
export const createWorkflowPasswords = (client: Client, seal: Seal) => {
  const sealed = createSealedPasswords(seal);

  const passwords = async (id: string, revision: number): Promise<string[]> => {
    const { rows } = await client.execute({
      sql: 'SELECT passwords FROM workflow_revisions WHERE workflow_id = :id AND revision = :revision',
      args: { id, revision },
    });
    return sealed.open(rows[0]?.passwords, contextOf(id));
  };

  return {
    /** @throws Fault NOT_POSSIBLE when they were sealed with another instance's key */
    passwords,

    /** The form in which they are kept; null for none. */
    sealed: (id: string, given: string[]): string | null => sealed.seal(given, contextOf(id)),

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
