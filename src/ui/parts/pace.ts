/** How far something is at a time. */
interface Sample {
  at: number;
  done: number;
}

/** The rate is that of the last 20 s, so that it follows what happens and does not flicker. Milliseconds. */
const WINDOW = 20_000;
/** A shorter time says nothing yet. Milliseconds. */
const LEAST = 2_000;

/** Adds what is seen now to what was seen before; what began anew is forgotten. */
export const addSample = (samples: Sample[], sample: Sample): Sample[] => {
  const last = samples.at(-1);
  if (last && sample.done < last.done) return [sample];
  return [...samples.filter(({ at }) => sample.at - at <= WINDOW), sample];
};

/** Files per second, and the milliseconds that are left at that rate; undefined while nobody can know. */
export const paceOf = (samples: Sample[], total: number): { rate?: number; left?: number } => {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < LEAST) return {};
  const rate = ((last.done - first.done) / (last.at - first.at)) * 1000;
  return rate === 0 ? { rate } : { rate, left: ((total - last.done) / rate) * 1000 };
};
