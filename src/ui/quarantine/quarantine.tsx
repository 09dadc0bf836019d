import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { Archive, SearchX } from 'lucide-react';
import { Link, useSearchParams } from 'wouter';
import type { Quarantined } from '../data/client';
import { useMay } from '../data/program';
import { type QuarantineState, useHeld, useQuarantine } from '../data/quarantine';
import { MoreButton } from '../parts/more-button';
import { useNarrow } from '../parts/narrow';
import { PageHead } from '../parts/page-head';
import { Empty, Loading, Refused } from '../parts/states';
import { quarantineTexts as texts } from '../texts/quarantine';
import { EntryCards, EntryTable } from './entries';
import { PurgeOlder } from './purge-older';

const CHOICES = ['held', 'restored', 'purged', 'all'] as const;
type Choice = (typeof CHOICES)[number];

/** Says that more came in, and shows it when the reader wants it: a list that is being read does not move. */
const NewEntries = ({ shown, refetch }: { shown: Quarantined[]; refetch: () => void }) => {
  const newest = useHeld().data?.newest;
  if (newest === undefined || newest.id <= (shown[0]?.id ?? '')) return null;
  return (
    <Button variant="light" onClick={refetch}>
      {texts.changed}
    </Button>
  );
};

const None = ({ choice, show }: { choice: Choice; show: (choice: Choice) => void }) =>
  choice === 'held' || choice === 'all' ? (
    <Empty
      Icon={Archive}
      title={texts.none}
      action={
        <Button component={Link} href="/workflows" variant="default">
          {texts.toWorkflows}
        </Button>
      }
    >
      {texts.noneAbout}
    </Empty>
  ) : (
    <Empty
      Icon={SearchX}
      title={texts.noneOfState}
      action={
        <Button variant="default" onClick={() => show('all')}>
          {texts.all}
        </Button>
      }
    >
      {texts.noneOfStateAbout}
    </Empty>
  );

const useChoice = (): [Choice, (choice: Choice) => void] => {
  const [params, setParams] = useSearchParams();
  const named = params.get('state');
  const set = (choice: Choice) => setParams(choice === 'held' ? {} : { state: choice }, { replace: true });
  return [CHOICES.find((choice) => choice === named) ?? 'held', set];
};

const stateOf = (choice: Choice): QuarantineState | undefined => (choice === 'all' ? undefined : choice);

/** What is, and was, in quarantine. */
export const Quarantine = () => {
  const [choice, choose] = useChoice();
  const { query, entries, total } = useQuarantine(stateOf(choice));
  const may = useMay('admin');
  const List = useNarrow() ? EntryCards : EntryTable;
  const actions = may && (choice === 'held' || choice === 'all');
  return (
    <>
      <PageHead title={texts.title} about={texts.about}>
        {entries && (choice === 'held' || choice === 'all') && (
          <NewEntries shown={entries} refetch={() => void query.refetch()} />
        )}
        {may && <PurgeOlder />}
      </PageHead>
      <Group justify="space-between" mb="md">
        <SegmentedControl
          aria-label={texts.columns.state}
          value={choice}
          onChange={(value) => choose(value as Choice)}
          data={CHOICES.map((value) => ({ value, label: texts.choices[value] }))}
        />
        {total !== undefined && (
          <Text size="sm" c="dimmed" className="num" role="status">
            {texts.shown(total)}
          </Text>
        )}
      </Group>
      {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {entries?.length === 0 && <None choice={choice} show={choose} />}
      {entries && entries.length > 0 && <List entries={entries} actions={actions} />}
      <MoreButton query={query} />
    </>
  );
};
