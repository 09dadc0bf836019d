import { Anchor, Table, Text } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { Link, useSearchParams } from 'wouter';
import type { Rescan } from '../data/client';
import { useRescans } from '../data/rescans';
import { useScan } from '../data/scans';
import { count } from '../parts/amounts';
import { MoreButton } from '../parts/more-button';
import { PageHead } from '../parts/page-head';
import { ScanState } from '../parts/scan-state';
import { Empty, Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { reportTexts } from '../texts/report';
import { rescanTexts as texts } from '../texts/runs';
import { filterWords } from './filter-words';
import { rescanName } from './rescan-name';

const Row = ({ rescan }: { rescan: Rescan }) => (
  <Table.Tr>
    <Table.Td>
      <Anchor component={Link} href={`/rescans/${rescan.id}`} fw={500} size="sm">
        <bdi className="clamp">{rescanName(rescan)}</bdi>
      </Anchor>
      <Text size="xs" c="dimmed">
        {filterWords(rescan)}
      </Text>
    </Table.Td>
    <Table.Td>
      <ScanState scan={rescan} />
    </Table.Td>
    <Table.Td className="num right">{count(rescan.progress.total)}</Table.Td>
    <Table.Td>{rescan.workflows.map(({ name }) => visible(name)).join(', ')}</Table.Td>
    <Table.Td className="name">{visible(rescan.actor)}</Table.Td>
    <Table.Td>
      <When time={rescan.created} />
    </Table.Td>
  </Table.Tr>
);

const OfReport = ({ scanId }: { scanId: string }) => {
  const scan = useScan(scanId).data;
  const crumbs = [
    { label: reportTexts.title, href: '/reports' },
    { label: visible(scan?.name ?? scanId), href: `/reports/${scanId}` },
  ];
  return <PageHead title={texts.title} about={texts.aboutReport} crumbs={crumbs} />;
};

/** The list of rescans, all or those of one report. */
export const Rescans = () => {
  const [params] = useSearchParams();
  const scanId = params.get('scanId') ?? undefined;
  const { query, entries } = useRescans(scanId);
  return (
    <>
      {scanId === undefined ? <PageHead title={texts.title} about={texts.about} /> : <OfReport scanId={scanId} />}
      {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {entries?.length === 0 && (
        <Empty Icon={RotateCcw} title={texts.none}>
          {texts.noneAbout}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <Table.ScrollContainer minWidth={760} className="card">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.columns.what}</Table.Th>
                <Table.Th>{texts.columns.state}</Table.Th>
                <Table.Th className="right">{texts.columns.files}</Table.Th>
                <Table.Th>{texts.columns.workflow}</Table.Th>
                <Table.Th>{texts.columns.who}</Table.Th>
                <Table.Th>{texts.columns.when}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((rescan) => (
                <Row key={rescan.id} rescan={rescan} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton query={query} />
    </>
  );
};
