import { Text } from '@mantine/core';
import type { Revision } from '../data/client';
import { useRevisions } from '../data/setup';
import { MoreButton } from '../parts/more-button';
import { Section } from '../parts/section';
import { Loading, Refused } from '../parts/states';
import { When } from '../parts/when';
import { reportTexts } from '../texts/report';
import { workflowTexts as texts } from '../texts/workflow';
import { changesBetween } from './definition';

const Changes = ({ revision, before }: { revision: Revision; before?: Revision }) => {
  if (before === undefined) return <Text size="sm">{revision.revision === 1 ? texts.first : '…'}</Text>;
  const changes = changesBetween(before.definition, revision.definition);
  if (changes.length === 0) return <Text size="sm">{texts.same}</Text>;
  return changes.map(({ label, text }) => (
    <Text key={label} size="sm" className="name">
      {label}: {text}
    </Text>
  ));
};

/** What each revision of a workflow changed against the one before. */
export const Revisions = ({ workflowId }: { workflowId: string }) => {
  const { query, entries } = useRevisions(workflowId);
  return (
    <Section title={texts.revisions}>
      <Text size="sm" c="dimmed" mb="sm">
        {texts.revisionsAbout}
      </Text>
      {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      <ol className="plain lines">
        {entries?.map((revision, i) => (
          <li key={revision.revision}>
            <Text size="sm" fw={600}>
              {reportTexts.revision(revision.revision)} · <When time={revision.created} />
            </Text>
            <Changes revision={revision} before={entries[i + 1]} />
          </li>
        ))}
      </ol>
      <MoreButton query={query} />
    </Section>
  );
};
