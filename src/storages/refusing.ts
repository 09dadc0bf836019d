import { Fault } from '../core/fault';
import type { Backend } from './contract';

const refuse = async (): Promise<never> => {
  throw new Fault('NOT_POSSIBLE', 'Nothing is done to the files of this storage.', {
    hint: 'Add a storage with "assay storage add".',
  });
};

/** The verbs of a storage whose files are only looked into. */
export const refusing: Pick<Backend, 'limits' | 'away' | 'stat' | 'open' | 'remove' | 'move' | 'copy' | 'put' | 'tag'> = {
  limits: { path: 4096, folders: true, notes: [] },
  away: async () => undefined,
  stat: refuse,
  open: refuse,
  remove: refuse,
  move: refuse,
  copy: refuse,
  put: refuse,
  tag: refuse,
};
