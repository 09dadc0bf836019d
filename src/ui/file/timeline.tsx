import { Anchor, Group, Text, Timeline } from '@mantine/core';
import { Link } from 'wouter';
import type { HistoryEntry } from '../data/client';
import { MoreButton, type MoreQuery } from '../parts/more-button';
import { kindOf, looks, Outcome } from '../parts/outcome';
import { Section } from '../parts/section';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { fileTexts as texts } from '../texts/file';
import { remediationTexts } from '../texts/remediation';
import { ActLine } from './act';
import type { Act } from './acts';

const Why = ({ entry }: { entry: HistoryEntry }) => {
  const why = texts.reasons[entry.reason];
  if (!entry.rescanId) return why;
  return (
    <Anchor component={Link} href={`/rescans/${entry.rescanId}`} size="sm">
      {why}
    </Anchor>
  );
};

interface HistoryProps {
  entries: HistoryEntry[];
  /** What was done after each, by its id. */
  acts: Map<string, Act[]>;
  storageName: string;
  total: number;
  query: MoreQuery;
}

/** Every processing of a file and what was done with the file after it, newest first. */
export const History = ({ entries, acts, storageName, total, query }: HistoryProps) => (
  <Section
    title={texts.history}
    aside={
      <Text size="sm" c="dimmed" className="num">
        {texts.processings(total)}
      </Text>
    }
  >
    {entries.length === 0 && (
      <Text size="sm" c="dimmed">
        {texts.noHistory}
      </Text>
    )}
    <Timeline bulletSize={20} lineWidth={2} component="ol" className="plain timeline">
      {entries.map((entry) => {
        const { Icon, tone } = looks[kindOf(entry)];
        return (
          <Timeline.Item
            key={entry.id}
            component="li"
            bullet={<Icon size={13} aria-hidden />}
            data-tone={tone}
            title={
              <Group gap="xs">
                <When time={entry.finished} />
                <Why entry={entry} />
                <Outcome file={entry} />
              </Group>
            }
          >
            <Text size="sm" className="clamp">
              {entry.scanAllResultA}
              {entry.explanation && `: ${visible(entry.explanation)}`}
            </Text>
            <Text size="xs" c="dimmed">
              {texts.by(visible(entry.workflow.name), entry.workflow.revision, entry.status !== undefined)}
            </Text>
            {acts.has(entry.id) && (
              <ul className="plain acts after-verdict" aria-label={remediationTexts.title}>
                {acts.get(entry.id)?.map((act) => (
                  <ActLine key={act.id} act={act} storageName={storageName} brief />
                ))}
              </ul>
            )}
          </Timeline.Item>
        );
      })}
    </Timeline>
    <MoreButton query={query} />
  </Section>
);
