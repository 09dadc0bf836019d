import { Fault } from '../core/fault';
import type { Place } from '../core/file';
import type { Act } from './act';
import type { Backend } from './contract';

type Acts = Pick<Backend, 'remove' | 'stat'>;

/** Whether a file that could not be removed is there all the same; when in doubt, its copy must stay. */
const isStillThere = async ({ stat }: Acts, place: Place, identity: string, { code }: Fault): Promise<boolean> => {
  if (code === 'FILE_CHANGED' || code === 'NOT_FOUND') return true;
  const stated = await stat(place).catch(() => undefined);
  return stated?.identity === identity;
};

/**
 * Removes a file of which there is a copy by now. An act that was cut off had perhaps done so: what has the place then is somebody else's.
 * @param undo takes the copy away; called when the file stays
 */
export const takeAway = async (
  acts: Acts,
  { place, identity }: { place: Place; identity: string },
  act: Act,
  undo: () => Promise<void>,
): Promise<void> => {
  try {
    await acts.remove(place, identity, act);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (act.again && error.code === 'FILE_CHANGED') return;
    if (await isStillThere(acts, place, identity, error)) await undo();
    throw error;
  }
};
