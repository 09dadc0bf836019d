import type { FileResult, HistoryEntry } from '../data/client';

export type Act = FileResult['remediation'][number];

/** What was done with a file after each of its processings, by the id of that; what is still to be done is of none. `entries` come newest first. */
export const actsOfEach = (entries: Pick<HistoryEntry, 'id' | 'finished'>[], acts: Act[]): Map<string, Act[]> => {
  const groups = Map.groupBy(acts, ({ created, state }) => {
    if (state === 'due' || state === 'begun') return '';
    // Times of one zone and one length: as text they are in their order.
    return entries.find(({ finished }) => finished <= created)?.id ?? '';
  });
  groups.delete('');
  return groups;
};

/** What followed from the latest verdict, and what is under way now. */
export const latestActs = (entries: Pick<HistoryEntry, 'id' | 'finished'>[], acts: Act[]): Act[] => {
  const [newest] = entries;
  return acts.filter(
    ({ created, state }) => state === 'due' || state === 'begun' || (newest && newest.finished <= created),
  );
};

/** How many of each kind were taken out of a copy, in the order in which they are told. */
export const removedKinds = (removed: NonNullable<Act['removed']>) =>
  [...Map.groupBy(removed, ({ what }) => what)].map(([what, list]): [typeof what, number] => [what, list.length]);
