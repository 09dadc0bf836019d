import { Table } from '@mantine/core';
import { ClipboardList } from 'lucide-react';
import type { AuditEntry } from '../data/client';
import { useAudit } from '../data/people';
import { MoreButton } from '../parts/more-button';
import { PageHead } from '../parts/page-head';
import { Empty, Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { auditTexts as texts } from '../texts/setup';

const inWords = (detail: AuditEntry['detail']): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');

/** Who did what. */
export const Audit = () => {
  const { query, entries } = useAudit();
  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      {query.error && !entries && <Refused error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {entries?.length === 0 && (
        <Empty Icon={ClipboardList} title={texts.none}>
          {texts.noneAbout}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <Table.ScrollContainer minWidth={720} className="card">
          <Table>
            <Table.Thead>
              <Table.Tr>
                {Object.entries(texts.columns).map(([key, label]) => (
                  <Table.Th key={key}>{label}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map(({ id, time, actor, action, detail }) => (
                <Table.Tr key={id}>
                  <Table.Td className="nowrap">
                    <When time={time} />
                  </Table.Td>
                  <Table.Td className="name">{visible(actor)}</Table.Td>
                  <Table.Td>{visible(action)}</Table.Td>
                  <Table.Td className="name">{visible(inWords(detail))}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton query={query} />
    </>
  );
};
