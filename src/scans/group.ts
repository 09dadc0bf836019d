import type { Taken } from './supply';

/** Small files travel to the engine host together; a large one travels alone, so that nobody waits behind it. */
const MOST_FILES = 32;
const MOST_BYTES = 4 * 1024 * 1024;

/** Takes the next group off the front of a list of processings. */
export const takeGroup = (due: Taken[]): Taken[] => {
  let bytes = 0;
  let count = 0;
  for (const { size } of due) {
    bytes += size;
    if (count > 0 && bytes > MOST_BYTES) break;
    count += 1;
    if (count === MOST_FILES || bytes > MOST_BYTES) break;
  }
  return due.splice(0, count);
};
