import type { Place } from '../core/file';
import type { Job, Outcome } from './host';

// Each wall between two processes or threads takes an object apart and builds it anew, several times what its text costs: JSON crosses as it is.

/** Jobs on their way to the thread that looks into them. */
export interface PackedJobs {
  /** What must be known of them on the way. */
  brief: Pick<Job, 'id' | 'timeout'>[];
  text: string;
}

type PackedJob = Omit<Job, 'place' | 'passwords'> & {
  place: Omit<Place, 'raw'> & { raw?: string };
  /** Its place in the list of lists. */
  passwords: number;
};

interface Packed {
  jobs: PackedJob[];
  /** Jobs of a group mostly share one. */
  passwords: string[][];
}

export const packJobs = (jobs: Job[]): PackedJobs => {
  const passwords = [...new Set(jobs.map((job) => job.passwords))];
  const packed: Packed = {
    jobs: jobs.map((job) => ({
      ...job,
      place: { path: job.place.path, raw: job.place.raw?.toHex() },
      passwords: passwords.indexOf(job.passwords),
    })),
    passwords,
  };
  return { brief: jobs.map(({ id, timeout }) => ({ id, timeout })), text: JSON.stringify(packed) };
};

export const unpackJobs = (text: string): Job[] => {
  const { jobs, passwords } = JSON.parse(text) as Packed;
  return jobs.map((job) => {
    const { path, raw } = job.place;
    return {
      ...job,
      place: raw === undefined ? { path } : { path, raw: Uint8Array.fromHex(raw) },
      passwords: passwords[job.passwords] ?? [],
    };
  });
};

export const packOutcomes = (outcomes: Outcome[]): string => JSON.stringify(outcomes);

export const unpackOutcomes = (text: string): Outcome[] => JSON.parse(text) as Outcome[];
