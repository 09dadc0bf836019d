import { Group, Text } from '@mantine/core';
import type { Scan } from '../data/client';
import { statusTexts } from '../texts/results';
import { count } from './amounts';
import type { Tone } from './outcome';

/** The parts of a scan's files in the order of what matters most; those of which there are none are left out. */
export const partsOf = (counts: Scan['counts']) => {
  const parts: { tone: Tone; label: string; n: number }[] = [
    { tone: 'bad', label: statusTexts.Blocked.label, n: counts.blocked },
    { tone: 'warn', label: statusTexts.Failed.label, n: counts.failed + counts.failedRemediation },
    { tone: 'good', label: statusTexts.Allowed.label, n: counts.allowed },
    { tone: 'calm', label: statusTexts.Canceled.label, n: counts.canceled },
    { tone: 'busy', label: statusTexts.InProgress.label, n: counts.pending },
  ];
  return parts.filter(({ n }) => n > 0);
};

/** What came out of a scan in numbers. */
export const OutcomeCounts = ({ counts }: { counts: Scan['counts'] }) => (
  <Group gap={10} mt={4}>
    {partsOf(counts).map(({ tone, label, n }) => (
      <Text key={label} size="xs" span data-tone={tone} className="tone-text num">
        {count(n)} {label.toLowerCase()}
      </Text>
    ))}
  </Group>
);

/** The same as a bar, with the numbers beside it. */
export const OutcomeBar = ({ counts }: { counts: Scan['counts'] }) => {
  const parts = partsOf(counts);
  return (
    <div>
      <div className="bar" aria-hidden>
        {parts.map(({ tone, label, n }) => (
          // Few among many must still be seen.
          <i key={label} data-tone={tone} style={{ flex: `${n} 0 4px` }} />
        ))}
      </div>
      <OutcomeCounts counts={counts} />
    </div>
  );
};
