import { Anchor, Button, Table, Text } from '@mantine/core';
import { FileText } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { Link } from 'wouter';
import type { Scan } from '../data/client';
import { useProgram } from '../data/program';
import { useScans } from '../data/scans';
import { count } from '../parts/amounts';
import { MoreButton } from '../parts/more-button';
import { OutcomeBar } from '../parts/outcome-bar';
import { PageHead } from '../parts/page-head';
import { ScanState } from '../parts/scan-state';
import { Empty, Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { reportTexts as texts } from '../texts/report';

const Row = ({ scan }: { scan: Scan }) => (
  <Table.Tr>
    <Table.Td>
      <Anchor component={Link} href={`/reports/${scan.id}`} fw={500} size="sm">
        <bdi>{visible(scan.name)}</bdi>
      </Anchor>
      <Text size="xs" c="dimmed" className="cut">
        {visible(scan.storageName)} · {scan.path ? visible(scan.path) : texts.wholeStorage}
      </Text>
    </Table.Td>
    <Table.Td>
      <ScanState scan={scan} />
    </Table.Td>
    <Table.Td miw={180}>
      <OutcomeBar counts={scan.counts} />
    </Table.Td>
    <Table.Td className="num right">{count(scan.counts.total)}</Table.Td>
    <Table.Td>
      <When time={scan.created} />
    </Table.Td>
  </Table.Tr>
);

/** New scans are told of, and come when the reader wants them: what is being read does not move. */
const NewScans = ({ refetch }: { refetch: () => void }) => {
  const { news } = useProgram();
  const fresh = useSyncExternalStore(news.subscribe, () => news.count('scans'));
  useEffect(() => news.clear('scans'), [news]);
  if (fresh === 0) return null;
  const show = () => {
    news.clear('scans');
    refetch();
  };
  return (
    <Button variant="light" onClick={show}>
      {texts.news(fresh)}
    </Button>
  );
};

/** The list of scans. */
export const Reports = () => {
  const { query, entries } = useScans();
  return (
    <>
      <PageHead title={texts.title} about={texts.about}>
        <NewScans refetch={() => void query.refetch()} />
      </PageHead>
      {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {entries?.length === 0 && (
        <Empty
          Icon={FileText}
          title={texts.none}
          action={
            <Button component={Link} href="/storages" variant="default">
              {texts.toStorages}
            </Button>
          }
        >
          {texts.noneAbout}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <Table.ScrollContainer minWidth={720} className="card">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.columns.name}</Table.Th>
                <Table.Th>{texts.columns.state}</Table.Th>
                <Table.Th>{texts.columns.outcome}</Table.Th>
                <Table.Th className="right">{texts.columns.files}</Table.Th>
                <Table.Th>{texts.columns.started}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((scan) => (
                <Row key={scan.id} scan={scan} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton query={query} />
    </>
  );
};
