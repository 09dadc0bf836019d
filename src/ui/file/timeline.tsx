import { Anchor, Group, Text, Timeline } from '@mantine/core';
import { Link } from 'wouter';
import type { HistoryEntry } from '../data/client';
import { kindOf, looks, Outcome } from '../parts/outcome';
import { Section } from '../parts/section';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { fileTexts as texts } from '../texts/file';

const Why = ({ entry }: { entry: HistoryEntry }) => {
  const why = texts.reasons[entry.reason];
  if (!entry.rescanId) return why;
  return (
    <Anchor component={Link} href={`/rescans/${entry.rescanId}`} size="sm">
      {why}
    </Anchor>
  );
};

/** Every processing of a file, newest first. */
export const History = ({ entries }: { entries: HistoryEntry[] }) => (
  <Section title={texts.history}>
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
              {texts.judged(visible(entry.workflow.name), entry.workflow.revision)}
            </Text>
          </Timeline.Item>
        );
      })}
    </Timeline>
  </Section>
);
