import { Anchor, Group, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Quarantined } from '../data/client';
import { bytes } from '../parts/amounts';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { quarantineTexts as texts } from '../texts/quarantine';
import { EntryActions } from './entry-actions';
import { EntryState } from './entry-state';
import { nameOf } from './places';

interface EntriesProps {
  entries: Quarantined[];
  /** Whether the reader may act on what is held. */
  actions: boolean;
}

const Name = ({ entry: { id, path } }: { entry: Quarantined }) => {
  const name = nameOf(path);
  return (
    <>
      <Anchor component={Link} href={`/quarantine/${id}`} fw={500} size="sm" className="clamp" title={visible(path)}>
        <bdi>{visible(name)}</bdi>
      </Anchor>
      <Text size="xs" c="dimmed" component="div" className="cut">
        <bdi>{visible(path.slice(0, path.length - name.length))}</bdi>
      </Text>
    </>
  );
};

const End = ({ entry, actions }: { entry: Quarantined; actions: boolean }) =>
  actions && entry.state === 'held' ? <EntryActions entry={entry} /> : <EntryState state={entry.state} />;

/** What is in quarantine, on a wide screen. */
export const EntryTable = ({ entries, actions }: EntriesProps) => (
  <Table.ScrollContainer minWidth={900} className="card">
    <Table layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="27%">{texts.columns.file}</Table.Th>
          <Table.Th>{texts.columns.why}</Table.Th>
          <Table.Th w="12%">{texts.columns.storage}</Table.Th>
          <Table.Th w={90} className="right">
            {texts.columns.size}
          </Table.Th>
          <Table.Th w={145}>{texts.columns.since}</Table.Th>
          <Table.Th w={actions ? 222 : 180} className={actions ? 'right' : undefined}>
            {actions ? texts.columns.actions : texts.columns.state}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td>
              <Name entry={entry} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" className="clamp">
                {visible(entry.reason)}
              </Text>
            </Table.Td>
            <Table.Td className="name">{visible(entry.storageName)}</Table.Td>
            <Table.Td className="num right nowrap">{bytes(entry.size)}</Table.Td>
            <Table.Td>
              <When time={entry.created} relative />
            </Table.Td>
            <Table.Td className={actions ? 'right' : undefined}>
              <End entry={entry} actions={actions} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

/** The same on a phone. */
export const EntryCards = ({ entries, actions }: EntriesProps) => (
  <ul className="plain card cards">
    {entries.map((entry) => (
      <li key={entry.id}>
        <Name entry={entry} />
        <Text size="sm" className="clamp">
          {visible(entry.reason)}
        </Text>
        <Group justify="space-between" gap={6} mt={6}>
          <Text size="xs" c="dimmed" component="div">
            {visible(entry.storageName)} · {bytes(entry.size)} · <When time={entry.created} relative />
          </Text>
          <End entry={entry} actions={actions} />
        </Group>
      </li>
    ))}
  </ul>
);
