import { Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Scan } from '../data/client';
import { Section } from '../parts/section';
import { useTimes } from '../parts/times';
import { visible } from '../parts/visible';
import { dashboardTexts as texts } from '../texts/dashboard';
import { scaleOf, shareOf } from './overview';

/** Scan by scan, the share of files that were blocked or failed; each bar leads to its report. */
export const Trend = ({ scans }: { scans: Scan[] }) => {
  const { say } = useTimes();
  const top = scaleOf(scans.map(shareOf));
  return (
    <Section title={texts.trend}>
      <Text size="sm" c="dimmed" mb="sm">
        {texts.trendAbout}
      </Text>
      <Text size="xs" c="dimmed" className="trend-top num">
        {texts.trendTop(top * 100)}
      </Text>
      <div className="trend">
        {scans.map(({ id, name, created, counts }) => {
          const failed = counts.failed + counts.failedRemediation;
          const label = texts.trendOne(visible(name), say(created), counts.blocked + failed, counts.total);
          const height = (n: number) => ({ height: n === 0 ? 0 : `max(3px, ${(100 * n) / counts.total / top}%)` });
          return (
            <Link key={id} href={`/reports/${id}`} aria-label={label} title={label}>
              <i data-tone="warn" style={height(failed)} />
              <i data-tone="bad" style={height(counts.blocked)} />
              <i data-tone="calm" style={{ height: 3 }} />
            </Link>
          );
        })}
      </div>
    </Section>
  );
};
