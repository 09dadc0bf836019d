import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { ScanDetail } from '../data/client';
import { actCountTexts, remediationTexts } from '../texts/remediation';

const KINDS = Object.keys(actCountTexts) as (keyof typeof actCountTexts)[];

/** What the verdicts of a report led to; nothing where they led to nothing. */
export const Done = ({ acts }: { acts: ScanDetail['remediation'] }) => {
  const kinds = KINDS.filter((kind) => acts[kind] > 0);
  if (kinds.length === 0) return null;
  return (
    <Group gap={6} mt="sm">
      <Text size="sm" c="dimmed">
        {remediationTexts.titleAll}
      </Text>
      {kinds.map((kind) => {
        const words = actCountTexts[kind](acts[kind]);
        return kind === 'quarantine' ? (
          <Anchor key={kind} component={Link} href="/quarantine" size="sm" underline="always">
            {words}
          </Anchor>
        ) : (
          <Text key={kind} size="sm" data-tone={kind === 'failed' ? 'warn' : undefined} className="tone-text num">
            {words}
          </Text>
        );
      })}
    </Group>
  );
};
