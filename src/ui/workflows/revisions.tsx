import { Text } from '@mantine/core';
import type { Revision } from '../data/client';
import { useRevisions } from '../data/setup';
import { MoreButton } from '../parts/more-button';
import { Section } from '../parts/section';
import { Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { reportTexts } from '../texts/report';
import { revisionTexts as texts } from '../texts/workflow';
import { Compare } from './compare';
import { changesBetween } from './definition';
import { useStorageNames } from './storage-names';

const Changes = ({ revision, before }: { revision: Revision; before?: Revision }) => {
  const nameOf = useStorageNames();
  if (before === undefined) return <Text size="sm">{revision.revision === 1 ? texts.first : '…'}</Text>;
  const changes = changesBetween(before.definition, revision.definition, nameOf).map(
    ({ label, text }) => `${label}: ${text}`,
  );
  if (before.name !== revision.name) changes.unshift(texts.renamed(visible(before.name), visible(revision.name)));
  // That passwords were exchanged for as many others is all that is not known.
  if (before.passwordCount !== revision.passwordCount || changes.length === 0) changes.push(texts.passwords);
  return changes.map((text) => (
    <Text key={text} size="sm" className="name">
      {text}
    </Text>
  ));
};

/** What each revision of a workflow changed against the one before, and any two of them compared. */
export const Revisions = ({ workflowId }: { workflowId: string }) => {
  const { query, entries } = useRevisions(workflowId);
  return (
    <div className="sections">
      {entries && entries.length > 1 && <Compare revisions={entries} />}
      <Section title={texts.title}>
        <Text size="sm" c="dimmed" mb="sm">
          {texts.about}
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
    </div>
  );
};
