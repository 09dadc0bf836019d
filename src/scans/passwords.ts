import { Fault } from '../core/fault';
import type { Due } from '../core/file';
import type { Log } from '../core/log';
import { distinctPasswords } from '../core/passwords';
import type { Store } from '../store/store';

export interface PasswordsDeps {
  store: Pick<Store, 'rescans' | 'workflows'>;
  log: Log;
}

/** The passwords of the runs that are under way, in memory for as long as a run is. */
export interface Passwords {
  /** Those to try on a file, in their order. The same array for all files of a run that go through the same workflow. */
  of: (due: Due) => Promise<string[]>;
  /** Says that one opened a file of a run: its next files are tried with it first. One that was not given is taken for nothing. */
  worked: (runId: string, password: string) => void;
  /** Forgets those of all other runs. */
  keepOnly: (runIds: readonly string[]) => void;
}

const withFirst = (first: string, passwords: string[]): string[] =>
  passwords[0] === first || !passwords.includes(first)
    ? passwords
    : [first, ...passwords.filter((password) => password !== first)];

/** Passwords by run and workflow revision: the rescan's own first, in the order given, then the workflow's. */
export const createPasswords = ({ store, log }: PasswordsDeps): Passwords => {
  const runs = new Map<string, Map<string, Promise<string[]>>>();

  /** A key that was lost must not end the daemon: what is encrypted then stays closed, and its result says so. */
  const read = (due: Due, passwords: Promise<string[]>): Promise<string[]> =>
    passwords.catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      log.warn({ run: due.runId, workflow: due.workflowId, reason: error.message }, 'passwords cannot be tried');
      return [];
    });

  const load = async (due: Due): Promise<string[]> => {
    const { runId, workflowId, workflowRevision, reason } = due;
    const given = reason === 'rescan' ? await read(due, store.rescans.passwords(runId)) : [];
    const own = await read(due, store.workflows.passwords(workflowId, workflowRevision));
    return distinctPasswords([...given, ...own]);
  };

  return {
    of: (due) => {
      const run = runs.get(due.runId) ?? new Map<string, Promise<string[]>>();
      runs.set(due.runId, run);
      const key = `${due.workflowId}/${due.workflowRevision}`;
      const passwords = run.get(key) ?? load(due);
      run.set(key, passwords);
      return passwords;
    },

    worked: (runId, password) => {
      const run = runs.get(runId);
      run?.forEach((passwords, key) => {
        run.set(
          key,
          passwords.then((all) => withFirst(password, all)),
        );
      });
    },

    keepOnly: (runIds) => {
      const kept = new Set(runIds);
      for (const id of runs.keys()) if (!kept.has(id)) runs.delete(id);
    },
  };
};
