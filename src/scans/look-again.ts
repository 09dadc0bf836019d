import type { Known } from '../core/file';
import type { Inspection, Job, Outcome } from '../host/host';

/** What became of a job, once it is known what the file holds. */
export type Settleable = Exclude<Outcome, { holds: string }>;

const holdsOther = (outcome: Outcome): outcome is { id: string } & Extract<Inspection, { holds: string }> =>
  'holds' in outcome;

/**
 * Has files looked into. One that holds other content than before is looked into a second time, with what is known of that content by
 * way of other files.
 */
export const lookAgain = async (
  jobs: Job[],
  inspect: (jobs: Job[]) => Promise<Outcome[]>,
  findKnown: (sha256s: string[]) => Promise<Map<string, Known>>,
): Promise<Settleable[]> => {
  const outcomes = await inspect(jobs);
  const other = new Map(outcomes.filter(holdsOther).map(({ id, holds }) => [id, holds]));
  const done = outcomes.filter((outcome): outcome is Settleable => !holdsOther(outcome));
  if (other.size === 0) return done;
  const known = await findKnown([...other.values()]);
  const again = jobs
    .filter(({ id }) => other.has(id))
    .map((job) => ({ ...job, earlier: known.get(other.get(job.id) ?? ''), mayHoldOther: false }));
  return [...done, ...(await lookAgain(again, inspect, findKnown))];
};
