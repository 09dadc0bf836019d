import { Group, Progress, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { progressTexts as texts } from '../texts/progress';
import { count, duration } from './amounts';
import { addSample, paceOf } from './pace';

interface Going {
  id: string;
  state: string;
  progress: { percent: number; done: number; total: number };
  /** False while the total still grows; a rescan has none of it. */
  discovered?: boolean;
}

/** How far a scan or rescan is, how fast, and how long it will take. */
export const ScanProgress = ({ scan }: { scan: Going }) => {
  const { done, total, percent } = scan.progress;
  const running = scan.state === 'running';
  const [samples, setSamples] = useState<{ at: number; done: number }[]>([]);
  useEffect(() => {
    setSamples((old) => (running ? addSample(old, { at: Date.now(), done }) : []));
  }, [running, done]);
  const { rate, left } = paceOf(samples, total);
  const found = scan.discovered !== false;
  return (
    <div className="progress">
      <Progress value={percent} aria-label={texts.label} size="sm" mt={6} mb={4} />
      <Group gap="md" className="num">
        <Text size="sm">{found ? texts.of(done, total, percent) : texts.finding(done, total)}</Text>
        {rate !== undefined && (
          <Text size="sm" c="dimmed">
            {texts.rate(rate < 10 ? rate.toFixed(1) : count(Math.round(rate)))}
          </Text>
        )}
        {found && left !== undefined && (
          <Text size="sm" c="dimmed">
            {texts.left(duration(Math.max(1000, left)))}
          </Text>
        )}
      </Group>
    </div>
  );
};
